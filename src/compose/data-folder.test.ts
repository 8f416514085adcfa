import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDataFolder } from './data-folder.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'toolgate-folder-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

it('is made with what lies above it, for its owner only', () => {
  const folder = join(place, 'a', 'b');
  makeDataFolder(folder);
  makeDataFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it.each(['', 'deeper'])('names the folder and the remedy where a file is in the way', (below) => {
  const file = join(place, 'file');
  writeFileSync(file, '');
  const folder = join(file, below);
  expect(() => makeDataFolder(folder)).toThrow(/the data folder .*file.* cannot be made \(E[A-Z]+\); choose .*--data/);
});
