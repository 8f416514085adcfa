import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../test/kit/cpu-time.ts';
import type { Json } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import { writeJson } from '../wire/write-json.ts';
import { inspect } from './inspect.ts';
import { compileMask, type TextMask } from './mask.ts';
import type { ResultRules } from './results.ts';
import { FORMS } from './secrets/forms.ts';

function rules(more: Partial<ResultRules>): ResultRules {
  return { document: 'policy', maxBytes: undefined, secrets: 'kept', masks: [], ...more };
}

function mask(pattern: string, replace = '[redacted]'): TextMask {
  const compiled = compileMask(pattern, 'as written', replace);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled;
}

const SECRETS = [rules({ secrets: 'masked' })];

/** A value as the gateway's reader gives it. */
function bare(value: unknown): Json {
  const read = readJson(JSON.stringify(value), RELAY);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

function kept(by: readonly ResultRules[], value: unknown): unknown {
  const inspected = inspect(by, bare(value));
  return inspected.kind === 'kept' ? JSON.parse(JSON.stringify(inspected.value)) : inspected;
}

describe('the ceiling', () => {
  it('counts the bytes of the result as it is written', () => {
    const value = bare({ a: 'ä€😀\u2028' });
    const bytes = Buffer.byteLength(writeJson(value));
    expect(inspect([rules({ maxBytes: bytes })], value)).toEqual({ kind: 'kept', value, masked: 0 });
    expect(inspect([rules({ maxBytes: bytes - 1 })], value)).toMatchObject({
      kind: 'refused',
      rule: { document: 'policy', pointer: '/results/max_bytes' },
    });
  });

  it('of the baseline is named first, and holds beside that of the policy', () => {
    const baseline = rules({ document: 'baseline', maxBytes: 5 });
    expect(inspect([baseline, rules({ maxBytes: 5 })], 'too long')).toMatchObject({ rule: { document: 'baseline' } });
    expect(inspect([baseline, rules({ maxBytes: 4 })], 'abc')).toMatchObject({ rule: { document: 'policy' } });
  });

  it('holds after masking too, which may make a result longer', () => {
    expect(inspect([rules({ maxBytes: 20, masks: [mask('1', 'x'.repeat(10))] })], '111')).toMatchObject({
      kind: 'refused',
      rule: { pointer: '/results/max_bytes' },
    });
  });

  it('is there against masking itself: a result that would grow without measure is withheld', () => {
    const value = Array.from({ length: 10_000 }, () => '1');
    expect(inspect([rules({ masks: [mask('1', 'x'.repeat(200))] })], value)).toMatchObject({
      kind: 'refused',
      rule: { pointer: '/results/redact' },
    });
  });
});

describe('what is masked', () => {
  it('is every text, and every key; numbers stay', () => {
    const by = [rules({ masks: [mask('[0-9]{4}')] })];
    expect(
      kept(by, { content: [{ type: 'text', text: 'PIN 4711' }], 4711: 4711, deep: [['1234', null, true]] }),
    ).toEqual({
      content: [{ type: 'text', text: 'PIN [redacted]' }],
      '[redacted]': 4711,
      deep: [['[redacted]', null, true]],
    });
  });

  it('loses no member whose key becomes that of another', () => {
    const by = [rules({ masks: [mask('[0-9]+')] })];
    const value = { 1: 'a', 2: 'b', '[redacted]': 'c', x3: 'd', x4: 'e' };
    expect(kept(by, value)).toEqual({
      '[redacted]': 'a',
      '[redacted] (2)': 'b',
      '[redacted] (3)': 'c',
      'x[redacted]': 'd',
      'x[redacted] (2)': 'e',
    });
  });

  it('is never a word of the protocol: the message stays a message', () => {
    const by = [rules({ masks: [mask('text|content|user')] })];
    expect(kept(by, { content: [{ type: 'text', text: 'the text' }], role: 'user' })).toEqual({
      content: [{ type: 'text', text: 'the [redacted]' }],
      role: 'user',
    });
  });

  it('takes the replacement literally', () => {
    expect(kept([rules({ masks: [mask('(a)(b)', '$1$&\\1')] })], 'xaby')).toBe('x$1$&\\1y');
  });

  it('is whole where a text cannot be judged', () => {
    const clumsy = mask('(?:[ab]{1,50}c){3}x');
    expect(kept([rules({ masks: [clumsy] })], ['ab'.repeat(500_000), 'short'])).toEqual(['[redacted]', '[redacted]']);
  });

  it('is found at both ends of long texts, in long matches, and across the pieces in which they are searched', () => {
    const long = `<${'y'.repeat(9_000)}>`;
    const text = `1 ${'x'.repeat(5_000)} 22 ${long} ${'é😀'.repeat(3_000)}333`;
    const masked = kept([rules({ masks: [mask('[0-9]+'), mask('<[^>]*>', '<>')] })], text);
    expect(masked).toBe(`[redacted] ${'x'.repeat(5_000)} [redacted] <> ${'é😀'.repeat(3_000)}[redacted]`);
  });

  it('is what both documents mask', () => {
    const baseline = rules({ document: 'baseline', masks: [mask('1')] });
    expect(kept([baseline, ...SECRETS], '1 password=hunter2')).toBe('[redacted] password=[redacted]');
  });
});

describe('texts in base64', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const by = [rules({ masks: [mask('4711')] })];

  it('are masked and encoded again', () => {
    const resource = { uri: 'file:///a', mimeType: 'application/json', blob: base64('{"pin":"4711 äß😀"}') };
    expect(kept(by, resource)).toMatchObject({ blob: base64('{"pin":"[redacted] äß😀"}') });
  });

  it('are masked as a whole where they are said to be text and are none', () => {
    const blob = Buffer.from([0xff, 0xfe, 0x34]).toString('base64');
    expect(kept(by, { mimeType: 'text/plain', blob })).toMatchObject({ blob: base64('[redacted]') });
    expect(kept(by, { mimeType: 'application/zip', blob })).toMatchObject({ blob });
  });

  it('are left alone where they are pictures and sound', () => {
    const data = base64(`4711${'\u0000'.repeat(60)}`);
    const content = [
      { type: 'image', mimeType: 'image/png', data },
      { type: 'audio', mimeType: 'audio/wav', data },
    ];
    expect(kept([...by, ...SECRETS], { content })).toEqual({ content });
    expect(kept(by, { type: 'image', data: 'no base64: 4711' })).toEqual({
      type: 'image',
      data: 'no base64: [redacted]',
    });
  });
});

