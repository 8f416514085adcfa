import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MemoryApprovals, memoryApprovals } from '../../test/kit/memory-approvals.ts';
import { memoryPins } from '../../test/kit/memory-pins.ts';
import type { Approval } from '../gateway/approvals/approval.ts';
import type { Adopted, ExceptionWish } from '../gateway/approvals/approval-desk.ts';
import type { Exceptions } from '../gateway/approvals/local-desk.ts';
import { type Entry, StoreFault } from '../gateway/ports.ts';
import { loadSettings } from '../settings/load.ts';
import { exceptionsOf } from './exceptions.ts';

const NOW = Date.UTC(2026, 10, 21);
const ANN = { name: 'ann', roles: new Set(['editor'] as const) };
const EXACTLY: ExceptionWish = { until: undefined, widen: {}, limit: undefined };
const ASKS = '{ "version": "1", "default": "deny", "tools": { "pay": { "action": "require_approval" } } }\n';
const OTHER = '{ "version": "1", "default": "deny" }\n';

const QUESTION: Approval = {
  id: 'ap_1',
  key: 'k',
  state: 'open',
  edition: 0,
  askedAt: NOW,
  expires: NOW + 60_000,
  subject: {
    grant: 'desk',
    owner: 'alice',
    server: 'bank',
    kind: 'tool',
    method: 'tools/call',
    name: 'pay',
    class: 'unknown',
    params: '{"arguments":{"amount":40},"name":"pay"}',
    definition: undefined,
    description: undefined,
    rule: { document: 'policy', pointer: '/tools/pay/action', id: undefined, mark: 'm' },
    reason: 'asks',
    client: { name: undefined, version: undefined },
    session: undefined,
    quorum: { count: 1, lists: [] },
  },
  answers: [],
  edit: undefined,
  used: undefined,
  why: undefined,
};

interface Bench {
  readonly exceptions: Exceptions;
  readonly store: MemoryApprovals;
  /** Who was told of what, and what stood in the policy's file then. */
  readonly told: (readonly string[])[];
  adopt(question?: Approval): Promise<Adopted>;
  events(): readonly Record<string, unknown>[];
}

let folder: string;
let now: number;
/** What happens in the moment in which something is put on record. */
let onRecord: (entry: Entry) => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-exceptions-'));
  now = NOW;
  onRecord = () => {};
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function inFile(name = 'asks.json'): string {
  return readFileSync(join(folder, name), 'utf8');
}

async function bench(question: Approval = QUESTION, baseline?: string): Promise<Bench> {
  const config = {
    servers: { bank: { command: ['true'] } },
    policies: { asks: 'asks.json', ...(baseline === undefined ? {} : { base: 'base.json' }) },
    grants: { desk: { owner: 'alice', servers: { bank: 'asks' } } },
    ...(baseline === undefined ? {} : { baseline: 'base' }),
  };
  writeFileSync(join(folder, 'asks.json'), ASKS);
  if (baseline !== undefined) writeFileSync(join(folder, 'base.json'), baseline);
  writeFileSync(join(folder, 'toolgate.json'), JSON.stringify(config));
  const loaded = await loadSettings(join(folder, 'toolgate.json'), {});
  if (loaded.kind === 'problems') throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const store = memoryApprovals((entry) => onRecord(entry));
  store.write({ approvals: [question], records: [], notices: [] }, NOW);
  const told: (readonly string[])[] = [];
  const { pins, pinEditions, changePins, close } = memoryPins();
  let ids = 0;
  const exceptions = exceptionsOf({
    clock: { now: () => now, tick: () => now, lead: () => 0 },
    crypto: { id: () => `id-${++ids}`, digest: (text) => `digest of ${text}` },
    store: Object.assign(store, { pins, pinEditions, changePins, close }),
    folder: join(folder, 'data'),
    env: {},
    settings: () => loaded.settings,
    onAdopted: (policy, digest, by) => told.push([policy, digest, by, inFile(`${policy}.json`)]),
  });
  return {
    exceptions,
    store,
    told,
    async adopt(asked = question) {
      const proposal = await exceptions.propose(asked, EXACTLY);
      if (proposal.kind !== 'proposal') throw new Error(proposal.reason);
      return exceptions.adopt(asked, EXACTLY, proposal.digest, ANN);
    },
    events: () => store.records.map(({ body }) => JSON.parse(body)),
  };
}

