// The worst calls for each construct of the language: nothing is settled before the last element or character.

/** A tool's rules, and a call of so many bytes that keeps them busy. */
export interface Hostile {
  readonly name: string;
  rules(bytes: number): object;
  args(bytes: number): object;
}

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, n) => make(n));
const text = (unit: string, bytes: number): string => unit.repeat(Math.max(1, Math.floor(bytes / unit.length)));
const required = (...conditions: readonly object[]): object => ({ require: [{ conditions }] });
const refusing = (...conditions: readonly object[]): object => ({ deny_if: [{ conditions }] });

const WORDS: readonly string[] = times(1_000, (n) => `word-${n + 1_000}`);
/** Elements of 12 bytes, all of them in the list. */
const words = (bytes: number): string[] => times(bytes / 12, (n) => WORDS[n % WORDS.length] ?? '');
/** Elements of 8 bytes that are spelt like numbers: `eq` must be wary of each. */
const digits = (bytes: number): string[] => times(bytes / 8, (n) => `${10_000 + (n % 80_000)}`);
const tree = (bytes: number): object[] =>
  times(bytes / 70, (n) => ({ id: n, name: `name-${n % 100}`, tags: ['a', 'b', 'c'], more: { is: true } }));

/** All arguments are `x`. */
const of = (name: string, rules: (bytes: number) => object, x: (bytes: number) => unknown): Hostile => ({
  name,
  rules,
  args: (bytes) => ({ x: x(bytes - 10) }),
});

const each = (op: string, value: unknown): object => ({ path: 'args.x[*]', op, value });
const whole = (op: string, value: unknown, more: object = {}): object => ({ path: 'args.x', op, value, ...more });

const overArrays: readonly Hostile[] = [
  of('[*] in 1,000 texts', () => required(each('in', WORDS)), words),
  of(
    '[*] in 1,000 numbers, wary',
    () =>
      refusing(
        each(
          'in',
          times(1_000, (n) => n),
        ),
      ),
    digits,
  ),
  of('[*] eq a number, wary', () => refusing(each('eq', 1)), digits),
  of(
    '[*] in 100 objects',
    () =>
      refusing(
        each(
          'in',
          times(100, (n) => ({ id: -n, name: '', tags: [], more: {} })),
        ),
      ),
    tree,
  ),
  of('[*].tags[*] in a list', () => required({ path: 'args.x[*].tags[*]', op: 'in', value: ['a', 'b', 'c'] }), tree),
  of('[*] contains, any case', () => refusing(whole('contains', 'missing', { ignore_case: true })), words),
  of('contains an object', () => refusing(whole('contains', { id: -1, name: '', tags: [], more: {} })), tree),
  of('[*] regex', () => required(each('regex', '^(word|name)-[0-9]+$')), words),
  of(
    '[*] path_within',
    () => required(each('path_within', ['/data', '/home/me'])),
    (bytes) => times(bytes / 24, (n) => `/data/a%2fb/../${n + 1e6}`),
  ),
  of(
    '[*] url_host_in',
    () => required(each('url_host_in', ['*.example.com'])),
    (bytes) => times(bytes / 34, (n) => `https://h${n + 1e6}.example.com/a`),
  ),
  of(
    '[*] ip_in 1,000 ranges',
    () =>
      refusing(
        each(
          'ip_in',
          times(1_000, (n) => `10.${n >> 8}.${n & 255}.0/24`),
        ),
      ),
    (bytes) => times(bytes / 18, (n) => `192.168.${n % 256}.${100 + (n % 100)}`),
  ),
  of('deep eq', (bytes) => required(whole('eq', tree(bytes))), tree),
  of('deep eq, last element off', (bytes) => refusing(whole('eq', [...tree(bytes - 70), 1])), tree),
  of(
    'in 10 long arrays',
    (bytes) =>
      refusing(
        whole(
          'in',
          times(10, (n) => [...words(bytes - 22), `${n}`]),
        ),
      ),
    words,
  ),
  of(
    'length_lt of an object',
    () => required(whole('length_lt', 10_000_000)),
    (bytes) => Object.fromEntries(times(bytes / 14, (n) => [`key${n + 100_000}`, 1])),
  ),
];

