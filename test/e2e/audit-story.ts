import { expect } from 'vitest';
import type { HttpClient } from '../kit/http-client.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { RECORDING, tapped } from './servers.ts';

/** The token that alice was given, and one that nobody was. */
export const GIVEN = 'a-token-that-alice-was-given';
export const WRONG = 'a-token-that-nobody-was-given';
export const SECRETS = {
  password: 'correct-horse',
  api_key: 'k-4711-4711',
  bearer: 'abcdefgh12345678',
  inner: 'under-the-mat',
};
export const ARGS = {
  text: 'hello',
  password: SECRETS.password,
  nested: [{ api_key: SECRETS.api_key, colour: 'green' }],
  headers_json: JSON.stringify({
    Authorization: `Bearer ${SECRETS.bearer}`,
    'X-Api-Key': SECRETS.inner,
    Accept: '*/*',
  }),
};

export const RULES: Obj = {
  version: '1',
  default: 'deny',
  hide: ['die'],
  tools: {
    echo: { limits: [{ counter: 'echo_rate', window: 'hour', max: 2, scope: 'grant' }] },
    sum: {
      deny_if: [{ id: 'no-sevens', conditions: [{ path: 'args.a', op: 'eq', value: 7 }], on_deny: 'Not seven.' }],
    },
  },
};

/** Two grants on one server; all that reaches it is appended to the file. Bob's token is made by the gateway. */
export function configOf(heard: string): Obj {
  return {
    servers: { recording: { command: tapped(heard, RECORDING), env: {} } },
    policies: { rules: RULES },
    grants: {
      'alice-laptop': { owner: 'alice', labels: { env: 'dev' }, servers: { recording: 'rules' }, token: GIVEN },
      'bob-laptop': { owner: 'bob', labels: {}, servers: { recording: 'rules' } },
    },
  };
}

export async function callsOfAllKinds(client: HttpClient): Promise<void> {
  await client.initialize();
  await client.call('echo', ARGS);
  await client.call('echo', { text: 'again' });
  await client.call('echo', { text: 'once too often' });
  await client.call('sum', { a: 7, b: 1 });
  await client.call('log', {});
  await client.call('die', {});
  await client.call('no-such-tool', {});
}

export async function messagesThatAreNone(client: HttpClient): Promise<void> {
  await client.raw('{"jsonrpc":"2.0","id":1,');
  await client.raw('[{"jsonrpc":"2.0","id":1,"method":"ping"}]');
  expect(objAt(await client.request('tools/burn', {}), 'error')['code']).toBe(-32601);
}
