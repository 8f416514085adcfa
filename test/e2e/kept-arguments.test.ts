import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { RECORDING } from './servers.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-kept-'));
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const ALICE = 'alice-token-0123456789';
const BOB = 'bob-token-01234567890';
const VARIABLE = `\${VALUES_KEY}`;
const KEYS = { one: 'a1'.repeat(32), two: Buffer.alloc(32, 7).toString('base64') };
const data = join(folder, 'data');

function configOf(values: Obj | undefined): Obj {
  const servers = { recording: 'open' };
  return {
    servers: {
      recording: {
        command: RECORDING,
        audit: { '*': 'full', echo: 'keys' },
      },
    },
    policies: { open: { version: '1', default: 'allow' } },
    grants: { alice: { owner: 'alice', servers, token: ALICE }, bob: { owner: 'bob', servers, token: BOB } },
    audit: { arguments: 'redacted', ...(values === undefined ? {} : { values }) },
  };
}

async function call(gateway: Gateway, token: string, tool: string, args: Obj): Promise<void> {
  const client = httpClient(gateway.url('recording'), token);
  await client.initialize();
  expect(textOf((await client.call(tool, args))['result'])).not.toContain('DENIED');
  await client.stop();
}

/** Every file of the data folder, as text of bytes. */
function everything(): string {
  return readdirSync(data)
    .map((name) => readFileSync(join(data, name), 'latin1'))
    .join('\n');
}

async function records(): Promise<readonly Obj[]> {
  const { code, stdout } = await toolgate(['audit', 'list', '--data', data, '--jsonl', '--all']);
  expect(code).toBe(0);
  return stdout.trim().split('\n').map(readObj).filter(isObj).reverse();
}

