import { expect } from 'vitest';
import { objAt } from '../kit/json-rpc.ts';
import { callsSince, onSession, refusalOf, unseen } from './attack.ts';
import { HIDDEN } from './odd-tools.ts';

const attack = onSession();

/** What the gate says of a name that the server does not have. */
const unknown = (name: string): string => `-32602 Unknown tool: ${name}`;

attack('W-09', async (scene) => {
  const names = [
    'echo ',
    ' echo',
    'Echo',
    'ECHO',
    'e\u0301cho',
    'echo\u200b',
    'ec\u00adho',
    'echo%2e',
    '%65cho',
    'ｅcho',
    'еcho',
  ];
  for (const name of [...names, ...names.map((one) => one.replace(/[eE]cho|ECHO/, HIDDEN)), 'odd__echo', './echo']) {
    expect(await unseen(scene, () => scene.client.call(name, { text: 'hostile' }))).toBe(unknown(name));
  }
  for (const name of ['echo\u0000', 'echo\n', 'echo\u0085', '']) {
    expect(await unseen(scene, () => scene.client.call(name, { text: 'hostile' }))).toMatch(
      /^-32602 params.name must be/,
    );
  }
});

attack('W-10', async (scene) => {
  const listed = objAt(await scene.client.request('tools/list'), 'result')['tools'];
  expect(JSON.stringify(listed)).toContain('"echo"');
  expect(JSON.stringify(listed)).not.toContain(`"${HIDDEN}"`);
  expect(await unseen(scene, () => scene.client.call(HIDDEN, { hostile: 1 }))).toBe(unknown(HIDDEN));
  expect(await unseen(scene, () => scene.client.call('no_such_tool', { hostile: 1 }))).toBe(unknown('no_such_tool'));
});

attack('W-11', async (scene) => {
  const params = { name: HIDDEN, arguments: { hostile: 1 }, task: { ttl: 60_000 } };
  expect(await unseen(scene, () => scene.client.request('tools/call', params))).toMatch(/^-3260\d /);
  for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
    const refusal = await unseen(scene, () => scene.client.request(method, { taskId: 'hostile-1' }));
    expect(refusal).toMatch(/^-3260\d /);
  }
});

attack('W-13', async (scene) => {
  const complete = (params: object): Promise<string> =>
    unseen(scene, () => scene.client.request('completion/complete', { ...params }));
  const prompt = { type: 'ref/prompt', name: 'secret' };
  const resource = { type: 'ref/resource', uri: 'file:///secret/hostile' };
  const argument = { name: 'x', value: 'hostile' };
  expect(await complete({ ref: prompt, argument })).toContain('POLICY DENIED');
  expect(await complete({ ref: resource, argument })).toContain('POLICY DENIED');
  const template = { type: 'ref/resource', uri: 'file:///{path}' };
  expect(await complete({ ref: template, argument: { name: 'path', value: 'secret/hostile' } })).toContain(
    'POLICY DENIED',
  );
  const open = { type: 'ref/prompt', name: 'open' };
  expect(await complete({ ref: { ...open, Name: 'secret' }, argument })).toMatch(/^-32602 .*looks like a key/);
  expect(await complete({ ref: open, argument: { ...argument, Value: 'hostile' } })).toMatch(
    /^-32602 .*looks like a key/,
  );
  const context = { arguments: {}, ARGUMENTS: { hostile: '1' } };
  expect(await complete({ ref: open, argument, context })).toMatch(/^-32602 .*looks like a key/);

  // One that may be completed reaches the server, so that the rest is not refused for another reason.
  const before = scene.received().length;
  await scene.client.request('completion/complete', { ref: open, argument });
  expect(callsSince(scene, before, 'completion/complete')).toHaveLength(1);
});

attack('W-14', async (scene) => {
  for (const uri of [
    'file:///secret/hostile',
    'file:///x/../secret/hostile',
    'file:///%73ecret/hostile',
    'FILE:///secret/hostile',
  ]) {
    for (const method of ['resources/read', 'resources/subscribe']) {
      expect(await unseen(scene, () => scene.client.request(method, { uri }))).toContain('POLICY DENIED');
    }
  }
  const before = scene.received().length;
  // The recording server has no resources, and says so itself.
  expect(refusalOf(await scene.client.request('resources/read', { uri: 'file:///public/a' }))).toContain(
    'Method not found',
  );
  expect(callsSince(scene, before, 'resources/read')).toHaveLength(1);
});
