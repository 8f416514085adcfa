import { afterEach, expect, test } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '../gateway/limits.ts';
import { DEFAULT_APPROVALS } from '../settings/question-bounds.ts';
import { Secret } from '../settings/secret.ts';
import type { ServerSettings, Settings } from '../settings/settings.ts';
import { Upstreams } from './upstreams.ts';

const upstreams = new Upstreams(() => {});
afterEach(() => upstreams.close());

type Server = Extract<ServerSettings, { kind: 'url' }>;

const SERVER: Server = {
  kind: 'url',
  name: 'remote',
  url: 'http://127.0.0.1:9/mcp',
  headers: new Map(),
  classes: new Map(),
  catalogue: undefined,
  privacy: new Map(),
  pins: 'hold',
  timeoutMs: 1000,
  idleMs: 1000,
};

/** The names of servers that begin anew under these settings. */
function replacedBy(server: Partial<Server>, limits: Partial<Limits> = {}): readonly string[] {
  const settings: Settings = {
    servers: new Map([['remote', { ...SERVER, ...server }]]),
    baseline: undefined,
    grants: new Map(),
    people: new Map(),
    approvals: DEFAULT_APPROVALS,
    hooks: new Map(),
    audit: {
      arguments: 'redacted',
      values: { key: undefined, earlier: [] },
      sync: 'interval',
      checkpoints: { records: 1000, ms: 60_000 },
      exports: new Map(),
      keep: undefined,
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
    hosts: [],
    origins: [],
    files: [],
  };
  return [...upstreams.apply(settings).keys()];
}

test('a server begins anew when what it was started with changes, its longest line too, and goes on otherwise', () => {
  expect(replacedBy({})).toEqual([]);
  expect(replacedBy({ timeoutMs: 5000 }, { calls: 1, messageBytes: 5000, nodes: 500 })).toEqual([]);
  expect(replacedBy({}, { lineBytes: 5000 })).toEqual(['remote']);
  expect(replacedBy({}, { lineBytes: 5000 })).toEqual([]);
  expect(replacedBy({}, { lineBytes: 5000, depth: 50 })).toEqual(['remote']);
  expect(replacedBy({}, { lineBytes: 5000 })).toEqual(['remote']);
  expect(replacedBy({ headers: new Map([['X-Key', new Secret('one')]]) }, { lineBytes: 5000 })).toEqual(['remote']);
});
