// The policy engine as a library: the same judge that the gateway asks, without the gateway.
export { type Compiled, compilePolicy } from './policy/compile.ts';
export { decide } from './policy/decide.ts';
export type {
  Decision,
  Effect,
  Facts,
  Reservation,
  RiskClass,
  RuleRef,
  Scope,
  Subject,
  Target,
} from './policy/decision.ts';
export type { Policies, Policy } from './policy/policy.ts';
export type { Problem } from './policy/problem.ts';
export { reachable } from './policy/reachable.ts';
export type { Call, CallKind } from './wire/call.ts';
export type { Json, JsonArray, JsonObject } from './wire/json.ts';
export { type ReadLimits, type ReadResult, readJson, STRICT } from './wire/read-json.ts';
