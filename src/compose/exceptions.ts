import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Approval } from '../gateway/approvals/approval.ts';
import type { Adopted, ExceptionWish, Proposed } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import { callIn } from '../gateway/approvals/call-key.ts';
import { markedRule } from '../gateway/approvals/inquire.ts';
import type { Exceptions } from '../gateway/approvals/local-desk.ts';
import type { Person } from '../gateway/approvals/quorum.ts';
import { definitionOf } from '../gateway/definitions.ts';
import { definitionIn } from '../gateway/pins/pin-records.ts';
import type { Clock, Crypto, PinStore } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { boundWords, readBound } from '../policy/except/bound-words.ts';
import type { Bound, DocumentChange, ExceptionProposal, NoProposal } from '../policy/except/proposal.ts';
import { proposeException } from '../policy/except/propose-exception.ts';
import { type NamedPolicy, sha256 } from '../settings/named-policy.ts';
import type { GrantSettings, Settings } from '../settings/settings.ts';
import { sqlParsersFor } from '../settings/sql-parsers.ts';
import { whyUnwritten } from '../settings/why-unwritten.ts';
import { writePolicyVersion } from '../settings/write-policy/write-policy-version.ts';
import { type JsonObject, objectOf } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { documentDiff } from './document-diff.ts';
import { ruleTextIn } from './standings.ts';

/** What is needed to propose rules, and to write them. */
export interface ExceptionParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly crypto: Crypto;
  readonly store: PinStore & ApprovalStore;
  /** Where former versions of policies are kept. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The configuration in force; undefined where there is none. */
  settings(): Settings | undefined;
}

/** A grant with its policy on the server of a question. */
interface Held {
  readonly settings: Settings;
  readonly grant: GrantSettings;
  readonly named: NamedPolicy;
}

export function exceptionsOf(parts: ExceptionParts): Exceptions {
  return {
    async propose(approval, wish) {
      const proposal = await proposed(parts, approval, wish);
      return proposal.kind === 'none' ? proposal : shown(proposal, heldIn(parts, approval));
    },
    async adopt(approval, wish, digest, by) {
      const proposal = await proposed(parts, approval, wish);
      if (proposal.kind === 'none') return proposal;
      const held = heldIn(parts, approval);
      if (held === undefined) return NOT_HELD;
      if (digestOf(proposal) !== digest) {
        return {
          kind: 'changed',
          reason: 'The rule would be another now than the one that was shown; look at it again.',
        };
      }
      return adopted(parts, proposal, held, approval, by);
    },
  };
}

const NOT_HELD: NoProposal = {
  kind: 'none',
  reason:
    'The configuration holds no policy of this grant on this server, so it cannot be changed here; change the file that the gateway was given (toolgate wrap --policy).',
};

function heldIn({ settings }: ExceptionParts, { subject }: Approval): Held | undefined {
  const now = settings();
  const grant = now?.grants.get(subject.grant);
  const named = grant?.policies.get(subject.server);
  return now === undefined || grant === undefined || named === undefined ? undefined : { settings: now, grant, named };
}

async function proposed(
  parts: ExceptionParts,
  approval: Approval,
  wish: ExceptionWish,
): Promise<ExceptionProposal | NoProposal> {
  const held = heldIn(parts, approval);
  if (held === undefined) return NOT_HELD;
  const { subject, edit } = approval;
  const { settings, grant, named } = held;
  const call = callIn(subject, edit?.params ?? subject.params);
  const at = parts.clock.now();
  const bounds = boundsOf(wish.widen, call.args);
  if (typeof bounds === 'string') return { kind: 'none', reason: bounds };
  const pinned =
    subject.kind === 'tool' ? (await parts.store.pins(subject.server)).tools.get(subject.name)?.pinned : undefined;
  const definition = pinned === undefined ? undefined : definitionOf(definitionIn(pinned.text));
  return proposeException({
    documents: { policy: named, baseline: baselineOf(held) },
    ask: {
      subject: {
        grant: { name: grant.name, owner: grant.owner, labels: grant.labels },
        server: subject.server,
        session: subject.session ?? `grant ${subject.grant}`,
        client: subject.client,
      },
      call,
      target: { class: subject.class, definition },
      rule: ruleNow(parts, held, approval),
      at,
    },
    wishes: {
      bounds,
      ...(wish.until === undefined ? {} : { until: wish.until }),
      ...(wish.limit === undefined ? {} : { limit: wish.limit }),
    },
    parsers: await sqlParsersFor([named.document, settings.baseline?.document ?? null]),
    counters: countersBeside(settings, subject.server, named),
    servers: serversOf(held),
  });
}

/** A document that is the grant's policy and the baseline at once is changed once. */
function baselineOf({ settings, named }: Held): NamedPolicy | undefined {
  return settings.baseline?.name === named.name ? undefined : settings.baseline;
}

/** Where the rule that asked stands; nowhere if something else stands in its place by now. */
function ruleNow({ crypto }: ExceptionParts, held: Held, { subject }: Approval): DocumentRule {
  const { pointer, document, id, mark } = subject.rule;
  const { settings, named } = held;
  const standing = { ruleText: ruleTextIn({ policy: named, baseline: settings.baseline }) };
  const isSame = markedRule({ crypto }, standing, { document, pointer, id }).mark === mark;
  return { document: baselineOf(held) === undefined ? 'policy' : document, pointer: isSame ? pointer : '' };
}

