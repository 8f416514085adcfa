import { Client } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { openPlace, type Place, program, WAYS } from './place.ts';

const ASK_ALL = { sampling: 'allow', elicitation: 'allow', roots: 'allow' };
const OPEN = { version: '1', default: 'allow', requests: ASK_ALL, tools: {} };

const kit = started();
afterEach(() => kit.endAll());

/** A client of the stateless era that answers whatever it is asked, and keeps what it was asked. */
async function connect(place: Place): Promise<{ client: Client; asked: Obj[] }> {
  const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
  const client = new Client(
    { name: 'rounds', version: '1.0.0' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const asked: Obj[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push({ ...params });
    if (params.mode === 'url') return { action: 'accept' };
    const [field = ''] = Object.keys(params.requestedSchema.properties);
    return { action: 'accept', content: field === 'sure' ? { sure: true } : { [field]: 'Ada' } };
  });
  client.setRequestHandler('sampling/createMessage', ({ params }) => {
    asked.push({ ...params });
    return { model: 'a-model', role: 'assistant', content: { type: 'text', text: 'Good day' } };
  });
  client.setRequestHandler('roots/list', () => {
    asked.push({ roots: 'asked for' });
    return { roots: [{ uri: 'file:///garden', name: 'Garden' }] };
  });
  await client.connect(place.transport());
  kit.add({ stop: () => client.close() });
  expect(client.getProtocolEra()).toBe('modern');
  return { client, asked };
}

const called = (place: Place): readonly unknown[] => place.heard().map(({ tool }) => tool);
const call = (client: Client, name: string, args: Obj = {}) => client.callTool({ name, arguments: args });

describe.each(WAYS)('a call that needs input, $front in front and $back behind', (ways) => {
  const open = async (policy: Obj): Promise<Place> => {
    return kit.add(await openPlace({ ...ways, server: program('./asking-server.ts', 'modern'), policy }));
  };

  it('gets it from the client in as many rounds as it takes, whatever it asks for', async () => {
    const place = await open(OPEN);
    const { client, asked } = await connect(place);
    expect(textOf(await call(client, 'transfer', { amount: 5 }))).toBe('moved 5');
    expect(textOf(await call(client, 'sign_in'))).toBe('{"action":"accept"}');
    expect(textOf(await call(client, 'ask_model'))).toContain('Good day');
    expect(textOf(await call(client, 'look_around'))).toContain('file:///garden');
    expect(asked.splice(0)).toMatchObject([
      { message: 'Move 5?' },
      { mode: 'url', url: 'https://bank.example/login' },
      { maxTokens: 20 },
      { roots: 'asked for' },
    ]);
    const interviewed = textOf(await call(client, 'interview'));
    expect(interviewed).toMatch(/Ada.* then .*Good day.* then .*garden/);
    expect(asked).toHaveLength(3);
    expect(called(place).filter((tool) => tool === 'interview')).toHaveLength(4);
    const questions = (await place.log()).filter(({ method }) => method !== 'tools/call' && method !== undefined);
    expect(questions.map(({ method }) => String(method).split('/')[0]).sort()).toEqual(
      ['elicitation', 'elicitation', 'elicitation', 'roots', 'roots', 'sampling', 'sampling'].sort(),
    );
    expect(questions.every(({ decision }) => decision === 'allow')).toBe(true);
  });

  it.each([
    ['elicitation', 'transfer', 'elicitation/create'],
    ['elicitation', 'sign_in', 'elicitation/create'],
    ['sampling', 'ask_model', 'sampling/createMessage'],
    ['roots', 'look_around', 'roots/list'],
  ])('ends there if the policy forbids %s: %s', async (kind, name, method) => {
    const place = await open({ ...OPEN, requests: { ...ASK_ALL, [kind]: 'deny' } });
    const { client, asked } = await connect(place);
    // The server is not told that the client could be asked, and the SDK's server then goes no further by itself.
    const reason = `[POLICY DENIED] The server asks the client for ${method} to go on, and may not`;
    await expect(call(client, name)).rejects.toThrow(reason);
    expect(asked).toEqual([]);
    expect(place.heard()).toMatchObject([{ tool: name }]);
    expect(place.heard()[0]).not.toHaveProperty('answers');
    const denied = (await place.log()).filter(({ decision }) => decision === 'deny');
    expect(denied).toMatchObject([{ method, rule: `/requests/${kind}` }]);
  });

  it('is one call for a limit: with `max: 1` the confirmed one passes, and the next is not begun', async () => {
    const limits = [{ counter: 'transfers', window: 'hour', max: 1 }];
    const place = await open({ ...OPEN, tools: { transfer: { limits } } });
    const { client, asked } = await connect(place);
    expect(textOf(await call(client, 'transfer', { amount: 5 }))).toBe('moved 5');
    expect(textOf(await call(client, 'transfer', { amount: 6 }))).toMatch(/^\[POLICY DENIED\] .*transfers/);
    expect(asked).toHaveLength(1);
    expect(called(place)).toEqual(['transfer', 'transfer']);
  });
});
