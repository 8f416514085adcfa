import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from '../kit/inbox.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { AGENT } from './rig.ts';

/** How one client treats the gateway, from its first byte until it is gone. */
export type Way = (place: Place) => Promise<void>;

interface Place {
  readonly port: number;
  /** A number that is this client's alone. */
  readonly number: number;
}

const HELLO: Obj = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'rude', version: '1' } },
};
const INITIALIZED: Obj = { jsonrpc: '2.0', method: 'notifications/initialized' };
const CALL: Obj = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'x', arguments: {} } };
const LIST: Obj = { jsonrpc: '2.0', id: 3, method: 'tools/list' };
const ENVELOPE: Obj = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

function head(method: string, path: string, more: readonly string[]): string {
  const lines = [
    'Host: localhost',
    `Authorization: Bearer ${AGENT}`,
    'Accept: application/json, text/event-stream',
    ...more,
  ];
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function posted(message: Obj, session?: string, more: readonly string[] = [], path = '/mcp/quick'): string {
  const body = JSON.stringify(message);
  const own = session === undefined ? [] : [`Mcp-Session-Id: ${session}`, 'MCP-Protocol-Version: 2025-11-25'];
  return `${head('POST', path, ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...own, ...more])}${body}`;
}

function modern(method: string, params: Obj, name: readonly string[] = []): string {
  const message = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } };
  return posted(
    message,
    undefined,
    ['MCP-Protocol-Version: 2026-07-28', `Mcp-Method: ${method}`, ...name],
    '/mcp/modern',
  );
}

async function dial({ port }: Place): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Reads until the text is there; rejects when the other side hangs up or says nothing. */
function heard(socket: Socket, fits: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => done(() => reject(new Error(`nothing more came; so far: ${text}`))), PATIENCE_MS);
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (fits(text)) done(() => resolve(text));
    };
    const left = (): void => done(() => reject(new Error(`hung up; so far: ${text}`)));
    const done = (settle: () => void): void => {
      clearTimeout(late);
      socket.off('data', take);
      socket.off('close', left);
      settle();
    };
    socket.on('data', take);
    socket.on('close', left);
  });
}

const isWhole = (text: string): boolean => /\r\n\r\n/.test(text) && /\r\n\r\n$|\}$|\n$/.test(text);

/** Opens a session on this connection; gives its id. */
async function begun(socket: Socket): Promise<string> {
  socket.write(posted(HELLO));
  const answer = await heard(socket, isWhole);
  const id = /^mcp-session-id: (.+)\r$/im.exec(answer)?.[1];
  if (id === undefined) throw new Error(`no session: ${answer}`);
  socket.write(posted(INITIALIZED, id));
  await heard(socket, isWhole);
  return id;
}

/** Sends these bytes, waits a moment, and resets the connection. */
const cutOffAfter =
  (bytes: string): Way =>
  async (place) => {
    const socket = await dial(place);
    socket.write(bytes);
    await pause(place.number % 7);
    socket.resetAndDestroy();
  };

/** Opens a session, sends these bytes in it, and resets the connection. */
const inSession =
  (bytes: (session: string) => string, hears: (text: string) => boolean = () => true): Way =>
  async (place) => {
    const socket = await dial(place);
    const session = await begun(socket);
    socket.write(bytes(session));
    if (!hears('')) await heard(socket, hears);
    else await pause(place.number % 7);
    socket.resetAndDestroy();
  };

const sessionHead = (method: string, session: string): string =>
  head(method, '/mcp/quick', [`Mcp-Session-Id: ${session}`, 'MCP-Protocol-Version: 2025-11-25']);

/** Every rude way to treat a gateway that these tests know, by what is rude about it. */
export const RUDE_WAYS: { readonly [what: string]: Way } = {
  'says goodbye politely': async (place) => {
    const socket = await dial(place);
    const session = await begun(socket);
    socket.write(sessionHead('DELETE', session));
    await heard(socket, (text) => text.startsWith('HTTP/1.1 204'));
    socket.end();
  },
  'resets before its headers are whole': cutOffAfter('POST /mcp/quick HTTP/1.1\r\nHost: loc'),
  'resets after its headers': cutOffAfter(`${posted(HELLO).split('\r\n\r\n')[0]}\r\n\r\n`),
  'resets in the middle of its body': cutOffAfter(posted(HELLO).slice(0, -20)),
  'resets before the answer to initialize': cutOffAfter(posted(HELLO)),
  'talks no HTTP': cutOffAfter('\u0016\u0003\u0001 what is this\r\n\r\n'),
  'closes in the middle of its body': async (place) => {
    const socket = await dial(place);
    socket.end(posted(HELLO).slice(0, -20));
    await pause(place.number % 7);
    socket.destroy();
  },
  'never says that it is initialized': async (place) => {
    const socket = await dial(place);
    socket.write(posted(HELLO));
    await heard(socket, isWhole);
    socket.destroy();
  },
  'drops the session': inSession(() => ''),
  'drops its stream': inSession(
    (session) => sessionHead('GET', session),
    (text) => text.includes('text/event-stream'),
  ),
  'drops its stream at once': inSession((session) => sessionHead('GET', session)),
  'opens many streams': inSession((session) => sessionHead('GET', session).repeat(6)),
  'leaves in the middle of a call': inSession((session) => posted(CALL, session)),
  'leaves in the middle of a list': inSession((session) => posted(LIST, session)),
  'asks many things and reads nothing': async (place) => {
    const socket = await dial(place);
    const session = await begun(socket);
    socket.pause();
    socket.write(posted(LIST, session).repeat(20));
    await pause(20);
    socket.resetAndDestroy();
  },
  'deletes twice': async (place) => {
    const socket = await dial(place);
    const session = await begun(socket);
    socket.write(sessionHead('DELETE', session).repeat(2));
    await heard(socket, (text) => text.includes('204') && text.includes('404'));
    socket.destroy();
  },
  'deletes and leaves': inSession((session) => sessionHead('DELETE', session)),
  'begins again in a session': inSession((session) => posted(HELLO, session)),
  'comes back to a stream that never was': inSession((session) =>
    sessionHead('GET', session).replace('\r\n\r\n', '\r\nLast-Event-ID: never.1\r\n\r\n'),
  ),
  'is killed': async (place) => {
    const script = `exec 3<>/dev/tcp/127.0.0.1/${place.port}; printf '%s' "$1" >&3; exec sleep 60`;
    const child = spawn('/bin/bash', ['-c', script, 'client', posted(HELLO)], { stdio: 'ignore' });
    await pause(20 + (place.number % 30));
    child.kill('SIGKILL');
    await once(child, 'exit');
  },
  'drops a call that needs no session': cutOffAfter(
    modern('tools/call', { name: 'hang', arguments: {} }, ['Mcp-Name: hang']),
  ),
  'drops a subscription': async (place) => {
    const socket = await dial(place);
    socket.write(modern('subscriptions/listen', { notifications: { toolsListChanged: true } }));
    // So many at once may be refused for their number, which is an answer too.
    await heard(socket, (text) => text.startsWith('HTTP/1.1 '));
    socket.resetAndDestroy();
  },
  'drops a subscription at once': cutOffAfter(modern('subscriptions/listen', { notifications: {} })),
};
