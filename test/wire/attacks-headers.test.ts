import { expect } from 'vitest';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { callsSince, FINE, onSession } from './attack.ts';
import { type Pair, post } from './post.ts';
import type { Scene } from './scene.ts';

const attack = onSession();

function usual({ http }: Scene): Pair[] {
  if (http === undefined) throw new Error('only over HTTP');
  return [
    ['host', new URL(http.base).host],
    ['content-type', 'application/json'],
    ['accept', 'application/json, text/event-stream'],
    ['content-length', String(Buffer.byteLength(FINE))],
    ['authorization', `Bearer ${http.token}`],
    ['mcp-session-id', http.sessionId],
    ['mcp-protocol-version', '2025-11-25'],
  ];
}

const url = ({ http }: Scene): string => http?.url('odd') ?? '';

attack('W-07', async (scene) => {
  const before = scene.received().length;
  const headers = usual(scene);
  for (const double of [
    ['mcp-session-id', scene.http?.sessionId ?? ''],
    ['MCP-Session-ID', 'another'],
    ['mcp-protocol-version', '2025-11-25'],
    ['Mcp-Protocol-Version', '2025-03-26'],
  ] as const) {
    expect([double, (await post(url(scene), FINE, [...headers, double])).status]).toEqual([double, 400]);
  }
  expect(callsSince(scene, before)).toEqual([]);
  expect((await post(url(scene), FINE, headers)).status).toBe(200);
  expect(callsSince(scene, before)).toHaveLength(1);
});

attack('W-32', async (scene) => {
  const before = scene.received().length;
  const headers = usual(scene);
  const own = new URL(scene.http?.base ?? '').host;
  const without = headers.filter(([name]) => name !== 'host');
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    `evil.example:${own.split(':')[1]}`,
    '127.0.0.1@evil.example',
    'rebind.network:80',
  ]) {
    expect([host, (await post(url(scene), FINE, [['host', host], ...without])).status]).toEqual([host, 403]);
  }
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'file://',
    `http://${own}@evil.example`,
  ]) {
    expect([origin, (await post(url(scene), FINE, [...headers, ['origin', origin]])).status]).toEqual([origin, 403]);
  }
  expect(callsSince(scene, before)).toEqual([]);
});

attack('W-33', async ({ http }) => {
  if (http === undefined) throw new Error('only over HTTP');
  const client = http.client('remote');
  await client.initialize();
  const call = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } };
  const answer = await client.raw(JSON.stringify(call), {
    cookie: 'session=hostile',
    'proxy-authorization': 'Basic hostile',
    'x-forwarded-for': 'hostile',
    forwarded: 'for=hostile',
    'x-api-key': 'hostile',
    te: 'trailers',
  });
  expect(textOf(objAt(answer.messages[0], 'result'))).toBe('hi');
  expect(http.remote.requestHeaders.length).toBeGreaterThan(2);
  for (const headers of http.remote.requestHeaders) {
    expect(headers.authorization).toBe('Bearer token-for-upstream');
    const text = JSON.stringify(headers);
    for (const foreign of ['hostile', http.token, String(client.sessionId), 'trailers'])
      expect(text).not.toContain(foreign);
  }
});

attack('W-41', async (scene) => {
  const before = scene.received().length;
  const headers = usual(scene);
  const meta =
    '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}';
  const modern = FINE.replace('"arguments"', `${meta},"arguments"`);
  const sized = (body: string, more: readonly Pair[], without = ''): readonly Pair[] => [
    ...headers.filter(([name]) => name !== 'content-length' && name !== without),
    ['content-length', String(Buffer.byteLength(body))],
    ...more,
  ];
  const version = 'mcp-protocol-version';
  for (const [body, sent] of [
    [FINE, sized(FINE, [['mcp-method', 'tools/list']])],
    [FINE, sized(FINE, [['mcp-method', 'tools/call']], version)],
    [FINE, sized(FINE, [['mcp-name', 'other']])],
    [FINE, sized(FINE, [['mcp-param-text', 'hostile']])],
    [FINE, sized(FINE, [[version, '2026-07-28']], version)],
    [modern, sized(modern, [])],
    [modern, sized(modern, [], version)],
    [
      modern,
      sized(
        modern,
        [
          [version, '2025-11-25'],
          ['mcp-method', 'tools/call'],
          ['mcp-name', 'echo'],
        ],
        version,
      ),
    ],
  ] as const) {
    const { status, message } = await post(url(scene), body, sent);
    expect([sent.slice(-2), status]).toEqual([sent.slice(-2), 400]);
    expect(objAt(message, 'error')['code']).toBeTypeOf('number');
  }
  expect(callsSince(scene, before)).toEqual([]);
});

attack('W-44', async (scene) => {
  const before = scene.received().length;
  const headers = usual(scene);
  for (const double of [
    ['host', 'evil.example'],
    ['Authorization', 'Bearer token-of-bob-with-enough-characters'],
    ['content-type', 'text/plain'],
    ['content-length', '5'],
    ['transfer-encoding', 'chunked'],
  ] as const) {
    for (const lines of [
      [...headers, double],
      [double, ...headers],
    ]) {
      const { status } = await post(url(scene), FINE, lines).catch(() => ({ status: 400 }));
      expect([double, status]).toEqual([double, 400]);
    }
  }
  expect(callsSince(scene, before)).toEqual([]);
});
