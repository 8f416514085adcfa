import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { started } from '../kit/started.ts';
import { recordingCommand } from './rig.ts';

const kit = started();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-tokens-'));
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function configWith(grants: Record<string, object>): object {
  return {
    servers: { recorder: { command: recordingCommand(join(folder, 'record')) } },
    policies: { open: { version: '1', default: 'allow' } },
    grants,
  };
}

const GRANT = { owner: 'alice', servers: { recorder: 'open' } };
const tokenIn = (text: string): string | undefined => /tg_[\w-]{43}/.exec(text)?.[0];

function edit(config: object): void {
  writeFileSync(join(folder, 'next'), JSON.stringify(config));
  renameSync(join(folder, 'next'), join(folder, 'toolgate.json'));
}

async function statusOf(gateway: Gateway, token: string): Promise<number> {
  const client = kit.add(httpClient(gateway.url('recorder'), token));
  return (await client.raw('{}', {}, { method: 'DELETE' })).status;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not in time: ${what}`);
}

describe('a token that the gateway made', () => {
  it('is printed with what to paste into a client, once, and works after a restart', async () => {
    const first = await startGateway({ config: configWith({ alice: GRANT }) as never, folder });
    await until('it greets', () => first.stdout().includes('Ctrl-C'));
    const token = tokenIn(first.stdout()) ?? '';
    const address = `${first.base}/mcp/recorder`;
    expect(first.stdout()).toContain(
      `claude mcp add --transport http recorder ${address} --header "Authorization: Bearer ${token}"`,
    );
    const headers = { Authorization: `Bearer ${token}` };
    expect(first.stdout()).toContain(JSON.stringify({ mcpServers: { recorder: { url: address, headers } } }));
    expect(first.stdout()).toContain(
      JSON.stringify({ servers: { recorder: { type: 'http', url: address, headers } } }),
    );
    await first.stop();
    const second = kit.add(await startGateway({ folder }));
    await until('it greets', () => second.stdout().includes('Ctrl-C'));
    expect(tokenIn(second.stdout())).toBeUndefined();
    expect(await statusOf(second, token)).toBe(404);
  });

  it('is not lost when the first start fails: the next one prints it', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as { port: number };
    edit(configWith({ alice: GRANT }));
    const place = ['--config', join(folder, 'toolgate.json'), '--data', join(folder, 'data')];
    const failed = await toolgate(['serve', ...place, '--port', String(port)]);
    busy.close();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('is taken; choose another with --port');
    expect(tokenIn(failed.stdout)).toBeUndefined();
    const next = kit.add(await startGateway({ folder }));
    await until('it greets', () => next.stdout().includes('Ctrl-C'));
    expect(await statusOf(next, tokenIn(next.stdout()) ?? '')).toBe(404);
  });

  it('does not come back with its grant: whoever was shut out stays out', async () => {
    const gateway = kit.add(await startGateway({ config: configWith({ alice: GRANT }) as never, folder }));
    await until('it greets', () => gateway.stdout().includes('Ctrl-C'));
    const old = tokenIn(gateway.stdout()) ?? '';
    edit(configWith({}));
    await until('the grant is gone', async () => (await statusOf(gateway, old)) === 401);
    await until('that is on record', () => gateway.stderr().includes('took up'));
    edit(configWith({ alice: GRANT }));
    await until('a new token is printed', () => gateway.stdout().split('tg_').length > 5);
    const fresh = /Grant alice: token (tg_[\w-]{43})/.exec(gateway.stdout())?.[1] ?? '';
    expect(fresh).not.toBe(old);
    expect([await statusOf(gateway, old), await statusOf(gateway, fresh)]).toEqual([401, 404]);
  });

  it('cannot be renewed where the configuration gives one: that is said, not passed over', async () => {
    edit(configWith({ alice: { ...GRANT, token: 'a-token-of-twenty-characters' } }));
    const place = ['--config', join(folder, 'toolgate.json'), '--data', join(folder, 'data')];
    const told = await toolgate(['serve', ...place, '--port', '0', '--new-token', 'alice']);
    expect(told.code).toBe(1);
    expect(told.stderr).toContain('--new-token alice: its token stands in');
  });
});

it('a revocation bites at once even while nothing can be recorded', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const token = 'a-token-of-twenty-characters';
  const config = configWith({ alice: { ...GRANT, token } });
  const gateway = kit.add(await startGateway({ config: config as never, folder }));
  const lock = new DatabaseSync(join(gateway.data, 'toolgate.db'));
  lock.exec('BEGIN IMMEDIATE');
  edit(configWith({}));
  try {
    await until('the grant is refused', async () => (await statusOf(gateway, token)) === 401);
    expect(gateway.stderr()).not.toContain('took up');
  } finally {
    lock.exec('ROLLBACK');
    lock.close();
  }
  await until('it is recorded', () => gateway.stderr().includes('took up'));
});
