import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { startFront } from './front-config.ts';
import { type EventStream, openEvents } from './front-events.ts';
import { AGENT, arrived, eventually, OPEN_POLICY, OTHER, recordingCommand } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-resume-'));
const record = join(folder, 'record.jsonl');
let gateway: Gateway;
let remote: Awaited<ReturnType<typeof startFront>>['remote'];

beforeAll(async () => {
  ({ gateway, remote } = await startFront(kit, record));
});

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function openClient(server = 'recorder', token: string = AGENT): Promise<HttpClient> {
  const client = kit.add(httpClient(gateway.url(server), token));
  await client.initialize();
  return client;
}

function headersOf(client: HttpClient, lastEventId?: string, token = AGENT): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'mcp-session-id': String(client.sessionId),
    'mcp-protocol-version': '2025-11-25',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
}

const slow = (id: string, ms: number): Obj => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'slow', arguments: { ms, steps: 2 }, _meta: { progressToken: id } },
});

const post = (client: HttpClient, message: Obj): Promise<EventStream> =>
  openEvents(gateway.url('recorder'), headersOf(client), message);

const comeBack = (client: HttpClient, id: string | undefined, server = 'recorder'): Promise<EventStream> =>
  openEvents(gateway.url(server), headersOf(client, String(id)));

const progressOf = ({ events }: EventStream): unknown[] =>
  events.flatMap(({ message }) =>
    message?.['method'] === 'notifications/progress' ? [objAt(message, 'params')['progress']] : [],
  );

const isAnswer =
  (id: string) =>
  (event: { readonly message: Obj | undefined }): boolean =>
    event.message?.['id'] === id;

describe('a client whose connection broke in the middle of a call', () => {
  it('comes back with the last id that it saw, and gets what came meanwhile, the answer too; the call was made once', async () => {
    const client = await openClient();
    const first = await post(client, slow('broken', 200));
    const seen = await first.next('progress', ({ message }) => message?.['method'] === 'notifications/progress');
    first.drop();
    const calls = (): number => arrived(record, 'tools/call').length;
    const before = calls();
    // The answer comes while nobody is connected.
    expect(textOf(objAt(await client.call('slow', { ms: 400 }), 'result'))).toBe('waited 400 ms');
    const back = await comeBack(client, seen.id);
    const answer = await back.next('answer', isAnswer('broken'));
    expect(textOf(objAt(answer.message, 'result'))).toBe('waited 200 ms');
    await back.ended;
    expect(progressOf(back)).toEqual([2]);
    expect(calls()).toBe(before + 1);
  });

  it('may come back before the answer is there, and gets it when it comes', async () => {
    const client = await openClient();
    const first = await post(client, slow('early', 600));
    const priming = await first.next('first event', () => true);
    first.drop();
    const back = await comeBack(client, priming.id);
    await back.next('answer', isAnswer('early'));
    await back.ended;
    expect(progressOf(back)).toEqual([1, 2]);
  });

  it('and who comes back twice has one connection: the newer one', async () => {
    const client = await openClient();
    const first = await post(client, slow('twice', 600));
    const priming = await first.next('first event', () => true);
    const older = await comeBack(client, priming.id);
    await first.ended;
    const newer = await comeBack(client, priming.id);
    await older.ended;
    await newer.next('answer', isAnswer('twice'));
    expect([first, older].some(({ events }) => events.some(isAnswer('twice')))).toBe(false);
  });

  it('is told that nothing more comes, once it has everything', async () => {
    const client = await openClient();
    const stream = await post(client, slow('whole', 20));
    const last = await stream.next('answer', isAnswer('whole'));
    await stream.ended;
    const back = await comeBack(client, last.id);
    expect(back.status).toBe(400);
  });
});

