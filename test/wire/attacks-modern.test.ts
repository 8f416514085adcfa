import { expect } from 'vitest';
import { eventually } from '../e2e/rig.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { attacksOn, refusalOf } from './attack.ts';
import { type Ask, headersFor, type ModernScene, modern, modernHttp, modernStdio, stateOf } from './modern-scene.ts';
import { HIDDEN } from './odd-tools.ts';
import { type Pair, post } from './post.ts';

const attack = attacksOn<ModernScene>({ http: modernHttp, stdio: modernStdio });

const book = (flight: string, more: Obj = {}): Obj => ({ name: 'book', arguments: { flight }, ...more });
const seat = (requestState: string): Obj => ({
  inputResponses: { seat: { action: 'accept', content: { seat: '1A' } } },
  requestState,
});

/** Begins a call that asks for input; gives the state for its second round. */
async function begin(ask: Ask, flight: string): Promise<string> {
  const answer = await ask('tools/call', book(flight));
  expect(objAt(answer, 'result')).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
  return stateOf(answer);
}

/** Does what must be refused; the server has got no call by it. */
async function refused(scene: ModernScene, act: () => Promise<Obj>): Promise<string> {
  const before = scene.received('tools/call').length;
  const refusal = refusalOf(await act());
  expect(scene.received('tools/call').slice(before)).toEqual([]);
  return refusal;
}

const inner = (one: Obj): Obj => objAt(one, 'params');

attack('W-06', async ({ http, received }) => {
  if (http === undefined) throw new Error('only over HTTP');
  const params = { name: 'echo', arguments: { text: 'hostile' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: modern(params) });
  const right = headersFor('tools/call', params);
  const swapped = (name: string, ...values: string[]): readonly Pair[] => [
    ...right.filter(([one]) => one !== name),
    ...values.map((value) => [name, value] as const),
  ];
  for (const headers of [
    ...[swapped('mcp-method', 'tools/list'), swapped('mcp-method', 'TOOLS/CALL'), swapped('mcp-method')],
    ...[swapped('mcp-name', 'sum'), swapped('mcp-name', 'ECHO'), swapped('mcp-name', ''), swapped('mcp-name')],
    ...[
      swapped('mcp-name', 'echo', 'echo'),
      swapped('mcp-name', 'echo', 'sum'),
      swapped('mcp-method', 'tools/call', 'ping'),
    ],
    ...[swapped('mcp-protocol-version', '2025-11-25'), swapped('mcp-protocol-version')],
  ]) {
    const { status, message } = await post(http.url, body, [...http.headers, ...headers]);
    expect([headers, status, objAt(message, 'error')['code']]).toEqual([headers, 400, -32020]);
  }
  expect(received('tools/call')).toEqual([]);
  const { message } = await post(http.url, body, [...http.headers, ...right]);
  expect(textOf(objAt(message, 'result'))).toBe('hostile');
  expect(received('tools/call')).toHaveLength(1);
});

attack('W-08', async ({ http, received }) => {
  if (http === undefined) throw new Error('only over HTTP');
  const before = received('tools/call').length;
  const send = (name: string, header: string): ReturnType<typeof post> => {
    const params = { name, arguments: { text: 'hostile' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: modern(params) });
    const headers = headersFor('tools/call', params).filter(([one]) => one !== 'mcp-name');
    return post(http.url, body, [...http.headers, ...headers, ['mcp-name', header]]);
  };
  const encoded = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;
  const hidden = await send(HIDDEN, encoded(HIDDEN));
  expect(objAt(hidden.message, 'error')).toMatchObject({ code: -32602, message: `Unknown tool: ${HIDDEN}` });
  for (const [name, header] of [
    ['echo', encoded(HIDDEN)],
    [HIDDEN, encoded('echo')],
    ['echo', '=?base64?ZWNobw?='],
    ['echo', '=?BASE64?ZWNobw==?='],
    ['echo', '=?base64?ZWNo bw==?='],
  ] as const) {
    const { status, message } = await send(name, header);
    expect([header, status, objAt(message, 'error')['code']]).toEqual([header, 400, -32020]);
  }
  expect(received('tools/call').slice(before)).toEqual([]);
  expect((await send('echo', encoded('echo'))).status).toBe(200);
  expect(received('tools/call').slice(before)).toHaveLength(1);
});

