import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedHeaders } from '../../src/notices/signed-headers.ts';

const PAGE = fileURLToPath(new URL('../../docs/reference/notices.md', import.meta.url));
const AT = Date.UTC(2026, 5, 1, 12);
const NOW = AT / 1000;
const BODY = '{"id":"nt_1","event":"approval.asked","text":"ü 😀"}';

interface Question {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  readonly now: number;
}

/** What a receiver is asked, and whether it should take it. */
function questions(): readonly (readonly [story: string, question: Question, isGenuine: boolean])[] {
  const secrets = [
    'correct horse battery staple',
    'ünïcode secret of the house',
    `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  ];
  return secrets.flatMap((secret) => {
    const headers = signedHeaders({ id: 'nt_1', at: AT, body: BODY }, secret);
    const asked: Question = { headers, body: BODY, secret, now: NOW };
    const signature = headers['webhook-signature'] ?? '';
    const signed = (text: string): Question => ({ ...asked, headers: { ...headers, 'webhook-signature': text } });
    const { 'webhook-signature': _, ...unsigned } = headers;
    return [
      ['as it was sent', asked, true],
      ['beside a signature by another key', signed(`v1,AAAA v1a,BBBB ${signature}`), true],
      ['within five minutes', { ...asked, now: NOW + 299 }, true],
      ['with another body', { ...asked, body: `${BODY} ` }, false],
      ['with another id', { ...asked, headers: { ...headers, 'webhook-id': 'nt_2' } }, false],
      ['with another time', { ...asked, headers: { ...headers, 'webhook-timestamp': String(NOW + 1) } }, false],
      ['without a usable time', { ...asked, headers: { ...headers, 'webhook-timestamp': '１' } }, false],
      ['by another secret', { ...asked, secret: 'another secret of the house' }, false],
      ['sent again an hour later', { ...asked, now: NOW + 3600 }, false],
      ['under another version', signed(signature.replace('v1,', 'v2,')), false],
      ['with half a signature', signed(signature.slice(0, 20)), false],
      ['with a signature that is no ASCII', signed('v1,ü'), false],
      ['without a signature', { ...asked, headers: unsigned }, false],
      ['without any header', { ...asked, headers: {} }, false],
    ] as const;
  });
}

function shown(language: string): string {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}

const RECEIVERS = [
  [
    'Node',
    process.execPath,
    'receiver.mjs',
    () => `${shown('js')}
let text = '';
for await (const chunk of process.stdin) text += chunk;
const answers = JSON.parse(text).map(({ headers, body, secret, now }) => isGenuine(headers, Buffer.from(body), secret, now));
console.log(JSON.stringify(answers));`,
  ],
  [
    'Python',
    'python3',
    'receiver.py',
    () => `${shown('python')}
import json, sys
asked = json.load(sys.stdin.buffer)
print(json.dumps([is_genuine(one["headers"], one["body"].encode(), one["secret"], one["now"]) for one in asked]))`,
  ],
] as const;

describe.each(RECEIVERS)('the receiver in %s that the documentation shows', (name, command, file, script) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'toolgate-receiver-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes what the gateway signed, and nothing else', () => {
    const mayMiss = name === 'Python' && process.env['TOOLGATE_ALL_READERS'] === undefined;
    if (mayMiss && spawnSync(command, ['--version']).status !== 0) {
      process.stderr.write(`no ${command} in the PATH: what it makes of a signature is not tried\n`);
      return;
    }
    const asked = questions();
    writeFileSync(join(folder, file), script());
    const input = JSON.stringify(asked.map(([, question]) => question));
    const ran = spawnSync(command, [join(folder, file)], { input, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    const answers: unknown = JSON.parse(ran.stdout);
    expect(asked.map(([story], nth) => [story, Array.isArray(answers) && answers[nth]])).toEqual(
      asked.map(([story, , isGenuine]) => [story, isGenuine]),
    );
  });
});
