import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeskFault, type OpenDesk } from '../cli/world.ts';
import { StoreFault } from '../gateway/ports.ts';
import { Secret } from '../settings/secret.ts';
import { isObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import { remoteDesk } from './remote-desk.ts';

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

interface Told {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything but a text as JSON. */
  readonly body?: unknown;
}

let server: Server;
let url: URL;
let heard: Heard[];
/** What is answered next; the last of them for all that follow. */
let told: Told[];

beforeEach(async () => {
  heard = [];
  told = [];
  server = createServer(async (request, response) => {
    heard.push(await hear(request));
    const { status, headers, body } = (told.length > 1 ? told.shift() : told[0]) ?? { status: 500 };
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`);
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function hear(request: IncomingMessage): Promise<Heard> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { method = '', url = '', headers } = request;
  return { method, url, authorization: headers.authorization, type: headers['content-type'], body };
}

function opened(token: string | undefined = 'token-of-alice'): OpenDesk {
  return remoteDesk({ kind: 'remote', url, token: token === undefined ? undefined : new Secret(token) });
}

const NOBODY = { person: undefined, channel: 'command line' } as const;
const SUMMARY = {
  id: 'ap_1',
  state: 'open',
  askedAt: '2026-06-01T12:00:00.000Z',
  expiresAt: '2026-06-01T12:15:00.000Z',
  secondsLeft: 900,
  grant: 'laptop',
  owner: 'alice',
  server: 'files',
  kind: 'tool',
  method: 'tools/call',
  name: 'write',
  class: 'write',
  client: { name: null, version: null },
  reason: 'R',
  rule: { document: 'policy', pointer: '/tools/write', id: null },
  agreed: 0,
  needed: 1,
  answers: [],
  why: null,
};
const DETAIL = {
  ...SUMMARY,
  description: null,
  arguments: { n: 1 },
  argumentsText: '{}',
  extra: null,
  extraText: null,
  edit: null,
  lastApproved: null,
  approvers: [],
  whyNot: null,
};
const YES = { said: 'approve', note: undefined, arguments: undefined } as const;
const WISH = { until: undefined, widen: { path: 'any value' }, limit: { max: 2, window: 'day' } };

describe('what is asked of the gateway', () => {
  test('a list, with the person’s token and nothing else of them', async () => {
    told = [{ status: 200, body: { approvals: [SUMMARY] } }];
    expect(await opened().list({ which: 'live', before: 'ap_9', limit: 20 }, NOBODY)).toEqual([SUMMARY]);
    expect(heard).toEqual([
      {
        method: 'GET',
        url: '/base/api/approvals?which=live&limit=20&before=ap_9',
        authorization: 'Bearer token-of-alice',
        type: undefined,
        body: '',
      },
    ]);
  });

  test('one question; of one that is not there nothing', async () => {
    told = [
      { status: 200, body: DETAIL },
      { status: 404, body: { error: { message: 'There is no such question.', kind: 'unknown' } } },
    ];
    const desk = opened();
    expect(await desk.show('ap_1', NOBODY)).toMatchObject({ id: 'ap_1', arguments: { n: 1 } });
    expect(await desk.show('ap_2', NOBODY)).toBeUndefined();
  });

  test('answers, with the exact numbers of the arguments', async () => {
    told = [{ status: 200, body: { kind: 'answered', approval: SUMMARY } }];
    const desk = opened();
    const read = readJson('{"n": 12345678901234567890.10}', RELAY);
    if (read.kind === 'fault' || !isObject(read.value)) throw new Error('unreadable');
    const args = read.value;
    expect(await desk.answer('ap_1', { ...YES, note: 'fine', arguments: args }, NOBODY)).toMatchObject({
      kind: 'answered',
    });
    await desk.answer('ap_1', { said: 'deny', note: 'no', arguments: undefined }, NOBODY);
    expect(heard.map(({ method, url, type, body }) => [method, url, type, body])).toEqual([
      [
        'POST',
        '/base/api/approvals/ap_1/approve',
        'application/json',
        '{"note":"fine","arguments":{"n":12345678901234567890.10}}',
      ],
      ['POST', '/base/api/approvals/ap_1/deny', 'application/json', '{"note":"no"}'],
    ]);
  });

  test('a rule, and that it be written', async () => {
    const proposal = {
      kind: 'proposal',
      digest: 'd',
      admits: 'a',
      until: '2026-07-01',
      choices: {},
      changes: [{ policy: 'p', diff: '' }],
    };
    told = [
      { status: 200, body: proposal },
      { status: 200, body: { kind: 'adopted', policies: [{ policy: 'p', digest: 'e' }] } },
    ];
    const desk = opened();
    expect(await desk.propose('ap_1', WISH, NOBODY)).toEqual(proposal);
    expect(await desk.adopt('ap_1', WISH, 'd', NOBODY)).toMatchObject({ kind: 'adopted' });
    const wish = '"widen":{"path":"any value"},"limit":{"max":2,"window":"day"}';
    expect(heard.map(({ url, body }) => [url, body])).toEqual([
      ['/base/api/approvals/ap_1/always', `{${wish}}`],
      ['/base/api/approvals/ap_1/adopt', `{${wish},"digest":"d"}`],
    ]);
  });
});

describe('who speaks', () => {
  test('a token, or a passphrase with a name, is what all that follows is asked with', async () => {
    told = [{ status: 200, body: { name: 'alice', roles: ['approver', 'emperor'] } }];
    const desk = opened(undefined);
    expect(await desk.identify(new Secret('t'.repeat(20)))).toEqual({ name: 'alice', roles: new Set(['approver']) });
    await desk.identify(new Secret('correct: horse ü'), 'alice');
    told = [{ status: 200, body: { approvals: [] } }];
    await desk.list({ which: 'all', limit: 1 }, NOBODY);
    const basic = `Basic ${Buffer.from('alice:correct: horse ü').toString('base64')}`;
    expect(heard.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/base/api/me', `Bearer ${'t'.repeat(20)}`],
      ['/base/api/me', basic],
      ['/base/api/approvals?which=all&limit=1', basic],
    ]);
  });

  test('nobody, without asking where no header could say it', async () => {
    told = [{ status: 401, body: { error: { message: 'Unknown token.', remedy: 'Send one.' } } }];
    const desk = opened(undefined);
    expect(await desk.identify(new Secret('wrong'))).toBeUndefined();
    expect(heard).toHaveLength(1);
    expect(await desk.identify(new Secret('two\nlines'))).toBeUndefined();
    expect(await desk.identify(new Secret('x'), 'a:b')).toBeUndefined();
    expect(heard).toHaveLength(1);
  });

  test('a grant’s token is told apart', async () => {
    told = [
      {
        status: 403,
        body: { error: { message: 'A grant’s token answers no questions.', remedy: 'Send a person’s.' } },
      },
    ];
    await expect(opened().identify(new Secret('tg'))).rejects.toThrow(
      new DeskFault(
        'A grant’s token answers no questions. Take your own, of a person in "people" of the gateway’s configuration',
      ),
    );
  });
});

describe('what goes wrong', () => {
  test.each(['unknown', 'forbidden', 'over', 'invalid'])('the desk’s own %s is an answer', async (kind) => {
    told = [{ status: 409, body: { error: { message: 'Because.', kind } } }];
    expect(await opened().answer('ap_1', YES, NOBODY)).toEqual({ kind, reason: 'Because.' });
  });

  test.each<[string, Told, string, string]>([
    [
      'a redirect is not followed',
      { status: 307, headers: { location: 'https://evil.example/api' } },
      'DeskFault',
      'answered 307, a redirect, which is not followed with a token',
    ],
    [
      'a page that is no API',
      { status: 200, body: '<html>' },
      'DeskFault',
      'answered 200 and no JSON: is a gateway there?',
    ],
    [
      'JSON of something else',
      { status: 200, body: { hello: 1 } },
      'DeskFault',
      'answered what no gateway of this version would answer',
    ],
    [
      'a question that is none',
      { status: 200, body: { approvals: [{ ...SUMMARY, answers: 'none' }] } },
      'DeskFault',
      'answered what no gateway',
    ],
    [
      'too many guesses',
      { status: 429, body: { error: { message: 'Too many.', remedy: 'Wait.' } } },
      'DeskFault',
      'Too many. Wait.',
    ],
    [
      'a store that is away',
      { status: 503, body: { error: { message: 'The store cannot be used.' } } },
      'StoreFault',
      'cannot be used now (503): The store cannot be used.',
    ],
    ['a proxy without a gateway', { status: 502, body: '<html>' }, 'StoreFault', 'cannot be used now (502)'],
  ])('%s', async (_, answer, name, message) => {
    told = [answer];
    const asked = opened().list({ which: 'all', limit: 1 }, NOBODY);
    await expect(asked).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    expect(heard).toHaveLength(1);
  });

  test('nobody is there; of an answer it is said that it may have been taken', async () => {
    const desk = opened();
    await new Promise((resolve) => server.close(resolve));
    await expect(desk.list({ which: 'all', limit: 1 }, NOBODY)).rejects.toThrow(
      new StoreFault(`the gateway at ${url.origin} cannot be reached: nothing listens there; is the gateway running?`),
    );
    await expect(desk.answer('ap_1', YES, NOBODY)).rejects.toThrow(
      /whether it was answered is not known: look with toolgate approvals show$/,
    );
  });
});
