import { warningsOf } from '../../src/policy/check/warnings.ts';
import { type Compiled, compilePolicy } from '../../src/policy/compile.ts';
import { countsAsked } from '../../src/policy/counts-asked.ts';
import { decide } from '../../src/policy/decide.ts';
import { explain } from '../../src/policy/explain.ts';
import type { Policies, Policy } from '../../src/policy/policy.ts';
import { reachable } from '../../src/policy/reachable.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import type { Moment } from '../laws/arbitrary.ts';
import { factsOf, PARSERS } from '../laws/engine.ts';
import { agrees, holds } from './broken.ts';
import { isLine } from './check-text.ts';
import type { Outcome } from './check-trial.ts';
import { inTime } from './in-time.ts';
import { isDeeplyFrozen } from './is-deeply-frozen.ts';
import { isReadable } from './is-readable.ts';
import { checkAgreement } from './naive-too.ts';
import { momentOf, type Trial } from './trial.ts';

/** A document is compiled, or told what is wrong with it; what is compiled judges every call. */
export function checkDocuments({ policy, baseline, asked }: Extract<Trial, { kind: 'documents' }>): Outcome {
  const size = sizeOf(policy) + sizeOf(baseline);
  const made = compiledAs(policy, 'policy', size);
  const other = baseline === null ? undefined : compiledAs(baseline, 'baseline', size);
  const documents = baseline === null ? 1 : 2;
  const compiled = Number(made !== undefined) + Number(other !== undefined);
  const judge = made ?? other;
  if (judge === undefined) return { documents, compiled, calls: 0, agreed: 0, texts: 0 };
  // A document that does not compile judges nothing; the one beside it is tried alone.
  const policies: Policies = { policy: judge, baseline: made && other };
  const raw = {
    policy: (made ? policy : baseline) as JsonObject,
    baseline: made && other ? (baseline as JsonObject) : undefined,
  };
  let agreed = 0;
  for (const one of asked) {
    const moment = momentOf(one);
    checkCall(policies, moment, size + sizeOf(one.args));
    if (judge.document === 'baseline' || !isReadable(raw, one)) continue;
    agreed++;
    checkAgreement(raw, policies, moment);
  }
  return { documents, compiled, calls: asked.length, agreed, texts: 0 };
}

function compiledAs(document: Json, kind: 'policy' | 'baseline', size: number): Policy | undefined {
  const compiled = inTime('compiling', size, () => compilePolicy(document, kind, PARSERS));
  if (compiled.kind === 'problems') {
    checkProblems(document, compiled);
    return undefined;
  }
  const { policy } = compiled;
  const warnings = inTime('looking for warnings', size * 4, () => warningsOf(document, policy, undefined));
  for (const { pointer, message } of warnings) {
    holds('a warning has a place', standsAt(document, pointer), () => pointer);
    holds('a warning is one line', isLine(message), () => JSON.stringify(message));
  }
  return policy;
}

function checkProblems(document: Json, { problems }: Extract<Compiled, { kind: 'problems' }>): void {
  holds('what does not compile has a problem', problems.length > 0, () => 'none');
  for (const { pointer, message } of problems) {
    holds('a problem has a place, or one around it', standsAt(document, pointer), () => `${pointer}: ${message}`);
    holds('a problem is one line', isLine(message), () => JSON.stringify(message));
  }
}

/** Whether the pointer leads to a place of the document; a missing key may be named where its object stands. */
function standsAt(document: Json, pointer: string): boolean {
  if (pointer === '') return true;
  if (!pointer.startsWith('/')) return false;
  let found: Json = document;
  for (const step of pointer.split('/').slice(1, -1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const inner = isArray(found)
      ? found[Number(key)]
      : isObject(found) && Object.hasOwn(found, key)
        ? found[key]
        : undefined;
    if (inner === undefined) return false;
    found = inner;
  }
  return isArray(found) || isObject(found);
}

function checkCall(policies: Policies, moment: Moment, size: number): void {
  const { subject, call, target } = moment;
  const facts = factsOf(policies, moment);
  const decision = inTime('deciding', size, () => decide(policies, subject, call, target, facts));
  holds('a decision is frozen', isDeeplyFrozen(decision), () => JSON.stringify(decision));
  agrees('twice the same', decide(policies, subject, call, target, facts), decision);
  holds('a decision has a reason', decision.reason !== '', () => JSON.stringify(decision));
  for (const { add, key, windowMs } of [...decision.reservations, ...(decision.shadow?.reservations ?? [])]) {
    holds('what is reserved can be counted', add >= 0 && Number.isFinite(add) && windowMs > 0, () => key);
    agrees('a key is JSON', JSON.stringify(JSON.parse(key)), key);
  }
  if (decision.effect === 'deny')
    holds('nothing is reserved for what is refused', decision.reservations.length === 0, () => '');
  const explained = inTime('explaining', size, () => explain(policies, subject, call, target, facts));
  agrees('explain decides alike', explained.decision, decision);
  agrees(
    'explain asks for the same counts',
    explained.counts.map(({ key }) => key),
    countsAsked(policies, subject, call, target).map(({ key }) => key),
  );
  const listed = reachable(policies, call.kind, call.name, target.class);
  agrees('explain lists alike', explained.listed, listed);
  const isFine = listed === 'listed' || decision.effect === 'deny';
  holds('what passes is listed', isFine, () => JSON.stringify(decision));
}

function sizeOf(value: Json): number {
  return JSON.stringify(value).length;
}