describe('what is written is on record before', () => {
  test('who wrote which version for which question', async () => {
    const { adopt, events } = await bench();
    let before = '';
    onRecord = () => {
      before = inFile();
    };
    const adopted = await adopt();
    expect(adopted).toMatchObject({ kind: 'adopted', policies: [{ policy: 'asks' }] });
    expect(before).toBe(ASKS);
    expect(inFile()).toContain('"approve_if"');
    const [after] = adopted.kind === 'adopted' ? adopted.policies : [];
    expect(events()).toMatchObject([
      {
        event: 'policy written',
        policyName: 'asks',
        before: expect.stringMatching(/^[0-9a-f]{64}$/),
        after: after?.digest,
        by: 'ann',
        approval: 'ap_1',
        tool: 'pay',
      },
    ]);
  });

  test('a store that cannot be written: nothing is changed, and nothing else is said', async () => {
    const { adopt, store, told } = await bench();
    store.broken = 'it is locked';
    await expect(adopt()).rejects.toThrow(StoreFault);
    expect(inFile()).toBe(ASKS);
    expect(readdirSync(folder).sort()).toEqual(['asks.json', 'data', 'toolgate.json']);
    store.broken = undefined;
    expect(store.records).toEqual([]);
    expect(told).toEqual([]);
  });

  test('a policy that somebody else changes in that moment stays, and the record is taken back', async () => {
    const { adopt, events, told } = await bench();
    onRecord = () => writeFileSync(join(folder, 'asks.json'), OTHER);
    expect(await adopt()).toMatchObject({ kind: 'changed', reason: expect.stringContaining('stays as it is') });
    expect(inFile()).toBe(OTHER);
    const [written, not] = events();
    expect(written).toMatchObject({ event: 'policy written' });
    expect(not).toMatchObject({
      event: 'policy not written',
      policyName: 'asks',
      before: written?.['before'],
      after: written?.['after'],
      by: 'ann',
      approval: 'ap_1',
      why: expect.stringContaining('changed meanwhile'),
    });
    expect(told).toEqual([]);
  });

  test('a file that cannot be replaced any more: the record is taken back, and the answer says so', async () => {
    const { adopt, events } = await bench();
    onRecord = () => rmSync(join(folder, 'asks.json'), { force: true });
    expect(await adopt()).toMatchObject({ kind: 'unwritable', reason: expect.stringContaining('asks.json') });
    expect(events().map(({ event }) => event)).toEqual(['policy written', 'policy not written']);
  });

  test('where even that cannot be put on record, the answer says what the log does not', async () => {
    const { adopt, store, events } = await bench();
    onRecord = () => {
      rmSync(join(folder, 'asks.json'), { force: true });
      store.broken = 'it is full';
    };
    expect(await adopt()).toMatchObject({
      kind: 'unwritable',
      reason: expect.stringContaining('The log says that it was written, since the store cannot be used any more'),
    });
    expect(events().map(({ event }) => event)).toEqual(['policy written']);
  });

  test('when the store fails between two policies, the answer says which one is changed', async () => {
    const { adopt, store, told } = await bench(QUESTION, ASKS);
    onRecord = () => {
      store.broken = 'it is locked';
    };
    expect(await adopt()).toEqual({
      kind: 'unwritable',
      reason: 'The policy asks was not changed: the store cannot be used. The policy base was changed already.',
    });
    expect([inFile() === ASKS, inFile('base.json') === ASKS]).toEqual([true, false]);
    expect(told.map(([policy]) => policy)).toEqual(['base']);
  });
});

test('who wrote a version is told in the moment in which it stands there, once for each policy', async () => {
  const { adopt, told } = await bench(QUESTION, ASKS);
  const adopted = await adopt();
  const policies = adopted.kind === 'adopted' ? adopted.policies : [];
  expect(policies.map(({ policy }) => policy)).toEqual(['base', 'asks']);
  expect(told).toEqual(
    policies.map(({ policy, digest }) => [policy, digest, 'ann', expect.stringContaining('approve_if')]),
  );
});

describe('a rule is written for a question that is not answered otherwise', () => {
  test.each(['approved', 'used'] as const)('one that is %s', async (state) => {
    const used = state === 'used' ? { pass: 'p', at: NOW } : undefined;
    const { adopt } = await bench({ ...QUESTION, state, used });
    expect(await adopt()).toMatchObject({ kind: 'adopted' });
  });

  test.each(['denied', 'expired', 'void'] as const)('none for one that is %s', async (state) => {
    const { adopt, events } = await bench({ ...QUESTION, state, why: 'So it is.' });
    expect(await adopt()).toEqual({
      kind: 'none',
      reason: `No rule is written for a question that is ${state}; only for one that is open, approved or used.`,
    });
    expect(inFile()).toBe(ASKS);
    expect(events()).toEqual([]);
  });

  test.each(['open', 'approved'] as const)('none for one that is %s and whose time is up', async (state) => {
    const { adopt } = await bench({ ...QUESTION, state });
    now = QUESTION.expires;
    expect(await adopt()).toMatchObject({ kind: 'none', reason: expect.stringContaining('is expired;') });
    expect(inFile()).toBe(ASKS);
  });

  test('none for one that is denied while the rule is being written', async () => {
    const { adopt, store, events } = await bench({ ...QUESTION, state: 'open' });
    store.write({ approvals: [{ ...QUESTION, state: 'denied' }], records: [], notices: [] }, NOW);
    expect(await adopt()).toMatchObject({ kind: 'none', reason: expect.stringContaining('is denied;') });
    expect(inFile()).toBe(ASKS);
    expect(readdirSync(folder).sort()).toEqual(['asks.json', 'data', 'toolgate.json']);
    expect(events()).toEqual([]);
  });
});
