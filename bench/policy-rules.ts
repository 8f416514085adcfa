// The same rules in three languages: one table, so that nobody is given easier ones.
import { toolName } from './call.ts';

/** One condition, written three times. */
interface Rule {
  readonly key: 'require' | 'deny_if';
  readonly toolgate: object;
  /** For `deny_if` what refuses, for `require` what must hold. */
  readonly cedar: string;
  readonly cel: string;
}

export const REGIONS: readonly string[] = ['eu-1', 'eu-2', 'eu-3', 'us-1', 'us-2', 'uk-1', 'ch-1', 'jp-1'];
export const CURRENCIES: readonly string[] = ['EUR', 'USD', 'GBP'];
export const LATEST_HOUR = 20;
export const FORBIDDEN_WORDS = 'DROP TABLE';
const PER_TOOL = 5;
const HOST = 'https://api.example.com/v1/';

export const ceilingOf = (n: number): number => 500 + n;
export const prefixOf = (n: number): string => `acc-${n % 10}`;
export const currencyOf = (n: number): string => CURRENCIES[n % CURRENCIES.length] ?? 'EUR';
export const urlOf = (order: number): string => `${HOST}orders/${order}/items`;

/** The conditions on a tool: five of the seven kinds, other ones for the next tool. */
function rulesOf(n: number): readonly Rule[] {
  const kinds = kindsOf(n);
  return Array.from({ length: PER_TOOL }, (_, k) => kinds[(n + k) % kinds.length]).filter((rule) => rule !== undefined);
}

function kindsOf(n: number): readonly Rule[] {
  const [currency, regions, prefix] = [currencyOf(n), REGIONS.slice(0, 4 + (n % 4)), prefixOf(n)].map((value) =>
    JSON.stringify(value),
  );
  // The one regular expression that Cedar's `like` says as well: nothing but text and "anything" between.
  const regex = `^${HOST.replaceAll('.', '\\.')}(?s:.*)/items$`;
  const must = (toolgate: object, cedar: string, cel: string): Rule => ({ key: 'require', toolgate, cedar, cel });
  return [
    must(
      { path: 'args.currency', op: 'eq', value: currencyOf(n) },
      `context.args.currency == ${currency}`,
      `args.currency == ${currency}`,
    ),
    must(
      { path: 'args.region', op: 'in', value: REGIONS.slice(0, 4 + (n % 4)) },
      `${regions}.contains(context.args.region)`,
      `args.region in ${regions}`,
    ),
    must(
      { path: 'args.amount', op: 'lt', value: ceilingOf(n) },
      `context.args.amount < ${ceilingOf(n)}`,
      `args.amount < ${ceilingOf(n)}.0`,
    ),
    must(
      { path: 'args.url', op: 'regex', value: regex },
      `context.args.url like "${HOST}*/items"`,
      `args.url.matches(${JSON.stringify(regex)})`,
    ),
    {
      key: 'deny_if',
      toolgate: { path: 'args.note', op: 'contains', value: FORBIDDEN_WORDS },
      cedar: `context.args has note && context.args.note like "*${FORBIDDEN_WORDS}*"`,
      cel: `has(args.note) && args.note.contains("${FORBIDDEN_WORDS}")`,
    },
    must(
      { path: 'args.account', op: 'starts_with', value: prefixOf(n) },
      `context.args.account like ${JSON.stringify(`${prefixOf(n)}*`)}`,
      `args.account.startsWith(${prefix})`,
    ),
    must(
      { path: 'time.hour', op: 'lt', value: LATEST_HOUR },
      `context.hour < ${LATEST_HOUR}`,
      `hour < ${LATEST_HOUR}.0`,
    ),
  ];
}

/** A policy document of so many tools. */
export function toolgateDocument(tools: number): Record<string, unknown> {
  const entries = Array.from({ length: tools }, (_, n): [string, object] => [toolName(n), toolgateRules(n)]);
  return { version: '1', default: 'deny', tools: Object.fromEntries(entries) };
}

function toolgateRules(n: number): object {
  const of = (key: Rule['key']): object[] => rulesOf(n).flatMap((rule) => (rule.key === key ? [rule.toolgate] : []));
  const denials = of('deny_if');
  return {
    require: [{ conditions: of('require'), on_deny: 'Only small payments of known accounts.' }],
    ...(denials.length === 0 ? {} : { deny_if: [{ conditions: denials, on_deny: 'No SQL in notes.' }] }),
  };
}

/** One `permit` for a tool. Refusals stand in its `unless`: a `forbid` that errs would let pass. */
export function cedarPolicy(n: number): string {
  const of = (key: Rule['key']): string[] => rulesOf(n).flatMap((rule) => (rule.key === key ? [rule.cedar] : []));
  const denials = of('deny_if').map((denial) => ` unless { ${denial} }`);
  const scope = `principal, action == Action::"${toolName(n)}", resource`;
  return `permit(${scope}) when { ${of('require').join(' && ')} }${denials.join('')};`;
}

/** One expression for a tool. */
export function celExpression(n: number): string {
  return rulesOf(n)
    .map(({ key, cel }) => (key === 'deny_if' ? `!(${cel})` : cel))
    .join(' && ');
}
