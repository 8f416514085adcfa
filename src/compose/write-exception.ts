import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Approval } from '../gateway/approvals/approval.ts';
import type { Adopted } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import type { Person } from '../gateway/approvals/quorum.ts';
import { type Clock, type Crypto, type Entry, StoreFault } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import type { DocumentChange } from '../policy/except/proposal.ts';
import type { NamedPolicy } from '../settings/named-policy.ts';
import { whyUnwritten } from '../settings/why-unwritten.ts';
import {
  type PolicyWriteOutcome,
  type WrittenDigests,
  writePolicyVersion,
} from '../settings/write-policy/write-policy-version.ts';
import { type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';

/** What is needed to write rules. */
export interface WritingParts {
  readonly clock: Pick<Clock, 'now' | 'tick' | 'lead'>;
  readonly crypto: Pick<Crypto, 'id'>;
  readonly store: Pick<ApprovalStore, 'changeApproval' | 'announce'>;
  /** Where former versions of policies are kept. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told in the moment in which a person's version stands in its file, before anybody reads it there. Must not throw. */
  onAdopted?(policyName: string, digestAfter: string, by: string): void;
}

/** One policy as it is to be. */
export interface ExceptionWrite {
  readonly named: NamedPolicy;
  readonly change: DocumentChange;
  readonly kinds: readonly ('policy' | 'baseline')[];
}

/** What is written, and on whose word. */
interface Adoption {
  readonly approval: Approval;
  readonly by: Person;
  readonly until: string;
}

/** Writes all of it, one policy after the other, each on record before. Rejects with `StoreFault` only if nothing was changed. */
export async function writeException(
  parts: WritingParts,
  writes: readonly ExceptionWrite[],
  adoption: Adoption,
): Promise<Adopted> {
  const policies: { readonly policy: string; readonly digest: string }[] = [];
  for (const write of writes) {
    const { name } = write.named;
    const outcome = await written(parts, write, adoption).catch((fault: unknown): Failed => {
      if (policies.length === 0 || !(fault instanceof StoreFault)) throw fault;
      return { kind: 'unwritable', reason: `The policy ${name} was not changed: the store cannot be used.` };
    });
    if (outcome.kind !== 'written') {
      const done = policies.map(({ policy }) => policy).join(', ');
      return done === ''
        ? outcome
        : { ...outcome, reason: `${outcome.reason} The policy ${done} was changed already.` };
    }
    policies.push({ policy: name, digest: outcome.digestAfter });
  }
  return { kind: 'adopted', policies };
}

type Written = Extract<PolicyWriteOutcome, { kind: 'written' }>;
type Failed = Exclude<Adopted, { kind: 'adopted' }>;

async function written(
  parts: WritingParts,
  { named, change, kinds }: ExceptionWrite,
  adoption: Adoption,
): Promise<Written | Failed> {
  // Before: a version that cannot be kept is not replaced.
  const unkept = await keepVersion(parts, named);
  if (unkept !== undefined) return { kind: 'unwritable', reason: `${unkept}.` };
  let onRecord: JsonObject | undefined;
  const { file, pointer } = named.source;
  const outcome = await writePolicyVersion({
    file,
    pointer,
    before: change.before,
    after: change.after,
    kinds,
    env: parts.env,
    async beforeReplaced(digests) {
      const told = toldOf(named.name, digests, adoption);
      const why = await putOnRecord(parts, told, adoption.approval);
      if (why === undefined) onRecord = told;
      return why;
    },
    onReplaced: ({ digestAfter }) => parts.onAdopted?.(named.name, digestAfter, adoption.by.name),
  });
  if (outcome.kind === 'written') return outcome;
  const doubt = onRecord === undefined ? '' : await takenBack(parts, onRecord, adoption.approval, outcome.reason);
  const kind = outcome.kind === 'stopped' ? 'none' : outcome.kind === 'changed' ? 'changed' : 'unwritable';
  return { kind, reason: `${outcome.reason}.${doubt}` };
}

/** Why no rule may be written for a question; undefined when one may. `tick`: now, as expiry is counted. */
export function whyNoRule(approval: Approval | undefined, tick: number): string | undefined {
  if (approval === undefined) return 'No rule is written for a question that is not kept any more';
  const { state, expires } = approval;
  const isLate = (state === 'open' || state === 'approved') && tick >= expires;
  const isGood = state === 'open' || state === 'approved' || state === 'used';
  if (isGood && !isLate) return undefined;
  const now = isLate ? 'expired' : state;
  return `No rule is written for a question that is ${now}; only for one that is open, approved or used`;
}

/** The version that was in force stays readable under its digest. */
async function keepVersion({ folder }: WritingParts, { digest, document }: NamedPolicy): Promise<string | undefined> {
  const versions = join(folder, 'policy-versions');
  try {
    await mkdir(versions, { recursive: true, mode: 0o700 });
    await writeFile(join(versions, `${digest}.json`), `${canonicalJson(document)}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `the version in force cannot be kept in ${versions}: ${whyUnwritten(error)}; so the policy stays as it is`;
  }
}

function toldOf(policyName: string, digests: WrittenDigests, { approval, by, until }: Adoption): JsonObject {
  return objectOf([
    ['policyName', policyName],
    ['before', digests.digestBefore],
    ['after', digests.digestAfter],
    ['by', by.name],
    ['approval', approval.id],
    ['tool', approval.subject.name],
    ['until', until],
  ]);
}

/** INVARIANT: in one transaction with a last look at the question, so that nothing is written for one that was denied meanwhile. */
async function putOnRecord(parts: WritingParts, told: JsonObject, approval: Approval): Promise<string | undefined> {
  let why: string | undefined;
  await parts.store.changeApproval(approval.id, parts.clock, (now, tick) => {
    why = whyNoRule(now, tick);
    if (why !== undefined) return undefined;
    return { approvals: [], records: [recordOf(parts, 'policy written', told, approval)], notices: [] };
  });
  return why;
}

/** Puts on record that it was not written after all; else says what the log does not. */
async function takenBack(parts: WritingParts, told: JsonObject, approval: Approval, why: string): Promise<string> {
  try {
    await parts.store.announce([recordOf(parts, 'policy not written', withKeys(told, { why }), approval)], []);
    return '';
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    return ' The log says that it was written, since the store cannot be used any more.';
  }
}

function recordOf({ clock, crypto }: WritingParts, event: string, more: JsonObject, { subject }: Approval): Entry {
  const body = eventBody(event, { grant: subject.grant, server: subject.server }, more);
  return { id: crypto.id(), kind: 'event', at: clock.now(), body };
}
