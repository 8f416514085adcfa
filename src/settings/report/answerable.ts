import type { Quorum } from '../../gateway/approvals/approval.ts';
import { type Person, quorumOf, whyNotAnswer } from '../../gateway/approvals/quorum.ts';
import { isArray, isObject, type Json } from '../../wire/json.ts';
import type { NamedPolicy } from '../named-policy.ts';
import type { Settings } from '../settings.ts';

/** Who can answer what a policy asks. */
export interface Answerable {
  readonly policy: string;
  readonly quorum: Quorum;
  /** The people of the configuration who may answer. */
  readonly able: readonly string[];
  /** Approvers who are named, and are not among them. */
  readonly strangers: readonly string[];
  /** Why every such call ends unanswered, and what to do about it; undefined where enough may answer. */
  readonly fault: Unanswerable | undefined;
}

interface Unanswerable {
  readonly sentence: string;
  readonly remedy: string;
}

/** Tells of each policy in use that asks people whether they can answer. */
export function answerables(settings: Settings): readonly Answerable[] {
  const people = [...settings.people.values()];
  return [...askingPolicies(settings).values()].map(({ policy, name }) => {
    const quorum = quorumOf({ policy, baseline: settings.baseline?.policy });
    const able = people.filter((person) => mayAnswer(quorum, person)).map((person) => person.name);
    const owners = new Set(quorum.lists.flatMap((list) => list.owners));
    const strangers = [...owners].filter((owner) => !settings.people.has(owner));
    return { policy: name, quorum, able, strangers, fault: faultOf(name, quorum, able) };
  });
}

/** The policies by which some grant is judged and that ask, themselves or in the baseline. */
export function askingPolicies({ grants, baseline }: Settings): ReadonlyMap<string, NamedPolicy> {
  const isAlways = baseline !== undefined && asks(baseline.document);
  const used = [...grants.values()].flatMap(({ policies }) => [...policies.values()]);
  return new Map(used.filter(({ document }) => isAlways || asks(document)).map((policy) => [policy.name, policy]));
}

function asks(document: Json): boolean {
  if (document === 'require_approval') return true;
  if (isArray(document)) return document.some(asks);
  // What stands in shadow asks nobody.
  if (!isObject(document) || document['mode'] === 'shadow') return false;
  return Object.entries(document).some(
    ([key, value]) => (key === 'approve_if' && isArray(value) && value.length > 0) || asks(value),
  );
}

/** Both in one line, as one writes into a log. */
export function faultLine({ sentence, remedy }: Unanswerable): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}; ${remedy}`;
}

function mayAnswer(quorum: Quorum, person: Person): boolean {
  return whyNotAnswer({ subject: { quorum }, answers: [] }, person) === undefined;
}

function faultOf(policy: string, { count, lists }: Quorum, able: readonly string[]): Unanswerable | undefined {
  if (able.length >= count) return undefined;
  const wanted = lists.map(({ roles, owners }) => [...roles.map((role) => `the role ${role}`), ...owners].join(' or '));
  const who = wanted.length === 0 ? 'the role approver' : wanted.join(', and ');
  const remedy = `name enough people under "people" of the configuration (wanted: ${who}), or ask less of them in "approvals" of the policy`;
  const sentence =
    able.length === 0
      ? `Nobody can answer what the policy ${policy} asks: every such call ends unanswered, and is refused.`
      : `The policy ${policy} wants ${count} people to agree, and only ${able.join(', ')} may answer: every such call is refused.`;
  return { sentence, remedy };
}
