import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type Answer, type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, linesIn, OPEN_POLICY, recordingCommand } from './rig.ts';

const MODERN_SERVER = fileURLToPath(new URL('./front-modern-server.ts', import.meta.url));
const VERSION = '2026-07-28';
const META: Obj = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'front-modern', version: '1' },
};

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-modern-'));
const record = join(folder, 'modern.jsonl');
const oldRecord = join(folder, 'legacy.jsonl');
let gateway: Gateway;
let client: HttpClient;

beforeAll(async () => {
  const servers = {
    modern: { command: [process.execPath, MODERN_SERVER, record] },
    old: { command: recordingCommand(oldRecord) },
  };
  const grants = { agent: { owner: 'alice', servers: { modern: 'open', old: 'open' }, token: AGENT } };
  gateway = kit.add(await startGateway({ config: { servers, policies: { open: OPEN_POLICY }, grants } }));
  client = kit.add(httpClient(gateway.url('modern'), AGENT));
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

const request = (method: string, params: Obj = {}, id: unknown = 1): Obj => ({
  jsonrpc: '2.0',
  id,
  method,
  params: { ...params, _meta: { ...META, ...objAt(params, '_meta') } },
});

/** The headers that go with a message; those given replace them, and '' removes one. */
function headersOf(message: Obj, changed: Readonly<Record<string, string>> = {}): Record<string, string> {
  const name = objAt(message, 'params')['name'];
  return {
    'mcp-protocol-version': VERSION,
    'mcp-method': String(message['method']),
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    ...changed,
  };
}

const post = (message: Obj, changed?: Readonly<Record<string, string>>): Promise<Answer> =>
  client.raw(JSON.stringify(message), headersOf(message, changed));

const echo = (text: string, id: unknown = 1): Obj => request('tools/call', { name: 'echo', arguments: { text } }, id);
const codeOf = (answer: Answer): unknown => objAt(answer.messages[0], 'error')['code'];
const calls = (): readonly Obj[] => arrived(record, 'tools/call');

describe('a client that needs no session', () => {
  it('asks what the server offers, and lists and calls its tools, each request by itself', async () => {
    const discovered = await post(request('server/discover', {}, 'server-discover-probe-1'));
    expect(discovered.status).toBe(200);
    expect(discovered.headers['mcp-session-id']).toBeUndefined();
    expect(discovered.messages[0]).toMatchObject({
      id: 'server-discover-probe-1',
      result: { supportedVersions: [VERSION], resultType: 'complete' },
    });
    const listed = await post(request('tools/list'));
    expect(JSON.stringify(listed.messages[0])).toContain('"echo"');
    const called = await post(echo('hello'));
    expect(called.headers['content-type']).toBe('application/json');
    expect(textOf(objAt(called.messages[0], 'result'))).toBe('{"text":"hello"}');
  });

  it('gets an event stream, without ids, once something comes before the answer', async () => {
    const answer = await post(request('tools/call', { name: 'steps', arguments: {}, _meta: { progressToken: 'tok' } }));
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.headers['x-accel-buffering']).toBe('no');
    expect(answer.text).not.toMatch(/^id:/m);
    expect(answer.messages.map((one) => objAt(one, 'params')['progress'] ?? one['id'])).toEqual([1, 2, 1]);
    expect(objAt(answer.messages[0], 'params')['progressToken']).toBe('tok');
  });

  it('may name a session or an event: neither means anything', async () => {
    const answer = await post(echo('stray'), { 'mcp-session-id': 'no-such-session', 'last-event-id': 'x.1' });
    expect(answer.status).toBe(200);
  });

  it('has its header compared with the argument that it repeats', async () => {
    const message = request('tools/call', { name: 'region', arguments: { region: 'eu' } });
    expect((await post(message, { 'mcp-param-region': 'eu' })).status).toBe(200);
    const before = calls().length;
    const wrong = await post(message, { 'mcp-param-region': 'us' });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, -32020]);
    const missing = await post(message);
    expect([missing.status, codeOf(missing)]).toEqual([400, -32020]);
    expect(calls()).toHaveLength(before);
  });

  it('many clients may use one id at the same time', async () => {
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(texts.map((text) => post(echo(text))));
    expect(answers.map(({ messages }) => textOf(objAt(messages[0], 'result')))).toEqual(
      texts.map((text) => JSON.stringify({ text })),
    );
  });
});

