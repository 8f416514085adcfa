// The policy engine as a library: the same judge that the gateway asks, without the gateway.
export { type Compiled, compilePolicy } from './policy/compile.ts';
export { countsAsked } from './policy/counts-asked.ts';
export { decide } from './policy/decide.ts';
export type {
  CounterKey,
  Decision,
  Definition,
  Effect,
  Facts,
  Period,
  Reservation,
  RiskClass,
  RuleRef,
  Ruling,
  Scope,
  Stage,
  Subject,
  Target,
} from './policy/decision.ts';
export { type Explanation, explain, type LimitTrace, type RuleTrace, type Speaker } from './policy/explain.ts';
export { compileSchema, type InputSchema } from './policy/json-schema/compile-schema.ts';
export type { Policies, Policy } from './policy/policy.ts';
export type { Problem } from './policy/problem.ts';
export { reachable } from './policy/reachable.ts';
export type { Dialect, SqlParse, SqlParsers } from './policy/sql/parsers.ts';
export type { Trace } from './policy/trace.ts';
export { sqlParsersFor } from './settings/sql-parsers.ts';
export type { Call, CallKind } from './wire/call.ts';
export type { Json, JsonArray, JsonObject } from './wire/json.ts';
export { type ReadCall, readCall } from './wire/read-call.ts';
export { type ReadLimits, type ReadResult, readJson, STRICT } from './wire/read-json.ts';
