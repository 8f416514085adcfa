import { isObject, type Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Decision } from '../decision.ts';
import { quoted } from '../problem.ts';
import { maskSecrets } from '../secrets/mask-secrets.ts';
import { isSecretKey } from '../secrets/secret-key.ts';
import { boundedConditions } from './bounded.ts';
import { limitWords } from './counting.ts';
import type { Bound, DocumentChange, Question } from './proposal.ts';

const MOST = 300;
const EXACT: Bound = { kind: 'exact' };

/** One sentence: which calls pass by themselves then, whose, how many and until when. */
export function admitsWords({ ask: { call, subject }, wishes = {} }: Question, until: string): string {
  const what = `${call.kind} ${quoted(call.name)}`;
  const limit = wishes.limit === undefined ? '' : `, at most ${limitWords(wishes.limit)}`;
  return `Calls of the ${what} by the grant ${quoted(subject.grant.name)} ${argumentWords(call.args, wishes.bounds ?? new Map())} pass without asking${limit}, until the end of ${until} (UTC).`;
}

function argumentWords(args: Question['ask']['call']['args'], bounds: ReadonlyMap<string, Bound>): string {
  const names = Object.keys(args);
  if (names.length === 0) return 'without arguments';
  if (![...bounds.values()].some(({ kind }) => kind !== 'exact')) return `with exactly the arguments ${short(args)}`;
  const parts = names.map(
    (name) => `${quoted(name)} ${boundWords(name, args[name] ?? null, bounds.get(name) ?? EXACT)}`,
  );
  return `with ${parts.join(', ')} and no other argument`;
}

function boundWords(name: string, value: Json, bound: Bound): string {
  const [first, second] = conditionValues(name, value, bound);
  switch (bound.kind) {
    case 'exact':
      return `equal to ${short(value)}`;
    case 'up to':
      return `from 0 to ${short(value)}`;
    case 'within folder':
      return `within ${short(first)}`;
    case 'same host':
      return `a URL of ${short(first)} on ${short(second)}`;
    case 'begins with':
      return `beginning with ${short(bound.prefix)}`;
    case 'any value':
      return `any ${String(second)}`;
  }
}

function conditionValues(name: string, value: Json, bound: Bound): readonly Json[] {
  const conditions = boundedConditions(name, value, bound);
  if (typeof conditions === 'string') return [];
  return conditions.map((one) => {
    const { value: compared = null } = one;
    return Array.isArray(compared) ? (compared[0] ?? null) : compared;
  });
}

function short(value: Json | undefined): string {
  const text = canonicalJson(value ?? null);
  return text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text;
}

/** What a person should know before accepting. */
export function notesFor(
  { ask, wishes = {}, servers }: Question,
  changes: readonly DocumentChange[],
  decision: Decision,
): readonly string[] {
  const secrets = Object.entries(ask.call.args).flatMap(([name, value]) =>
    (wishes.bounds?.get(name)?.kind ?? 'exact') === 'exact' && holdsSecret(name, value) ? [quoted(name)] : [],
  );
  const asking = decision.reservations.filter(({ onExceed }) => onExceed === 'require_approval');
  return [
    ...asking.map(({ counter, max }) => `Beyond the limit ${quoted(counter)} (${max}) a person is asked as before.`),
    ...(secrets.length === 0
      ? []
      : [
          `The value of ${secrets.join(', ')} looks like a secret and would stand in the policy; choose "any value" for it.`,
        ]),
    ...changes.flatMap(({ document }) => wideness(document, servers?.[document], ask.subject.server)),
    ...(ask.target.definition === undefined && ask.call.kind === 'tool'
      ? ['The definition of the tool is not at hand; what rules say of it is judged when it is called.']
      : []),
  ];
}

/** On which servers else such calls would pass. */
function wideness(
  document: 'policy' | 'baseline',
  servers: readonly string[] | undefined,
  own: string,
): readonly string[] {
  const others = servers?.filter((server) => server !== own).map(quoted);
  const what = document === 'policy' ? 'The policy' : 'The baseline asks for it too; it';
  if (others === undefined) return document === 'policy' ? [] : [`${what} holds on every server.`];
  if (others.length === 0) return [];
  return [
    `${what} holds for this grant on ${others.join(', ')} as well, where a call of the same name passes with it.`,
  ];
}

function holdsSecret(name: string, value: Json): boolean {
  if (value === null || typeof value === 'boolean') return false;
  if (isSecretKey(name, 'log')) return true;
  if (typeof value === 'string') return maskSecrets(value, { mask: '', reader: 'log' }) !== value;
  if (Array.isArray(value)) return value.some((one: Json) => holdsSecret('', one));
  return isObject(value) && Object.entries(value).some(([key, one]) => holdsSecret(key, one));
}