describe('a client that leaves', () => {
  it('has cancelled its request, and no other of the same id', async () => {
    const cancelled = (): readonly unknown[] =>
      arrived(record, 'notifications/cancelled').map((one) => objAt(one, 'params')['requestId']);
    const hang = request('tools/call', { name: 'hang', arguments: {} });
    const leave = new AbortController();
    const stay = new AbortController();
    const before = calls().length;
    const staying = client.raw(JSON.stringify(hang), headersOf(hang), { signal: stay.signal });
    await eventually('the first call hangs', () => calls().length === before + 1);
    const leaving = client.raw(JSON.stringify(hang), headersOf(hang), { signal: leave.signal });
    await eventually('the second call hangs', () => calls().length === before + 2);
    leave.abort();
    await expect(leaving).rejects.toThrow();
    await eventually('the server is told', () => cancelled().length === 1);
    expect(cancelled()).toEqual([calls().at(-1)?.['id']]);
    stay.abort();
    await expect(staying).rejects.toThrow();
    await eventually('the server is told of the other', () => cancelled().length === 2);
  });

  it('cannot cancel by a notification: ids are not its alone', async () => {
    const before = linesIn(record).length;
    const note: Obj = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await post(note)).status).toBe(202);
    expect((await post(echo('still here'))).status).toBe(200);
    expect(arrived(record, 'notifications/cancelled').length).toBe(2);
    expect(linesIn(record).length).toBe(before + 1);
  });

  it('may listen, is told of news, and by leaving ends that too', async () => {
    const listen = request('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'listen:0');
    const leave = new AbortController();
    const seen: string[] = [];
    const reading = readLines(JSON.stringify(listen), headersOf(listen), leave.signal, (line) => seen.push(line));
    await eventually('the server acknowledged', () => seen.some((line) => line.includes('acknowledged')));
    const change = request('tools/call', { name: 'change', arguments: {} });
    expect((await post(change)).status).toBe(200);
    await eventually('news came', () => seen.some((line) => line.includes('notifications/tools/list_changed')));
    expect(seen.filter((line) => line.startsWith('data: ')).every((line) => line.includes('"listen:0"'))).toBe(true);
    const before = arrived(record, 'notifications/cancelled').length;
    leave.abort();
    await reading;
    await eventually('the server is told', () => arrived(record, 'notifications/cancelled').length === before + 1);
  });
});

/** Posts, and shows the lines of the answer as they come. */
async function readLines(
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  take: (line: string) => void,
): Promise<void> {
  const all = { ...headers, authorization: `Bearer ${AGENT}`, 'content-type': 'application/json' };
  const response = await fetch(gateway.url('modern'), { method: 'POST', body, headers: all, signal });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      for (const line of decoder.decode(chunk, { stream: true }).split('\n')) take(line);
    }
  } catch {
    // Left.
  }
}

