import { expect, test } from 'vitest';
import type { WrapTarget } from '../cli/world.ts';
import { wrapServerName } from './wrap-server-name.ts';

const command = (...words: [string, ...string[]]): WrapTarget => ({ kind: 'command', command: words });
const remote = (url: string): WrapTarget => ({ kind: 'url', url, headers: new Map() });
const named = (target: WrapTarget, server?: string) => wrapServerName({ server, target });

test.each([
  [command('npx', '-y', 'server'), 'npx'],
  [command('/usr/local/bin/my-server.js'), 'my-server'],
  [remote('https://mcp.example.com/mcp'), 'mcp.example.com'],
  [remote('http://127.0.0.1:3911/mcp'), '127.0.0.1:3911'],
  [remote('http://[::1]:3911/mcp'), '[::1]:3911'],
])('a server without a name is named for its program or host: %j', (target, name) => {
  expect(named(target).name).toBe(name);
  expect(named(target).identity).toMatch(new RegExp(`^${name.replace(/[.[\]]/g, '\\$&')}#[0-9a-f]{8}$`));
});

test('a given name is all that there is to it, whatever runs', () => {
  for (const target of [command('npx', 'a'), command('npx', 'b'), remote('https://a/')]) {
    expect(named(target, 'mine')).toEqual({ name: 'mine', identity: 'mine' });
  }
});

test('the same server is the same at the next start, and another that runs by the same program is another', () => {
  const identities = [
    command('npx', 'a'),
    command('npx', 'b'),
    command('npx', 'a', 'b'),
    command('npx', 'a b'),
    command('/opt/npx', 'a'),
    remote('https://mcp.example.com/a'),
    remote('https://mcp.example.com/b'),
    remote('https://mcp.example.com/a?team=1'),
    remote('https://mcp.example.com/a?team=2'),
    remote('http://mcp.example.com/a'),
  ].map((target) => named(target).identity);
  expect(new Set(identities).size).toBe(identities.length);
  expect(named(command('npx', 'a')).identity).toBe(identities[0]);
});

test('a secret in the URL may change, and the server stays the same', () => {
  const { identity } = named(remote('https://mcp.example.com/a?team=1&api_key=first&key=first'));
  expect(named(remote('https://mcp.example.com/a?api_key=second&key=second&team=1')).identity).toBe(identity);
});