type DocumentRule = { readonly document: 'policy' | 'baseline'; readonly pointer: string };

/** What was chosen for each argument; a text says what cannot be. */
function boundsOf(widen: ExceptionWish['widen'], args: JsonObject): ReadonlyMap<string, Bound> | string {
  const bounds = new Map<string, Bound>();
  for (const [argument, words] of Object.entries(widen)) {
    if (args[argument] === undefined) return `The call has no argument ${JSON.stringify(argument)}.`;
    const bound = readBound(words);
    if (typeof bound === 'string') return `${JSON.stringify(argument)}: ${bound}.`;
    bounds.set(argument, bound);
  }
  return bounds;
}

/** Where each document holds for the grant: its conditions do not tell servers apart. */
function serversOf({ settings, grant, named }: Held): { policy: readonly string[]; baseline: readonly string[] } {
  const policy = [...grant.policies].flatMap(([server, { name }]) => (name === named.name ? [server] : []));
  return { policy, baseline: [...grant.policies.keys()].filter((server) => settings.servers.has(server)) };
}

function countersBeside({ grants, baseline }: Settings, server: string, own: NamedPolicy): ReadonlySet<string> {
  const others = [...grants.values()].flatMap(({ policies }) => policies.get(server) ?? []);
  const policies = [...others.filter(({ name }) => name !== own.name), ...(baseline === undefined ? [] : [baseline])];
  return new Set(policies.flatMap(({ policy }) => [...policy.counters.keys()]));
}

function shown(proposal: ExceptionProposal, held: Held | undefined): Proposed {
  const { changes, admits, until, choices, notes } = proposal;
  return {
    kind: 'proposal',
    digest: digestOf(proposal),
    admits: [admits, ...notes].join(' '),
    until,
    choices: Object.fromEntries(choices.map(({ argument, bounds }) => [argument, bounds.map(boundWords)])),
    changes: changes.map((change) => ({
      policy: (held && namedOf(held, change)?.name) ?? change.document,
      diff: documentDiff(change.before, change.after),
    })),
  };
}

/** INVARIANT: over all that would be written, so that nothing else is adopted than what was shown. */
function digestOf({ changes }: ExceptionProposal): string {
  return sha256(canonicalJson(changes.map(({ document, digest, after }) => [document, digest, after])));
}

function namedOf({ settings, named }: Held, { document }: DocumentChange): NamedPolicy | undefined {
  return document === 'policy' ? named : settings.baseline;
}

async function adopted(
  parts: ExceptionParts,
  { changes, until }: ExceptionProposal,
  held: Held,
  approval: Approval,
  by: Person,
): Promise<Adopted> {
  const policies: { readonly policy: string; readonly digest: string }[] = [];
  for (const change of changes) {
    const named = namedOf(held, change);
    if (named === undefined) return NOT_HELD;
    const { file, pointer } = named.source;
    // Before: a version that cannot be kept is not replaced.
    const unkept = await keepVersion(parts, named);
    if (unkept !== undefined) return { kind: 'unwritable', reason: unkept };
    const outcome = await writePolicyVersion({
      file,
      pointer,
      before: change.before,
      after: change.after,
      kinds: kindsOf(held, named),
      env: parts.env,
    });
    if (outcome.kind !== 'written') {
      const done =
        policies.length === 0
          ? ''
          : ` The policy ${policies.map(({ policy }) => policy).join(', ')} was changed already.`;
      return { kind: outcome.kind === 'changed' ? 'changed' : 'unwritable', reason: `${outcome.reason}.${done}` };
    }
    policies.push({ policy: named.name, digest: outcome.digestAfter });
    await recorded(parts, named.name, outcome, approval, by, until);
  }
  return { kind: 'adopted', policies };
}

/** One document may be the grant's policy and the baseline at once. */
function kindsOf({ settings, named }: Held, { name }: NamedPolicy): readonly ('policy' | 'baseline')[] {
  const kinds: ('policy' | 'baseline')[] = [];
  if (named.name === name) kinds.push('policy');
  if (settings.baseline?.name === name) kinds.push('baseline');
  return kinds;
}

/** The version that was in force stays readable under its digest. */
async function keepVersion({ folder }: ExceptionParts, { digest, document }: NamedPolicy): Promise<string | undefined> {
  const versions = join(folder, 'policy-versions');
  try {
    await mkdir(versions, { recursive: true, mode: 0o700 });
    await writeFile(join(versions, `${digest}.json`), `${canonicalJson(document)}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `the version in force cannot be kept in ${versions}: ${whyUnwritten(error)}; nothing was changed`;
  }
}

async function recorded(
  { clock, crypto, store }: ExceptionParts,
  policyName: string,
  { digestBefore, digestAfter }: { readonly digestBefore: string; readonly digestAfter: string },
  { id, subject }: Approval,
  { name }: Person,
  until: string,
): Promise<void> {
  const more = objectOf([
    ['policyName', policyName],
    ['before', digestBefore],
    ['after', digestAfter],
    ['by', name],
    ['approval', id],
    ['tool', subject.name],
    ['until', until],
  ]);
  const body = eventBody('policy written', { grant: subject.grant, server: subject.server }, more);
  await store.announce([{ id: crypto.id(), kind: 'event', at: clock.now(), body }], []);
}
