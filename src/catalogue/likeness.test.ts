import { expect, it } from 'vitest';
import { likenessOf, namesakeOf } from './likeness.ts';

const PACKAGES = new Map([
  ['npm:@playwright/mcp', 'playwright'],
  ['npm:@modelcontextprotocol/server-filesystem', 'filesystem'],
  ['pypi:mcp-server-git', 'git'],
]);

it('a known package is known', () => {
  expect(likenessOf('npm:@playwright/mcp', PACKAGES)).toEqual({ kind: 'known', server: 'playwright' });
});

it.each([
  ['npm:@playwrlght/mcp', 'looks like'],
  ['npm:playwright-mcp', 'looks like'],
  ['npm:@playwrigth/mcp', 'spelled nearly'],
  ['npm:@modelcontextprotocol/server-filesytem', 'spelled nearly'],
  ['npm:@modelcontextprotoco1/server-filesystem', 'looks like'],
  ['npm:@plаywright/mcp', 'looks like'],
  ['npm:mcp-server-git', 'in another registry'],
  ['npm:@playwright/mcp-server', 'goes by the same words'],
  ['npm:server-filesystem', 'goes by the same words'],
  ['pypi:git-mcp-server', 'goes by the same words'],
])('%s only %s a known one', (name, why) => {
  const found = likenessOf(name, PACKAGES);
  expect(found.kind === 'alike' ? found.why : found.kind).toContain(why);
});

it.each(['npm:@somebody/weather-mcp', 'npm:mcp', 'pypi:mcp-server-weather'])('%s is nobody known', (name) => {
  expect(likenessOf(name, PACKAGES)).toEqual({ kind: 'strange' });
});

it('a server that goes by a known name is told of, with and without what such names are decorated by', () => {
  const servers = ['github', 'filesystem'];
  expect(namesakeOf('io.github.eve/github', servers)).toBe('github');
  expect(namesakeOf('io.github.eve/github-mcp-server', servers)).toBe('github');
  expect(namesakeOf('io.github.eve/filesytem', servers)).toBe('filesystem');
  expect(namesakeOf('io.github.eve/g1thub', servers)).toBe('github');
  expect(namesakeOf('io.github.eve/weather', servers)).toBeUndefined();
});