attack('W-12', async (scene) => {
  const said = async (name: string): Promise<readonly string[]> => {
    const args = { flight: 'LH 1' };
    const answers = { inputResponses: {} };
    const state = await begin(scene.own, 'LH 1');
    return [
      await refused(scene, () => scene.own('tools/call', { name, arguments: args })),
      await refused(scene, () => scene.own('tools/call', { name, arguments: args, ...answers })),
      await refused(scene, () => scene.own('tools/call', { name, arguments: args, ...seat(state) })),
      await refused(scene, () => scene.own('tools/call', { name, arguments: args, ...seat('made-up') })),
    ];
  };
  const hidden = await said(HIDDEN);
  expect(hidden[0]).toBe(`-32602 Unknown tool: ${HIDDEN}`);
  expect(hidden.map((text) => text.replace(HIDDEN, 'no_such_tool'))).toEqual(await said('no_such_tool'));
});

attack('W-15', async (scene) => {
  for (const changed of [{ flight: 'LH 2' }, { flight: 'LH 1', extra: 1 }, {}, { flight: ['LH 1'] }]) {
    const state = await begin(scene.own, 'LH 1');
    await refused(scene, () => scene.own('tools/call', { name: 'book', arguments: changed, ...seat(state) }));
  }
  const state = await begin(scene.own, 'LH 1');
  await refused(scene, () => scene.own('tools/call', { name: 'echo', arguments: { flight: 'LH 1' }, ...seat(state) }));
  // The same call goes through, with the server's own state and not ours.
  const honest = await begin(scene.own, 'LH 1');
  const answer = await scene.own('tools/call', book('LH 1', seat(honest)));
  expect(textOf(objAt(answer, 'result'))).toBe('booked LH 1');
  expect(inner(scene.received('tools/call').at(-1) ?? {})['requestState']).toBe('state-of-the-server');
});

attack('W-17', async (scene) => {
  const { taskId } = objAt(await scene.own('tools/call', { name: 'long', arguments: {} }), 'result');
  expect(taskId).toBeTypeOf('string');
  const before = ['tasks/get', 'tasks/cancel', 'tasks/update'].flatMap(scene.received).length;
  for (const id of [taskId, 'task-1', 'task-2', 'made-up']) {
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      const params = method === 'tasks/update' ? { taskId: id, inputResponses: {} } : { taskId: id };
      await refused(scene, () => scene.other(method, params));
    }
  }
  expect(['tasks/get', 'tasks/cancel', 'tasks/update'].flatMap(scene.received)).toHaveLength(before);
  expect(objAt(await scene.own('tasks/get', { taskId }), 'result')['status']).toBe('working');
});

attack('W-18', async (scene) => {
  const state = await begin(scene.own, 'LH 3');
  await refused(scene, () => scene.other('tools/call', book('LH 3', seat(state))));
  const answer = await scene.own('tools/call', book('LH 3', seat(state)));
  expect(textOf(objAt(answer, 'result'))).toBe('booked LH 3');
});

attack('W-20', async (scene) => {
  const state = await begin(scene.own, 'LH 4');
  const middle = Math.floor(state.length / 2);
  const flipped = state.slice(0, middle) + (state[middle] === 'A' ? 'B' : 'A') + state.slice(middle + 1);
  for (const forged of [
    flipped,
    state.slice(1),
    `${state}A`,
    state.toUpperCase(),
    'state-of-the-server',
    '',
    'made-up',
  ]) {
    await refused(scene, () => scene.own('tools/call', book('LH 4', seat(forged))));
  }
});

attack('W-21', async (scene) => {
  const once = (more: Obj): Obj => ({ name: 'once', arguments: {}, ...more });
  const state = stateOf(await scene.own('tools/call', once({})));
  expect(textOf(objAt(await scene.own('tools/call', once(seat(state))), 'result'))).toBe('done');
  for (let again = 0; again < 3; again++) {
    expect(await refused(scene, () => scene.own('tools/call', once(seat(state))))).toContain('POLICY DENIED');
  }
});

attack('W-37', async ({ http, received }) => {
  if (http === undefined) throw new Error('only over HTTP');
  const params = { name: 'hang', arguments: {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'leave', method: 'tools/call', params: modern(params) });
  const hanging = (): readonly Obj[] => received('tools/call').filter((one) => inner(one)['name'] === 'hang');
  const leave = new AbortController();
  const left = post(http.url, body, [...http.headers, ...headersFor('tools/call', params)], leave.signal).catch(
    () => undefined,
  );
  await eventually('the call is under way', () => hanging().length === 1);
  leave.abort();
  await left;
  await eventually('the server is told', () => received('notifications/cancelled').length === 1);
  expect(inner(received('notifications/cancelled')[0] ?? {})['requestId']).toBe(hanging()[0]?.['id']);
});