describe('pictures', () => {
  const by = [rules({ masks: [mask('[A-Z]{4}[0-9]{4}')] })];
  const picture = { type: 'image', mimeType: 'image/png', data: 'ABCD4711' };
  const masked = { ...picture, data: '[redacted]' };

  it.each([
    { content: [picture] },
    { content: [{ type: 'tool_result', toolUseId: '1', content: [picture] }] },
    { messages: [{ role: 'user', content: picture }] },
    { messages: [{ role: 'user', content: [picture] }] },
  ])('stay where the protocol has them: %j', (value) => {
    expect(kept(by, value)).toEqual(value);
  });

  it('are texts like others in what a server makes up', () => {
    expect(kept(by, { structuredContent: picture })).toEqual({ structuredContent: masked });
    expect(kept(by, { structuredContent: { content: [picture] } })).toEqual({
      structuredContent: { content: [masked] },
    });
    expect(kept(by, { content: [{ type: 'text', text: 'x', _meta: { content: [picture] } }] })).toEqual({
      content: [{ type: 'text', text: 'x', _meta: { content: [masked] } }],
    });
    expect(kept(by, { data: picture })).toEqual({ data: masked });
  });
});

describe('values under the keys of secrets', () => {
  it.each([
    [{ password: 'hunter2' }, { password: '[redacted]' }],
    [{ api_key: ['a', 'b', 1] }, { api_key: ['[redacted]', '[redacted]', 1] }],
    [{ credentials: { user: 'bob', n: 1 } }, { credentials: { user: '[redacted]', n: 1 } }],
    [{ headers: [{ name: 'X-Api-Key', value: 'zz' }] }, { headers: [{ name: 'X-Api-Key', value: '[redacted]' }] }],
    [{ secret: { value: 'zz', type: 'Opaque' } }, { secret: { value: '[redacted]', type: '[redacted]' } }],
  ])('%j becomes %j', (value, masked) => {
    expect(kept(SECRETS, value)).toEqual(masked);
  });

  it.each([
    [{ nextPageToken: 'CAoQAA', page_token: 'b', continuationToken: 'c', progressToken: 'd' }],
    [{ token_type: 'Bearer', tokens: ['the', 'cat'], max_tokens: '12', token_count: '4', apiKeyId: 'k1' }],
    [{ password: null, secret: true, token: 5, apiKey: '', authorization: '<token>' }],
    [{ properties: { password: { type: 'string', description: 'At least 8 characters.' } } }],
    [{ session_id: 'abc123', signature: 'function f(a: string): void', secretary: 'Bob', keyboard: 'qwerty' }],
  ])('%j stays as it is', (value) => {
    const given = bare(value);
    expect(inspect(SECRETS, given)).toEqual({ kind: 'kept', value: given, masked: 0 });
  });
});

