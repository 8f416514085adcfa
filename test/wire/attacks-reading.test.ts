import { expect } from 'vitest';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { callsSince, echo, FINE, onSession, unseen } from './attack.ts';

const attack = onSession();

const insert = (member: string): string => FINE.replace('"arguments"', `${member},"arguments"`);

attack('W-01', async (scene) => {
  for (const bytes of [
    FINE.replace('"params"', '"method":"tools/list","params"'),
    FINE.replace('"id"', '"id":1,"id"'),
    insert('"name":"sum"'),
    insert('"n\\u0061me":"sum"'),
    insert('"_meta":{"progressToken":1,"progressToken":2}'),
    FINE.replace('"text"', '"text":"harmless","text"'),
    FINE.replace('"text"', '"a":[{"b":1,"b":2}],"text"'),
  ]) {
    expect(await unseen(scene, () => scene.client.raw(bytes))).toMatch(/^-32700 .*twice/);
  }
});

attack('W-02', async (scene) => {
  for (const bytes of [
    FINE.replace('"params"', '"Method":"tools/list","params"'),
    FINE.replace('"method"', '"METHOD"'),
    FINE.replace('"params"', '"param\u017f":{"name":"sum"},"params"'),
    insert('"NAME":"sum"'),
    insert('"argument\u017f":{}'),
    insert('"_meta":{"progressTo\u212aen":1}'),
    insert('"ｎａｍｅ":"sum"'),
    insert('"ur\u0131":"file:///secret/a"'),
    insert('"clientInfo":{"name":"a","Name":"b"}'),
  ]) {
    expect(await unseen(scene, () => scene.client.raw(bytes))).toMatch(/^-32600 /);
  }
});

attack('W-03', async (scene) => {
  for (const key of ['progress_token', 'request_state', 'request-state', 'input_responses', 'task_id', 'meta']) {
    expect(await unseen(scene, () => scene.client.raw(insert(`"${key}":"x"`)))).toMatch(/^-32600 .*looks like a key/);
  }
  const inner = insert('"_meta":{"progress_token":1}');
  expect(await unseen(scene, () => scene.client.raw(inner))).toMatch(/^-32600 .*looks like a key/);
});

attack('W-04', async (scene) => {
  for (const key of ['name\\u0000', 'name\\u0000x', '\\u0000name', 'na\\u0000me', 'na\u200bme', 'name\\t']) {
    expect(await unseen(scene, () => scene.client.raw(insert(`"${key}":"sum"`)))).toMatch(/^-32600 /);
  }
});

attack('W-05', async (scene) => {
  for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    const client = await scene.another('own', version);
    for (const bytes of [`[${FINE}]`, `[${FINE},${FINE}]`, '[]', `[[${FINE}]]`]) {
      expect(await unseen(scene, () => client.raw(bytes))).toMatch(/^-32600 batches/);
    }
  }
});

attack('W-28', async (scene) => {
  const before = scene.received().length;
  const reply = await scene.client.raw(echo('"in one piece"').replaceAll(',', '\r,\r'));
  expect(textOf(objAt(reply, 'result'))).toBe('in one piece');
  const since = scene.received().slice(before);
  expect(since.join('')).not.toContain('\r');
  expect(callsSince(scene, before)).toHaveLength(1);
  const two = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\r${FINE}`;
  expect(await unseen(scene, () => scene.client.raw(two))).toMatch(/^-32700 /);
});

attack('W-29', async (scene) => {
  const bytes = FINE.replace('hostile', 'hostile '.repeat(2_621_440));
  const refusal = await unseen(scene, () => scene.client.raw(bytes));
  expect(refusal).toMatch(/larger than|longer than/);
});

attack('W-30', async (scene) => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const bytes = echo(`${open.repeat(100_000)}0${close.repeat(100_000)}`).replace('"text"', '"hostile"');
    expect(await unseen(scene, () => scene.client.raw(bytes))).toMatch(/^-32700 .*nested deeper/);
  }
});

attack('W-31', async (scene) => {
  for (const number of ['1e400', '-1e400', '9007199254740993', '0.10000000000000001', '1e-400']) {
    const bytes = echo(number).replace('"text"', '"hostile":1,"text"');
    expect(await unseen(scene, () => scene.client.raw(bytes))).toMatch(/^-32700 .*carried exactly/);
  }
  const before = scene.received().length;
  await scene.client.raw(echo('[9007199254740992,1.50e1,-0,1e21]'));
  expect(scene.received().slice(before).join('')).toContain('"text":[9007199254740992,15,0,1e+21]');
});

attack('W-39', async (scene) => {
  const text = 'a\u0085{"jsonrpc":"2.0"}\u2028b\u2029c';
  const before = scene.received().length;
  const reply = await scene.client.raw(echo(JSON.stringify(text)));
  expect(textOf(objAt(reply, 'result'))).toBe(text);
  const [line = ''] = scene.received().slice(before);
  expect(line).not.toMatch(/[\u0085\u2028\u2029]/);
  expect(objAt(objAt(JSON.parse(line), 'params'), 'arguments')['text']).toBe(text);
});

attack('W-42', async (scene) => {
  const half = Buffer.from(FINE.slice(0, -4));
  for (const bytes of [
    `\ufeff${FINE}`,
    Buffer.concat([half, Buffer.from([0xff, 0xfe]), Buffer.from('"}}}')]),
    Buffer.concat([half, Buffer.from([0xc0, 0xaf]), Buffer.from('"}}}')]),
    Buffer.concat([half, Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}}}')]),
    echo('"hostile\\ud800"'),
    echo('"hostile\\udc00\\ud800"'),
    `${FINE}\0`,
    FINE + FINE,
  ]) {
    expect(await unseen(scene, () => scene.client.raw(bytes))).toMatch(/^-32700 /);
  }
});

attack('W-43', async (scene) => {
  const args = '{"__proto__":{"text":"inherited"},"constructor":1,"10":"b","2":"a","text":"own"}';
  const bytes = FINE.replace(/\{"text":"hostile"\}/, args);
  const before = scene.received().length;
  expect(textOf(objAt(await scene.client.raw(bytes), 'result'))).toBe('own');
  const [line = ''] = scene.received().slice(before);
  for (const member of ['"__proto__":{"text":"inherited"}', '"constructor":1', '"10":"b"', '"2":"a"']) {
    expect(line).toContain(member);
  }
});
