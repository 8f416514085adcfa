/** How many tools the policy and the upstream's list have. */
export const TOOLS = 100;

export const toolName = (n: number): string => `tool_${n}`;

/** The tool that is called: in the middle of the policy. */
export const CALLED = toolName(TOOLS / 2);

/** The arguments of the call; with them a call is about 500 bytes. */
export const ARGUMENTS: Record<string, string | number> = {
  account: 'acc-000123',
  amount: 42,
  currency: 'EUR',
  note: 'a line of plain text of the length that such notes have '.repeat(4).trim(),
  target: 'https://api.example.com/v1/orders/000123/items',
};

/** A `tools/call` as JSON in two halves; the id goes between them. */
export const CALL_HALVES: readonly [string, string] = [
  '{"jsonrpc":"2.0","id":',
  `,"method":"tools/call","params":{"name":"${CALLED}","arguments":${JSON.stringify(ARGUMENTS)}}}`,
];

/** A policy of a hundred tools, each with a limit that never bites and rules on its arguments. */
export function benchPolicy(): Record<string, unknown> {
  const rules = (name: string): Record<string, unknown> => ({
    limits: [{ counter: `${name}_rate`, window: 'minute', max: 1_000_000_000, scope: 'grant' }],
    require: [
      {
        conditions: [
          { path: 'args.amount', op: 'lte', value: 500 },
          { path: 'args.currency', op: 'in', value: ['EUR', 'USD', 'GBP'] },
          { path: 'args.account', op: 'regex', value: '^acc-[0-9]{6}$' },
        ],
        on_deny: 'Only small payments of known accounts.',
      },
    ],
    deny_if: [
      { conditions: [{ path: 'args.note', op: 'contains', value: 'DROP TABLE' }], on_deny: 'No SQL in notes.' },
      { conditions: [{ path: 'args.amount', op: 'lt', value: 0 }], on_deny: 'No negative amounts.' },
    ],
  });
  const names = Array.from({ length: TOOLS }, (_, n) => toolName(n));
  return { version: '1', default: 'deny', tools: Object.fromEntries(names.map((name) => [name, rules(name)])) };
}