describe('what the log keeps of arguments', () => {
  test('is said for each server and tool: whole and sealed, or only keys', async () => {
    const gateway = await startGateway({ folder, config: configOf(undefined) });
    await call(gateway, ALICE, 'sum', { a: 17, note: 'Erika Mustermann' });
    await call(gateway, BOB, 'sum', { a: 18, note: 'Max Mustermann' });
    await call(gateway, ALICE, 'echo', { text: 'nobody keeps this' });
    await gateway.stop();
    const calls = (await records()).filter(({ kind }) => kind === 'call');
    expect(calls.map(({ tool, argsKept, args }) => ({ tool, argsKept, args }))).toEqual([
      { tool: 'sum', argsKept: 'full', args: undefined },
      { tool: 'sum', argsKept: 'full', args: undefined },
      { tool: 'echo', argsKept: 'keys', args: { text: 'string' } },
    ]);
    for (const text of ['Mustermann', 'nobody keeps this']) expect(everything()).not.toContain(text);
    expect(statSync(join(data, 'audit-values.key')).mode & 0o777).toBe(0o600);
  });

  test('is sealed by a key of the configuration, which takes over what was sealed before', async () => {
    const gateway = await startGateway({
      folder,
      config: configOf({ key: VARIABLE }),
      env: { VALUES_KEY: KEYS.one },
    });
    await call(gateway, ALICE, 'sum', { a: 19 });
    await gateway.stop();
    rmSync(join(data, 'audit-values.key'));
    writeFileSync(join(folder, 'values.key'), `${KEYS.two}\n`);
    const next = await startGateway({
      folder,
      config: configOf({ file: 'values.key', earlier: [{ key: VARIABLE }] }),
      env: { VALUES_KEY: KEYS.one },
    });
    await next.stop();
    for (const { stdout, stderr } of [gateway, next]) {
      expect(stdout() + stderr()).not.toContain(KEYS.one);
      expect(stdout() + stderr()).not.toContain(KEYS.two);
      expect(stderr()).toMatch(/are sealed with key [0-9a-f]{16} from now on/);
    }
    expect((await records()).filter(({ event }) => event === 'values key changed')).toHaveLength(2);
  });

  test('a key that cannot be read ends the start with what to do', async () => {
    await expect(startGateway({ folder, config: configOf({ file: 'nowhere.key' }) })).rejects.toThrow(
      /nowhere\.key, which seals kept arguments, cannot be read \(ENOENT\)/,
    );
    await expect(startGateway({ folder, config: configOf({ key: 'short' }) })).rejects.toThrow(
      /\/audit\/values\/key a key has 32 bytes in hex or base64/,
    );
  });

  test('is shown with its record, where the key is here', async () => {
    const calls = (await records()).filter(({ argsKept }) => argsKept === 'full');
    const shown = async (args: unknown, ...options: string[]) => {
      const id = String(calls[Number(args)]?.['id']);
      return { id, ...(await toolgate(['audit', 'show', id, '--data', data, ...options])) };
    };
    // Sealed by the file's own key first, then by one of the configuration, which took it over.
    const away = await shown(0);
    expect([away.code, away.stdout]).toEqual([0, expect.stringContaining('sealed with a key that is not here')]);
    expect(away.stdout).not.toContain('Mustermann');
    const config = join(folder, 'with-keys.json');
    writeFileSync(config, JSON.stringify(configOf({ file: 'values.key' })));
    const text = await shown(0, '--config', config);
    expect([text.code, text.stdout]).toEqual([0, expect.stringContaining('{"a":17,"note":"Erika Mustermann"}')]);
    const json = readObj((await shown(1, '--config', config, '--json')).stdout);
    expect(isObj(json) && json['kept']).toEqual({
      kind: 'open',
      args: { a: 18, note: 'Max Mustermann' },
      digest: 'matches',
    });
    expect((await toolgate(['audit', 'list', '--data', data, '--jsonl'])).stdout).not.toContain('Mustermann');
    const wrong = await shown(0, '--config', join(folder, 'nowhere.json'));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('nowhere.json is no valid configuration')]);
  });

  test('that was put in the place of other arguments is told', async () => {
    const [first, second] = (await records()).filter(({ argsKept }) => argsKept === 'full');
    const config = join(folder, 'with-keys.json');
    const db = new DatabaseSync(join(data, 'toolgate.db'));
    const places = db.prepare('SELECT n, sealed FROM value ORDER BY n LIMIT 2').all();
    const put = (n: unknown, sealed: unknown) =>
      db.prepare('UPDATE value SET sealed = ? WHERE n = ?').run(sealed as Uint8Array, n as number);
    put(places[0]?.['n'], places[1]?.['sealed']);
    const show = async (record: Obj | undefined, ...more: string[]) =>
      (await toolgate(['audit', 'show', String(record?.['id']), '--data', data, '--config', config, ...more])).stdout;
    expect(await show(first)).toContain('not as they were sealed');
    expect(readObj(await show(first, '--json'))).toMatchObject({ kept: { kind: 'broken' } });
    expect(await show(second)).toContain('Max Mustermann');
    put(places[0]?.['n'], places[0]?.['sealed']);
    db.close();
  });

  test('a key that is gone while the gateway runs keeps other changes from nobody, and is told once', async () => {
    const gone = join(folder, 'gone.key');
    writeFileSync(gone, `${KEYS.one}\n`);
    const gateway = await startGateway({
      folder,
      config: configOf({ file: 'values.key', earlier: [{ file: 'gone.key' }] }),
    });
    rmSync(gone);
    const config = configOf({ file: 'values.key', earlier: [{ file: 'gone.key' }] });
    const { bob, ...grants } = config['grants'] as Obj;
    expect(bob).toBeDefined();
    writeFileSync(gateway.configFile, JSON.stringify({ ...config, grants }));
    await vi.waitFor(() => expect(gateway.stderr()).toContain('took up the changed configuration'), 20_000);
    expect(gateway.stderr()).toContain('an earlier key is not there');
    writeFileSync(gateway.configFile, JSON.stringify({ ...config, audit: { values: { file: 'nowhere.key' } } }));
    await vi.waitFor(() => expect(gateway.stderr()).toContain('is not in force yet'), 20_000);
    await sleep(1_500);
    expect(gateway.stderr().match(/is not in force yet/g)).toHaveLength(1);
    await gateway.stop();
  });

  test('is erased for one grant, beside a running gateway, and the log verifies as before', async () => {
    const gateway = await startGateway({ folder, config: configOf({ file: 'values.key' }) });
    const erase = (...args: string[]) => toolgate(['audit', 'erase', '--data', data, ...args]);
    expect((await erase('--grant', 'alice', '--dry-run')).stdout).toBe(
      'would erase the arguments of 2 calls of alice\n',
    );
    const erased = await erase('--grant', 'alice');
    expect(erased.stdout).toMatch(/^erased: arguments of 2 calls of alice\n/);
    expect((await erase('--grant', 'alice', '--dry-run')).stdout).toContain('arguments of 0 calls');
    expect((await erase('--grant', 'bob', '--dry-run')).stdout).toContain('arguments of 1 call of bob');
    const [gone] = (await records()).filter(({ argsKept }) => argsKept === 'full');
    const shown = await toolgate(['audit', 'show', String(gone?.['id']), '--data', data]);
    expect(shown.stdout).toMatch(/^ {2}args +erased$/m);
    await call(gateway, ALICE, 'sum', { a: 20 });
    expect((await erase('--grant', 'alice', '--since', '1h', '--dry-run')).stdout).toContain('of 1 call of');
    expect((await erase('--grant', 'alice', '--until', '2020-01-01', '--dry-run')).stdout).toContain('of 0 calls');
    expect((await erase('--grant', 'alice', '--tool', 'sum', '--dry-run')).stdout).toContain('of 1 call of');
    await gateway.stop();
    const { code, stdout } = await toolgate(['audit', 'verify', '--since', '7d', '--data', data]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok: /)]);
    const told = (await records()).filter(({ event }) => event === 'values erased');
    expect(told).toMatchObject([{ grant: 'alice', values: 2 }]);
  });

  test('a slip on the command line is told with its remedy', async () => {
    const run = async (...args: string[]) => (await toolgate(['audit', ...args, '--data', data])).stderr;
    expect(await run('erase')).toContain('--grant is missing');
    expect(await run('erase', '--grant', 'a', '--since', '1h', '--until', '2h')).toContain('--until must be later');
    expect(await run('erase', '--grant', 'a', '--since', 'monday')).toContain('--since must be an age such as');
    expect((await toolgate(['audit', 'erase', '--grant', 'a', '--data', join(folder, 'none')])).stderr).toContain(
      'there is none; name the data folder',
    );
  });

  test('the folder’s own key is changed by a command, and what it sealed opens on', async () => {
    const rotated = await toolgate(['audit', 'rotate-values-key', '--data', data]);
    expect(rotated.stdout).toMatch(/^the data folder's own key is [0-9a-f]{16} from now on; \d keys are sealed anew/);
    expect(rotated.stdout).toMatch(/^note: \d keys? (is|are) sealed .* where "audit.values" of a configuration/m);
    expect(readFileSync(join(data, 'audit-values.key'), 'utf8').trim().split('\n')).toHaveLength(2);
  });
});
