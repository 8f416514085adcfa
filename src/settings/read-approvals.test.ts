import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { loadSettings } from './load.ts';
import { DEFAULT_APPROVALS } from './question-bounds.ts';
import type { AskSettings } from './settings.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-asking-'));
afterAll(() => rm(folder, { recursive: true }));

const env = { PAGES: 'https://gate.example.com/', TIMEOUT: '2m', WRONG: 'secret-value' };

async function load(approvals: unknown): Promise<AskSettings | string> {
  const file = join(folder, 'toolgate.json');
  await writeFile(file, JSON.stringify({ servers: {}, approvals }));
  const loaded = await loadSettings(file, env);
  if (loaded.kind === 'settings') return loaded.settings.approvals;
  return loaded.problems.map(({ pointer, message }) => `${pointer} ${message}`).join('\n');
}

describe('how people are asked', () => {
  it('is known without a word about it', async () => {
    const standard = { url: undefined, timeoutMs: 900_000, holdMs: undefined, maxOfGrant: 20, maxOfName: 5 };
    expect(await load(undefined)).toEqual(standard);
    expect(await load({})).toEqual(standard);
    expect(DEFAULT_APPROVALS).toEqual(standard);
  });

  it('is taken from the configuration', async () => {
    const approvals = { url: 'https://gate.example.com/tools/', timeout: '1h', hold: 50, open: 3, open_per_tool: 1 };
    expect(await load(approvals)).toEqual({
      url: 'https://gate.example.com/tools',
      timeoutMs: 3_600_000,
      holdMs: 50_000,
      maxOfGrant: 3,
      maxOfName: 1,
    });
  });

  test.each<[unknown, string]>([
    [`\${PAGES}`, 'https://gate.example.com'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['HTTPS://Gate.Example.com:443//', 'https://gate.example.com'],
    ['http://[::1]:8787/a/b', 'http://[::1]:8787/a/b'],
  ])('the address %s is told as %s', async (url, told) => {
    expect(await load({ url })).toMatchObject({ url: told });
  });

  test.each<[unknown, number]>([
    ['10s', 10_000],
    ['31d', 2_678_400_000],
    ['month', 2_678_400_000],
    [`\${TIMEOUT}`, 120_000],
    [90, 90_000],
  ])('a question stands for %s', async (timeout, timeoutMs) => {
    expect(await load({ timeout })).toMatchObject({ timeoutMs });
  });

  it('may hold no call at all', async () => {
    expect(await load({ hold: 0 })).toMatchObject({ holdMs: 0 });
  });
});

const URL_RULE =
  'must be an absolute http or https URL without user name, query and fragment, such as "https://gateway.example.com"';

describe('what is refused', () => {
  test.each<[unknown, string]>([
    [[], '/approvals must be an object'],
    [{ tiemout: '1h' }, '/approvals/tiemout unknown key "tiemout" — did you mean "timeout"?'],
    [{ url: 'gate.example.com' }, `/approvals/url ${URL_RULE}`],
    [{ url: 'ftp://gate.example.com' }, `/approvals/url ${URL_RULE}`],
    [{ url: 'https://u:p@gate.example.com' }, `/approvals/url ${URL_RULE}`],
    [{ url: 'https://gate.example.com/?' }, `/approvals/url ${URL_RULE}`],
    [{ url: 'https://gate.example.com/#top' }, `/approvals/url ${URL_RULE}`],
    [{ url: 8787 }, '/approvals/url must be a string'],
    [{ timeout: '5s' }, '/approvals/timeout must be a time such as "15m", from 10 seconds to 31 days'],
    [{ timeout: '32d' }, '/approvals/timeout must be a time such as "15m", from 10 seconds to 31 days'],
    [{ hold: 3601 }, '/approvals/hold must be a whole number from 0 to 3600, not 3601'],
    [{ hold: 1.5 }, '/approvals/hold must be a whole number from 0 to 3600, not 1.5'],
    [{ hold: '50s' }, '/approvals/hold must be a whole number from 0 to 3600'],
    [{ open: 0 }, '/approvals/open must be a whole number from 1 to 10000, not 0'],
    [{ open_per_tool: 10_001 }, '/approvals/open_per_tool must be a whole number from 1 to 10000, not 10001'],
  ])('%j', async (approvals, said) => {
    expect(await load(approvals)).toBe(said);
  });

  it('a time in other words, with those that there are', async () => {
    expect(await load({ timeout: 'hours' })).toMatch(
      /^\/approvals\/timeout unknown window "hours" — did you mean "hour"/,
    );
    expect(await load({ timeout: null })).toMatch(/^\/approvals\/timeout unknown window; write one of/);
  });

  it('and what the environment put there by mistake is not repeated', async () => {
    const said = await load({ url: `\${WRONG}`, timeout: `\${WRONG}` });
    expect(said).toContain('/approvals/url must be');
    expect(said).toContain('/approvals/timeout must be');
    expect(said).not.toContain('secret-value');
  });
});