const secret = fc
  .constantFrom(...FORMS.flatMap(({ starts, rest }) => starts.map((start) => ({ start, rest }))))
  .chain(({ start, rest }) =>
    fc.stringMatching(new RegExp(`^${rest.replace(/\(\?!.*\)$/, '')}$`)).map((end) => start + end),
  );
const word = fc.constantFrom(
  'plain',
  'user bob',
  'x=1',
  '9fceb02d0ae598e95dc970b74767f19372d61af8',
  '"quoted"',
  'ä😀\n',
);
const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
const value = (text: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(leaf, text),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(word, text), tie('node'), { maxKeys: 4 }),
    ),
  })).node;
const around = fc.tuple(
  fc.constantFrom('', ' ', '"', '=', '\n', '(', '/', '\\n', '%3D'),
  secret,
  fc.constantFrom('', ' ', '"', '\n', ')', ',', '\\n'),
);

describe('laws of masking', () => {
  it('no secret of the table survives in any text or key', () => {
    const run = fc.property(around, value(fc.constant('HERE')), ([before, token, after], shape) => {
      const text = JSON.stringify([shape, 'HERE', { HERE: 1 }]).replaceAll(
        'HERE',
        JSON.stringify(before + token + after).slice(1, -1),
      );
      expect(JSON.stringify(kept(SECRETS, JSON.parse(text)))).not.toContain(token);
    });
    fc.assert(run, { numRuns: 500 });
  });

  it('masking twice is masking once', () => {
    const by = [rules({ secrets: 'masked', masks: [mask('bob'), mask('[0-9]{6,}', '#')] })];
    const run = fc.property(value(fc.oneof(secret, fc.string())), (given) => {
      const once = kept(by, given);
      expect(kept(by, once)).toEqual(once);
    });
    fc.assert(run, { numRuns: 500 });
  });

  it('a value without matches is the very same value', () => {
    const run = fc.property(value(word), (given) => {
      const json = bare(given);
      const inspected = inspect(SECRETS, json);
      expect(inspected.kind === 'kept' && inspected.value === json && inspected.masked === 0).toBe(true);
    });
    fc.assert(run, { numRuns: 500 });
  });

  it('what is kept never has more bytes than the ceiling', () => {
    const run = fc.property(
      value(fc.oneof(secret, fc.string())),
      fc.integer({ min: 1, max: 300 }),
      (given, maxBytes) => {
        const by = [rules({ maxBytes, secrets: 'masked', masks: [mask('[a-z]', '!'.repeat(50))] })];
        const inspected = inspect(by, bare(given));
        if (inspected.kind === 'kept')
          expect(Buffer.byteLength(writeJson(inspected.value))).toBeLessThanOrEqual(maxBytes);
      },
    );
    fc.assert(run, { numRuns: 500 });
  });

  it('nothing makes it throw, however deep', () => {
    let deep: Json = 'ghp_';
    for (let n = 0; n < 5_000; n++) deep = n % 2 === 0 ? [deep] : bareMember(deep);
    expect(inspect(SECRETS, deep).kind).toBe('kept');
    const exact = readJson('{"password": 1e400, "list": [1e400]}', RELAY);
    expect(exact.kind === 'value' && inspect(SECRETS, exact.value)).toMatchObject({ kind: 'kept', masked: 0 });
  });

  it.each(['a(?s:.*b)?', 'foo.*bar|f', '(?:[ab]*a[ab]{12}c|a)'])(
    'an expression that looks far ahead (%s) takes no more than its share of time',
    (pattern) => {
      const texts = ['a'.repeat(300_000), 'f'.repeat(300_000), 'ab'.repeat(150_000)];
      expect(cpuMs(() => inspect([rules({ masks: [mask(pattern)] })], texts))).toBeLessThan(15_000);
    },
    120_000,
  );
});

function bareMember(value: Json): Json {
  return Object.assign(Object.create(null), { secret: value }) as Json;
}