/**
 * A search that fails, but only at the end. All letters that the pattern needs are in the text: one that lacks them is
 * settled without the engine.
 */
const searching = (pattern: string, x: (bytes: number) => string, name: string = pattern): Hostile =>
  of(`regex ${name}`, () => required(whole('regex', pattern)), x);

const overTexts: readonly Hostile[] = [
  searching('(a+)+$', (bytes) => `${text('a', bytes - 1)}b`),
  searching('^(a|aa)*b$', (bytes) => `${text('a', bytes - 2)}ba`),
  searching('(.*)(.*)(.*)x$', (bytes) => `x${text('ab', bytes - 2)}`),
  searching('[ab]*a[ab]{14}c', (bytes) => `c${scrambled(bytes - 1)}`),
  searching('[ab]*a[ab]{200}c', (bytes) => `c${scrambled(bytes - 1)}`),
  searching(`^${'x*'.repeat(100)}y$`, (bytes) => `${text('x', bytes - 2)}yx`, '^x*x*x*…y$, 100 stars'),
  searching(`(x?){100}[xy]{100}z`, (bytes) => `z${text('xy', bytes - 2)}`),
  searching('(?i)\\pL+\\d', (bytes) => text('é', bytes / 2)),
  searching('\\b(\\w+)\\s+(\\w+)\\b!', (bytes) => `!${text('word ', bytes - 2)}`),
  of(
    'contains, many near misses',
    () => required(whole('contains', `${'a'.repeat(200)}b`)),
    (bytes) => text('a', bytes),
  ),
  of(
    'contains, any case',
    () => required(whole('contains', `${'a'.repeat(200)}b`, { ignore_case: true })),
    (bytes) => text('A', bytes),
  ),
  of(
    'length_lt of a text',
    () => required(whole('length_lt', 10_000_000)),
    (bytes) => text('👍', bytes / 2),
  ),
  of(
    'path_within, %2525…',
    () => required(whole('path_within', ['/data'])),
    (bytes) => `/data/%${text('25', bytes - 8)}2e`,
  ),
  of(
    'path_within, ../../…',
    () => required(whole('path_within', ['/data'])),
    (bytes) => `/${text('a/../', bytes - 1)}data`,
  ),
  of(
    'url_host_in, a.a.a…',
    () => required(whole('url_host_in', ['*.example.com'])),
    (bytes) => `http://${text('a.', bytes - 18)}example.com`,
  ),
  of(
    'email_domain_in, a.a.a…',
    () => required(whole('email_domain_in', ['example.com'])),
    (bytes) => `${text('a.', bytes - 13)}a@example.com`,
  ),
  of(
    'limit per a long text',
    () => ({ limits: [{ counter: 'c', window: 'minute', max: 1, per: 'args.x' }] }),
    (bytes) => text('é', bytes / 2),
  ),
];

const overMany: readonly Hostile[] = [
  of(
    'any of 100 × contains',
    () => required({ any: times(100, (n) => whole('contains', `missing ${n}`)) }),
    (bytes) => text('mis', bytes),
  ),
  of(
    'any of 100 × [*] in',
    () => required({ any: times(100, (n) => each('in', [...WORDS, `${n}`])) }),
    (bytes) => [...words(bytes - 15), 'none of them'],
  ),
  of(
    'any of 100 × regex',
    () => required({ any: times(100, (n) => whole('regex', `(a+)+b{${n + 1}}$`)) }),
    (bytes) => `${text('b', 100)}${text('a', bytes - 100)}`,
  ),
  of(
    'any of 10 × hard regex',
    () => required({ any: times(10, (n) => whole('regex', `[ab]*a[ab]{${14 + n}}c`)) }),
    (bytes) => `c${scrambled(bytes - 1)}`,
  ),
];

/** Every run of a's and b's stands somewhere in it. */
function scrambled(bytes: number): string {
  let state = 1;
  const letters = times(bytes, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 31 === 0 ? 'a' : 'b';
  });
  return letters.join('');
}

export const HOSTILE: readonly Hostile[] = [...overArrays, ...overTexts, ...overMany];
