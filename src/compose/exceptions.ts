import type { Approval } from '../gateway/approvals/approval.ts';
import type { ExceptionWish, Proposed } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import { callIn } from '../gateway/approvals/call-key.ts';
import { markedRule } from '../gateway/approvals/inquire.ts';
import type { Exceptions } from '../gateway/approvals/local-desk.ts';
import { definitionOf } from '../gateway/definitions.ts';
import { definitionIn } from '../gateway/pins/pin-records.ts';
import type { Crypto, PinStore } from '../gateway/ports.ts';
import { boundWords, readBound } from '../policy/except/bound-words.ts';
import type { Bound, DocumentChange, ExceptionProposal, NoProposal } from '../policy/except/proposal.ts';
import { proposeException } from '../policy/except/propose-exception.ts';
import { type NamedPolicy, sha256 } from '../settings/named-policy.ts';
import type { GrantSettings, Settings } from '../settings/settings.ts';
import { sqlParsersFor } from '../settings/sql-parsers.ts';
import type { JsonObject } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { documentDiff } from './document-diff.ts';
import { ruleTextIn } from './standings.ts';
import { type ExceptionWrite, type WritingParts, whyNoRule, writeException } from './write-exception.ts';

/** What is needed to propose rules, and to write them. */
export interface ExceptionParts extends WritingParts {
  readonly crypto: Crypto;
  readonly store: PinStore & ApprovalStore;
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
      const why = whyNoRule(approval, parts.clock.tick());
      if (why !== undefined) return { kind: 'none', reason: `${why}.` };
      const proposal = await proposed(parts, approval, wish);
      if (proposal.kind === 'none') return proposal;
      const held = heldIn(parts, approval);
      const writes = held && writesOf(held, proposal.changes);
      if (writes === undefined) return NOT_HELD;
      if (digestOf(proposal) !== digest) {
        return {
          kind: 'changed',
          reason: 'The rule would be another now than the one that was shown; look at it again.',
        };
      }
      return writeException(parts, writes, { approval, by, until: proposal.until });
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

/** Each document with what it is to be; undefined where one of them is not in force. */
function writesOf(held: Held, changes: readonly DocumentChange[]): readonly ExceptionWrite[] | undefined {
  const writes = changes.flatMap((change): readonly ExceptionWrite[] => {
    const named = namedOf(held, change);
    return named === undefined ? [] : [{ named, change, kinds: kindsOf(held, named) }];
  });
  return writes.length < changes.length ? undefined : writes;
}

/** One document may be the grant's policy and the baseline at once. */
function kindsOf({ settings, named }: Held, { name }: NamedPolicy): readonly ('policy' | 'baseline')[] {
  const kinds: ('policy' | 'baseline')[] = [];
  if (named.name === name) kinds.push('policy');
  if (settings.baseline?.name === name) kinds.push('baseline');
  return kinds;
}
