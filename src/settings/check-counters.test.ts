import { describe, expect, it } from 'vitest';
import { checkCounters } from './check-counters.ts';
import { compileNamed, type NamedPolicy } from './named-policy.ts';
import type { Reading } from './reading.ts';
import type { GrantSettings } from './settings.ts';

async function policy(name: string, window: string, scope: string): Promise<NamedPolicy> {
  const limit = { counter: 'sends', window, max: 10, scope };
  const compiled = await compileNamed(
    name,
    { version: '1', default: 'deny', tools: { send: { limits: [limit] } } },
    'policy',
  );
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  return { ...compiled.policy, source: { file: '/policies.json', pointer: `/policies/${name}` } };
}

function grant(name: string, policies: Record<string, NamedPolicy>): [string, GrantSettings] {
  const settings: GrantSettings = {
    name,
    owner: 'alice',
    labels: {},
    policies: new Map(Object.entries(policies)),
    tokenHash: undefined,
    expiresAt: undefined,
  };
  return [name, settings];
}

function problems(grants: [string, GrantSettings][], baseline?: NamedPolicy): string[] {
  const reading: Reading = { env: {}, found: [] };
  checkCounters(reading, new Map(grants), baseline);
  return reading.found.map(({ pointer, message }) => `${pointer} ${message}`);
}

const MINUTE = await policy('strict', 'minute', 'grant');
const HOUR = await policy('loose', 'hour', 'grant');
const SERVER = await policy('together', 'minute', 'server');

describe('one counter name on one server', () => {
  it('may be shared by policies that mean the same counter, however they spell its window', async () => {
    const same = await policy('same', '60s', 'grant');
    expect(problems([grant('a', { mail: MINUTE }), grant('b', { mail: same })])).toEqual([]);
  });

  it('may mean something else on another server', () => {
    expect(problems([grant('a', { mail: MINUTE }), grant('b', { chat: HOUR })])).toEqual([]);
  });

  it.each([
    ['window', HOUR],
    ['scope', SERVER],
  ])('may not have another %s in another policy', (what, other) => {
    const [problem = ''] = problems([grant('a', { mail: MINUTE }), grant('b', { mail: other })]);
    expect(problem).toContain('/grants/b/servers/mail the counter "sends"');
    expect(problem).toContain(what);
  });

  it('is one over all servers where its scope is global', async () => {
    const minute = await policy('everywhere', 'minute', 'global');
    const hour = await policy('elsewhere', 'hour', 'global');
    expect(problems([grant('a', { mail: minute }), grant('b', { chat: minute })])).toEqual([]);
    const [problem = ''] = problems([grant('a', { mail: minute }), grant('b', { chat: hour })]);
    expect(problem).toContain('/grants/b/servers/chat the global counter "sends" has one window');
  });

  it('may not differ from the baseline either', () => {
    expect(problems([grant('a', { mail: MINUTE })], HOUR)).toHaveLength(1);
  });
});