describe('what is refused before it is a call', () => {
  const legacy = { 'mcp-protocol-version': '2025-11-25', 'mcp-method': '', 'mcp-name': '' };

  it.each<[string, Obj, Readonly<Record<string, string>>, number, number]>([
    ['another tool in the header', echo('x'), { 'mcp-name': 'hang' }, 400, -32020],
    ['another method in the header', echo('x'), { 'mcp-method': 'tools/list' }, 400, -32020],
    ['no method in the header', echo('x'), { 'mcp-method': '' }, 400, -32020],
    ['no name in the header', echo('x'), { 'mcp-name': '' }, 400, -32020],
    ['no version in the header', echo('x'), { 'mcp-protocol-version': '' }, 400, -32020],
    ['a legacy version in the header', echo('x'), legacy, 400, -32020],
    ['a version that is not spoken', echo('x'), { 'mcp-protocol-version': '2031-01-01' }, 400, -32020],
    ['no envelope', { ...echo('x'), params: { name: 'echo', arguments: {} } }, {}, 400, -32602],
    [
      'no envelope, and a method in the header only',
      { ...echo('x'), params: { name: 'echo' } },
      { 'mcp-protocol-version': '' },
      400,
      -32020,
    ],
    ['a method of sessions', request('initialize'), {}, 404, -32601],
    ['a method of nobody', request('tools/destroy'), {}, 404, -32601],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }, { 'mcp-method': '' }, 400, -32600],
  ])('%s', async (_title, message, changed, status, code) => {
    await post(echo('before'));
    const before = linesIn(record);
    const answer = await post(message, changed);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.messages[0]?.['id']).toBe(message['method'] === undefined ? null : 1);
    expect(linesIn(record)).toEqual(before);
  });

  it('several messages at once', async () => {
    const before = linesIn(record);
    const answer = await client.raw(JSON.stringify([echo('a'), echo('b')]), headersOf(echo('a')));
    expect([answer.status, codeOf(answer)]).toEqual([400, -32600]);
    expect(linesIn(record)).toEqual(before);
  });

  it('a version that nobody speaks yet, and the answer says which to take', async () => {
    const _meta = { 'io.modelcontextprotocol/protocolVersion': 'v999.0.0' };
    const answer = await post(request('server/discover', { _meta }), { 'mcp-protocol-version': 'v999.0.0' });
    expect(answer.status).toBe(400);
    expect(objAt(answer.messages[0], 'error')).toMatchObject({
      code: -32022,
      data: { supported: [VERSION], requested: 'v999.0.0' },
    });
  });

  it.each([
    ['Mcp-Name', 'echo', 'Mcp-Name', 'echo'],
    ['Mcp-Name', 'echo', 'mcp-name', 'hang'],
    ['Mcp-Method', 'tools/call', 'MCP-METHOD', 'tools/call'],
    ['MCP-Protocol-Version', VERSION, 'mcp-protocol-version', '2025-11-25'],
    ['Mcp-Param-Region', 'eu', 'Mcp-Param-Region', 'us'],
    ['Mcp-Session-Id', 'a', 'Mcp-Session-Id', 'b'],
  ])('a header that stands there twice: %s: %s, %s: %s', async (name, value, again, other) => {
    const before = linesIn(record);
    const body = JSON.stringify(echo('twice'));
    const usual = Object.entries(headersOf(echo('twice'))).filter(([key]) => key !== name.toLowerCase());
    const lines = [...usual, [name, value], [again, other]].map(([key, text]) => `${key}: ${text}\r\n`).join('');
    const answer = await sendRaw(
      `POST /mcp/modern HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${AGENT}\r\nContent-Type: application/json\r\n${lines}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('-32020');
    expect(answer).toContain('twice');
    expect(linesIn(record)).toEqual(before);
  });

  it('GET and DELETE: there is nothing to open and nothing to end', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await client.raw('', { 'mcp-protocol-version': VERSION, 'content-type': '' }, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('POST');
    }
  });

  it('and every refusal is on record', async () => {
    const listed = await toolgate(['audit', 'list', '--data', gateway.data, '--json', '--limit', '200']);
    expect(listed.stdout).toContain('Mcp-Name');
    expect(listed.stdout).toContain('stands there twice');
    expect(listed.stdout).toContain('Unsupported protocol version');
  });
});

/** Sends these bytes; gives all that came back. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('the two eras do not mix', () => {
  const plainCall: Obj = { ...echo('x'), params: { name: 'echo', arguments: { text: 'x' } } };

  async function session(): Promise<HttpClient> {
    const old = kit.add(httpClient(gateway.url('old'), AGENT));
    await old.initialize();
    // Its answer tells that all that was sent before has arrived.
    await old.call('echo', { text: 'ready' });
    return old;
  }

  it.each<[string, Obj, Readonly<Record<string, string>>]>([
    ['a modern message in a session', echo('x'), {}],
    ['a modern message in a session, without any version in the header', echo('x'), { 'mcp-protocol-version': '' }],
    ['another method in the header of a session', plainCall, { 'mcp-method': 'tools/list' }],
    ['another name in the header of a session', plainCall, { 'mcp-name': 'sum' }],
    ['an argument in the header of a session', plainCall, { 'mcp-param-text': 'x' }],
    [
      'a method in the header, without any version',
      plainCall,
      { 'mcp-method': 'tools/call', 'mcp-protocol-version': '' },
    ],
  ])('%s: refused, not guessed', async (_title, message, headers) => {
    const old = await session();
    const before = linesIn(oldRecord);
    const answer = await old.raw(JSON.stringify(message), headers);
    expect([answer.status, codeOf(answer)]).toEqual([400, -32020]);
    expect(linesIn(oldRecord)).toEqual(before);
    expect((await old.call('echo', { text: 'still' }))['result']).toBeDefined();
  });

  it('headers that only repeat what the body of a session says do no harm', async () => {
    const old = await session();
    const answer = await old.raw(JSON.stringify(plainCall), { 'mcp-method': 'tools/call', 'mcp-name': 'echo' });
    expect(textOf(objAt(answer.messages[0], 'result'))).toBe('x');
  });

  it('a client that asks a server of the older era in the newer one is told to fall back, and the handshake works', async () => {
    const dual = kit.add(httpClient(gateway.url('old'), AGENT));
    const probe = request('server/discover', {}, 'probe');
    const answer = await dual.raw(JSON.stringify(probe), headersOf(probe));
    expect(answer.status).toBe(400);
    expect(answer.messages[0]).toMatchObject({
      id: 'probe',
      error: { code: -32022, data: { supported: expect.arrayContaining(['2025-11-25']) } },
    });
    await dual.initialize();
    expect(textOf(objAt(await dual.call('echo', { text: 'older' }), 'result'))).toBe('older');
  });
});
