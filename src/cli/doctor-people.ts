import type { Quorum } from '../gateway/approvals/approval.ts';
import { quorumOf } from '../gateway/approvals/quorum.ts';
import type { NamedPolicy } from '../settings/named-policy.ts';
import type { PersonSettings, Settings } from '../settings/settings.ts';
import { isArray, isObject, type Json } from '../wire/json.ts';
import { type Finding, finding, named } from './doctor-finding.ts';
import { isInTheClear } from './doctor-secrets.ts';
import type { LookedConfiguration, LookedStore } from './doctor-surroundings.ts';

type Configured = Extract<LookedConfiguration, { readonly kind: 'settings' }>;

/** Who can answer, by what, and whether that is enough for what the policies ask. */
export function peopleFindings(configured: Configured, store: LookedStore): readonly Finding[] {
  const { settings } = configured;
  const ways = [...settings.people.values()].map((person) => wayFinding(person, configured, store));
  return [...ways, ...askingFindings(settings)];
}

function wayFinding(person: PersonSettings, { file, document }: Configured, store: LookedStore): Finding {
  const { name, tokenHash, passphrase } = person;
  const who = `${name} (${[...person.roles].join(', ')})`;
  if (tokenHash !== undefined && isInTheClear(document, ['people', name, 'token'])) {
    return finding(
      'warning',
      `The token of ${who} stands in the clear in ${file}: an agent with a shell on this account could answer its own questions with it.`,
      'take it out and give them a passphrase (toolgate people passphrase), or run agents on another account',
    );
  }
  if (tokenHash !== undefined) {
    return finding(
      'note',
      `The token of ${who} is read from the environment of the gateway, which other processes of the same account can read on most systems.`,
      'give them a passphrase instead (toolgate people passphrase), or run agents on another account',
    );
  }
  if (passphrase !== undefined)
    return finding('ok', `${who} answers with a passphrase; ${file} holds no more than its hash.`);
  const isMade = store.kind === 'open' && store.made.has(`person\n${name}`);
  if (isMade) return finding('ok', `${who} answers with a token that the gateway made; only its hash is kept.`);
  return finding(
    'note',
    `${who} has neither token nor passphrase yet.`,
    'the gateway makes a token at its next start, and prints it once',
  );
}

function askingFindings(settings: Settings): readonly Finding[] {
  const asking = [...askingPolicies(settings).values()];
  if (asking.length === 0) return [finding('ok', 'No policy that is in use asks a person.')];
  const people = [...settings.people.values()];
  return asking.flatMap(({ policy, name }) => {
    const quorum = quorumOf({ policy, baseline: settings.baseline?.policy });
    return [enoughFinding(name, quorum, people), ...strangerFindings(name, quorum, people)];
  });
}

function enoughFinding(policy: string, quorum: Quorum, people: readonly PersonSettings[]): Finding {
  const able = people.filter((person) => mayAnswer(quorum, person)).map(({ name }) => name);
  if (able.length >= quorum.count) {
    const needed = quorum.count === 1 ? 'one is enough' : `${quorum.count} must agree`;
    return finding('ok', `What the policy ${policy} asks can be answered by ${named(able)}; ${needed}.`);
  }
  const wanted = quorum.lists.map(({ roles, owners }) =>
    [...roles.map((role) => `the role ${role}`), ...owners].join(' or '),
  );
  const who = wanted.length === 0 ? 'the role approver' : wanted.join(', and ');
  const remedy = `name enough people under "people" of the configuration (wanted: ${who}), or ask less of them in "approvals" of the policy`;
  if (able.length === 0)
    return finding(
      'problem',
      `Nobody can answer what the policy ${policy} asks: every such call ends unanswered, and is refused.`,
      remedy,
    );
  return finding(
    'problem',
    `The policy ${policy} wants ${quorum.count} people to agree, and only ${named(able)} may answer: every such call is refused.`,
    remedy,
  );
}

function strangerFindings(policy: string, { lists }: Quorum, people: readonly PersonSettings[]): readonly Finding[] {
  const known = new Set(people.map(({ name }) => name));
  const strangers = [...new Set(lists.flatMap(({ owners }) => owners))].filter((owner) => !known.has(owner));
  if (strangers.length === 0) return [];
  return [
    finding(
      'warning',
      `The policy ${policy} names approvers that nobody knows: ${named(strangers)}.`,
      'name them under "people" of the configuration, or take them out',
    ),
  ];
}

/** As the desk decides it: each list is satisfied by a role or by name, and without lists an approver is wanted. An admin has every role. */
function mayAnswer({ lists }: Quorum, { name, roles }: PersonSettings): boolean {
  const has = (role: string): boolean => roles.has('admin') || [...roles].some((one) => one === role);
  if (lists.length === 0) return has('approver');
  return lists.every((list) => list.owners.includes(name) || list.roles.some(has));
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
  if (!isObject(document)) return false;
  return Object.entries(document).some(([key, value]) => key === 'approve_if' || asks(value));
}