describe('the first event of a stream', () => {
  it('has an id, a time to come back after, and no message, so that a client can come back before the first', async () => {
    const client = await openClient();
    const stream = await post(client, slow('primed', 20));
    await stream.ended;
    expect(stream.events[0]).toMatchObject({ data: '', message: undefined, retry: expect.stringMatching(/^\d+$/) });
    const ids = stream.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).not.toContain(undefined);
  });

  it('is a message for clients of older revisions, which cannot read an empty one; it has an id all the same', async () => {
    const headers = { authorization: `Bearer ${AGENT}` };
    const client = kit.add(httpClient(gateway.url('recorder'), AGENT));
    const hello = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'older', version: '1' } },
    };
    client.sessionId = String((await client.post(hello)).headers['mcp-session-id']);
    await client.notify('notifications/initialized');
    const withSession = { ...headers, 'mcp-session-id': String(client.sessionId) };
    const stream = await openEvents(gateway.url('recorder'), withSession, slow('older', 300));
    const seen = await stream.next('first event', () => true);
    expect(seen.message?.['method']).toBe('notifications/progress');
    stream.drop();
    const back = await openEvents(gateway.url('recorder'), { ...withSession, 'last-event-id': String(seen.id) });
    await back.next('answer', isAnswer('older'));
  });

  it('comes at once, before any message, to a client that names event streams first', async () => {
    const client = await openClient();
    const message = {
      jsonrpc: '2.0',
      id: 'first',
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'x' } },
    };
    const headers = { ...headersOf(client), accept: 'text/event-stream, application/json' };
    const stream = await openEvents(gateway.url('recorder'), headers, message);
    await stream.ended;
    expect(stream.events.map((event) => event.message?.['id'])).toEqual([undefined, 'first']);
    const note = await client.raw('{"jsonrpc":"2.0","method":"notifications/initialized"}', headers);
    expect(note.status).toBe(202);
  });

  it('is not there where no stream is needed: an answer alone is plain JSON', async () => {
    const client = await openClient();
    const answer = await client.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'x' } },
    });
    expect(answer.headers['content-type']).toBe('application/json');
  });
});

describe('the stream beside the requests', () => {
  const changed = (n: number): Obj => ({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: `news ${n}` },
  });
  const newsIn = ({ events }: EventStream): string[] =>
    events.flatMap(({ message }) => (message === undefined ? [] : [String(objAt(message, 'params')['data'])]));

  it('that broke goes on where it was: nothing is lost, nothing comes twice', async () => {
    const client = await openClient('remote');
    const first = await openEvents(gateway.url('remote'), headersOf(client));
    await eventually('the gateway listens', () =>
      [...remote.sessions.values()].some(({ stream }) => stream !== undefined),
    );
    remote.push(changed(1));
    remote.push(changed(2));
    const one = await first.next('first news', ({ data }) => data.includes('news 1'));
    await first.next('second news', ({ data }) => data.includes('news 2'));
    first.drop();
    remote.push(changed(3));
    await client.call('echo', { text: 'time passes' });
    const back = await comeBack(client, one.id, 'remote');
    await back.next('third news', ({ data }) => data.includes('news 3'));
    remote.push(changed(4));
    await back.next('fourth news', ({ data }) => data.includes('news 4'));
    expect(newsIn(back)).toEqual(['news 2', 'news 3', 'news 4']);
    expect((await client.delete()).status).toBe(204);
    await back.ended;
  });

  it.each(['', 'x', 'x.1', '../../etc/passwd.1', '__proto__.0', 'a'.repeat(5000)])(
    'an id that nobody gave out (%#): 400 and why, and the session lives on',
    async (id) => {
      const client = await openClient();
      const answer = await openEvents(gateway.url('recorder'), { ...headersOf(client), 'last-event-id': id });
      expect(answer.status).toBe(400);
      expect((await client.call('echo', { text: 'lives' }))['result']).toBeDefined();
    },
  );

  it("an id of another session's stream is worth nothing, not even to the same grant", async () => {
    const [owner, thief] = [await openClient(), await openClient()];
    const stranger = await openClient('recorder', OTHER);
    const stream = await post(owner, slow('private', 300));
    const priming = await stream.next('first event', () => true);
    expect((await comeBack(thief, priming.id)).status).toBe(400);
    const foreign = await openEvents(gateway.url('recorder'), headersOf(stranger, priming.id, OTHER));
    expect(foreign.status).toBe(400);
    const stolen = await openEvents(gateway.url('recorder'), headersOf(owner, priming.id, OTHER));
    expect(stolen.status).toBe(404);
    await stream.next('answer', isAnswer('private'));
  });
});

describe('a gateway that keeps nothing for clients that come back', () => {
  it('gives out no ids, and still answers', async () => {
    const own = kit.add(
      await startGateway({
        config: {
          servers: { recorder: { command: recordingCommand(record) } },
          policies: { open: OPEN_POLICY },
          grants: { agent: { owner: 'alice', servers: { recorder: 'open' }, token: AGENT } },
          limits: { replay_events: 0 },
        },
      }),
    );
    const client = kit.add(httpClient(own.url('recorder'), AGENT));
    await client.initialize();
    const stream = await openEvents(own.url('recorder'), headersOf(client), slow('plain', 20));
    await stream.next('answer', isAnswer('plain'));
    expect(stream.text()).not.toMatch(/^(id|retry):/m);
  });
});
