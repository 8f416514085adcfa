import { stringify } from 'yaml';
import type { Json } from '../../src/wire/json.ts';
import { oneOf, type Random } from './random.ts';
import type { Trial } from './trial.ts';

const JSON_PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '""',
    '"a"',
    '{"a":',
    '1',
    '-',
    '0',
    '1e5',
    '1e999',
    '.5',
    '01',
    'true',
    'nul',
  ],
  ...['null', '//', '/*', '*/', '// x\n', '/* x */', '\n', '\r', ' ', '\t', '\\', '\\u0041', '\\ud800', '\ufeff', '\0'],
  ...[
    '"__proto__":',
    '"a":1,"a":2',
    '\u2028',
    '💥',
    '9007199254740993',
    '"\\',
    "'",
    '"version":"1"',
    '0.1000000000000001',
  ],
] as const;
const YAML_PIECES = [
  ...[
    'a: ',
    '- ',
    '\n',
    '  ',
    '? ',
    ': ',
    '&x ',
    '*x',
    '*y ',
    '!!str ',
    '!t ',
    '<<: ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...['|\n', '>-\n', '"', "'", '{', '}', '[', ']', ',', '#', ' #', '\t', '~', 'null', '.inf', '.nan', '0o17', '0x1F'],
  ...['yes', '1e5', '12:30', '2026-01-01', '__proto__: ', '*x: 1', '&x [*x]', '\ufeff', '\0', '💥', '@', '`', '- - - '],
  ...[
    'key: value\n',
    'key: value\n',
    '  nested:\n    - 1\n',
    '"a": 1',
    '\r\n',
    '!!binary ',
    '? [a]\n: b',
    '\\',
    '%',
    '&',
  ],
] as const;

/** A text of a file: a document's with some letters spoiled, or no document's at all. */
export function anyText(document: Json, random: Random): Trial {
  const syntax = random.pick(['json', 'yaml'] as const);
  const pieces = syntax === 'json' ? JSON_PIECES : YAML_PIECES;
  const text = textOf(document, syntax, pieces, random);
  return { kind: 'text', syntax, text: text.slice(0, 15_000) };
}

function textOf(document: Json, syntax: 'json' | 'yaml', pieces: readonly string[], random: Random): string {
  switch (random.below(6)) {
    case 0:
      return Array.from({ length: random.below(40) }, () => oneOf(random, pieces) ?? '').join('');
    case 1:
      return new TextDecoder().decode(Uint8Array.from({ length: random.below(60) }, () => random.below(256)));
    case 2:
      return (oneOf(random, pieces) ?? '').repeat(1 + random.below(300));
    default: {
      // Layout in one style or the other; YAML reads both.
      const indent = random.pick([undefined, 1, 2]);
      const written =
        syntax === 'yaml' && random.isOneIn(2) ? stringify(document) : JSON.stringify(document, null, indent);
      return random.isOneIn(4) ? written : spoiled(written, pieces, random);
    }
  }
}

function spoiled(written: string, pieces: readonly string[], random: Random): string {
  let text = written;
  for (let rest = 1 + random.below(4); rest > 0; rest--) {
    const at = random.below(text.length + 1);
    const to = at + random.below(random.pick([2, 2, 2, 30]));
    const piece = oneOf(random, pieces) ?? '';
    const between = random.pick([
      '',
      piece,
      piece,
      text.slice(at, to).repeat(2),
      String.fromCharCode(random.below(0x3000)),
    ]);
    text = text.slice(0, at) + between + text.slice(to);
  }
  return text;
}
