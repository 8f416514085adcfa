import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { RECORDING, tapped } from './servers.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-trouble-'));
const heardFile = join(folder, 'heard.jsonl');
const ALICE = 'alice-token-0123456789';
let gateway: Gateway;
let alice: HttpClient;

beforeAll(async () => {
  gateway = await startGateway({
    folder,
    config: {
      servers: { recording: { command: tapped(heardFile, RECORDING) } },
      policies: { open: { version: '1', default: 'allow' } },
      grants: { alice: { owner: 'alice', servers: { recording: 'open' }, token: ALICE } },
    },
  });
  alice = httpClient(gateway.url('recording'), ALICE);
  await alice.initialize();
});
afterAll(async () => {
  await alice.stop();
  await gateway.stop();
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

async function echo(text: string): Promise<string> {
  return textOf((await alice.call('echo', { text }))['result']);
}

function heard(): readonly string[] {
  const lines = readFileSync(heardFile, 'utf8').trim().split('\n').map(readObj).filter(isObj);
  return lines.filter((line) => line['method'] === 'tools/call').map((line) => JSON.stringify(line['params']));
}

function wasHeard(text: string): boolean {
  return heard().some((params) => params.includes(`"${text}"`));
}

/** Nothing was heard that is not on record, and the chain is whole. */
async function expectWhole(): Promise<void> {
  const verified = await toolgate(['audit', 'verify', '--data', gateway.data]);
  expect([verified.code, verified.stderr]).toEqual([0, '']);
  const { stdout } = await toolgate(['audit', 'list', '--data', gateway.data, '--jsonl', '--limit', '100000']);
  const passed = stdout.trim().split('\n').map(readObj).filter(isObj).filter(isAllowed);
  expect(passed.length).toBeGreaterThanOrEqual(heard().length);
}

function isAllowed(record: Obj): boolean {
  return record['kind'] === 'call' && record['decision'] === 'allow';
}

/** What a process may make of a file, in bytes: beyond it every write fails, as on a disk without space. */
function mayWrite(bytes: number | 'unlimited'): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(gateway.pid), `--fsize=${bytes}:unlimited`]);
  expect([status, String(stderr)]).toEqual([0, '']);
}

describe('a gateway whose store fails', () => {
  test('on a full disk refuses every call, tells its operator why, and goes on by itself when there is space', async () => {
    expect(await echo('before')).toBe('before');
    mayWrite(statSync(join(gateway.data, 'toolgate.db-wal')).size);
    for (let n = 0; n < 5; n += 1) {
      expect(await echo(`lost-${n}`)).toMatch(/^\[POLICY DENIED\] The gateway cannot write its record now/);
    }
    expect(gateway.stderr()).toMatch(
      /refused \S+: the store is unavailable: store \S+: (?:the disk is full; free|reading or writing it failed; check the disk)/,
    );
    expect([0, 1, 2, 3, 4].some((n) => wasHeard(`lost-${n}`))).toBe(false);
    mayWrite('unlimited');
    expect(await echo('after')).toBe('after');
    await expectWhole();
  });

  test('that another program has locked waits for five seconds, refuses, and goes on when it is free', async () => {
    const db = openDatabase(join(gateway.data, 'toolgate.db'), { readOnly: false, busyMs: 1_000 });
    db.exec('BEGIN IMMEDIATE');
    const [refused, also] = await Promise.all([echo('locked-out'), echo('locked-out')]);
    expect(refused).toMatch(/^\[POLICY DENIED\] The gateway cannot write its record now/);
    expect(also).toBe(refused);
    expect(gateway.stderr()).toContain('another process has held its lock for 5 s; end that process or try again');
    const waiting = echo('in-time');
    db.exec('ROLLBACK');
    db.close();
    expect(await waiting).toBe('in-time');
    expect(wasHeard('locked-out')).toBe(false);
    await expectWhole();
  }, 30_000);
});
