import { expect, test } from 'vitest';
import type { KnownServer } from '../catalogue/known-server.ts';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { rootsNamed } from './roots-named.ts';

const files: KnownServer | undefined = loadCatalogue().server('filesystem');
const named = (...command: readonly string[]): readonly string[] =>
  rootsNamed({ command, folder: '/home/alice' }, files);

test('the folders that the command of the file server names, however they are written', () => {
  const npx = ['npx', '-y', '@modelcontextprotocol/server-filesystem'];
  expect(named(...npx, '/srv/data', './notes', '..')).toEqual(['/srv/data', '/home/alice/notes', '/home']);
  // Without it the policy would be as wide as the folder in which the scan was started.
  expect(named(...npx, 'notes')).toEqual(['/home/alice/notes']);
  expect(named('npx', '-y', '@modelcontextprotocol/server-filesystem@2026.8.31', 'notes')).toEqual([
    '/home/alice/notes',
  ]);
  expect(named('node', 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '/srv/data')).toEqual([
    '/srv/data',
  ]);
  expect(named(...npx)).toEqual([]);
  expect(rootsNamed({ command: [...npx, '/srv/data'], folder: undefined }, undefined)).toEqual([]);
});
