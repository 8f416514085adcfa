import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { recordLine } from '../../src/export/record-line.ts';
import { freshFolder } from '../stores/folder.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/reference/export.md', import.meta.url)), 'utf8');
const folder = freshFolder();

/** What the program on the page says of lines: how far it came with each writer, or what is wrong. */
function pythonSays(lines: readonly string[]): string {
  const program = /```python\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  const asked = `${program}\nimport sys\nprint(sum(seq for seq, _ in check(sys.stdin.buffer.read().decode()).values()))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', asked], { input: lines.join(''), encoding: 'utf8' });
  return stdout.trim() || (stderr.trim().split('\n').at(-1) ?? '');
}

it('the program on the page takes what was exported, and finds what was changed, left out or put in', async () => {
  const store = await folder.open();
  const bodies = [
    '{"a":"ü 😀 \u2028 \\" ,\\"body\\":"}',
    '{"big":123456789012345678901234567890.50,"e":1e-7}',
    '{"__proto__":{"x":1}}',
    '{"text":"\\n\\r\\u0000"}',
  ];
  for (const [nth, body] of bodies.entries()) {
    await store.append({ id: `r${nth}`, kind: 'event', at: 1_795_297_617_391 + nth, body }, undefined);
  }
  const lines = (await store.after(0, 10)).map((record) => `${recordLine(record)}\n`);
  const [a = '', b = '', c = '', d = ''] = lines;
  expect(pythonSays(lines)).toBe('4');
  expect(pythonSays([a, b, a, b, c.slice(0, 40), '\n', c, d])).toBe('4');
  expect(pythonSays([a, b.replace('e-7', 'e-8'), c, d])).toMatch(/2 was changed$/);
  expect(pythonSays([a, b.replace('"kind":"event"', '"kind":"call"'), c])).toMatch(/2 was changed$/);
  expect(pythonSays([a, c, d])).toMatch(/record 2 is missing$/);
  expect(pythonSays([a, b.replace('"seq":2', '"seq":3').replace('r1', 'x'), c])).toMatch(/record 2 is missing$/);
});

it('shows the line of a record as it is', () => {
  const shown = /```json\n(.*)\n```/.exec(PAGE)?.[1] ?? '';
  const { time: _, format: __, body, limits, ...link } = JSON.parse(shown);
  expect(recordLine({ ...link, body: JSON.stringify(body), limits: JSON.stringify(limits) })).toBe(shown);
});
