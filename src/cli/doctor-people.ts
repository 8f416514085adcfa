import { type Answerable, answerables } from '../settings/report/answerable.ts';
import type { PersonSettings, Settings } from '../settings/settings.ts';
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
  const asking = answerables(settings);
  if (asking.length === 0) return [finding('ok', 'No policy that is in use asks a person.')];
  return asking.flatMap((one) => [enoughFinding(one), ...strangerFindings(one)]);
}

function enoughFinding({ policy, quorum, able, fault }: Answerable): Finding {
  if (fault !== undefined) return finding('problem', fault.sentence, fault.remedy);
  const needed = quorum.count === 1 ? 'one is enough' : `${quorum.count} must agree`;
  return finding('ok', `What the policy ${policy} asks can be answered by ${named(able)}; ${needed}.`);
}

function strangerFindings({ policy, strangers }: Answerable): readonly Finding[] {
  if (strangers.length === 0) return [];
  return [
    finding(
      'warning',
      `The policy ${policy} names approvers that nobody knows: ${named(strangers)}.`,
      'name them under "people" of the configuration, or take them out',
    ),
  ];
}
