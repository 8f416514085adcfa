import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSettings } from '../settings/load.ts';
import { exampleFile, exampleRuns } from './example.ts';
import { standingOf, standingsOf } from './standings.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'toolgate-example-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

it('loads, and asks a person who is there about the tool that it names', async () => {
  const { file, isNew } = exampleFile(join(place, 'data'));
  expect(isNew).toBe(true);
  const loaded = await loadSettings(file, {});
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  const { people } = loaded.settings;
  expect([...people.values()].some(({ roles }) => roles.has('approver') && roles.has('editor'))).toBe(true);
  const [, tool = ''] = /agent call ([a-z-]+):/.exec(exampleRuns(file)) ?? [];
  const standing = standingOf(standingsOf(loaded.settings), 'my-agent', 'everything', 0);
  expect(standing?.ruleText('policy', `/tools/${tool}/action`)).toBe('"require_approval"');
});

it('is its owner’s only, and is left as its owner made it', () => {
  const { file } = exampleFile(join(place, 'data'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, '{}');
  expect(exampleFile(join(place, 'data'))).toEqual({ file, isNew: false });
  expect(readFileSync(file, 'utf8')).toBe('{}');
});
