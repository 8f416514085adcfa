import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { eventually, recordingCommand } from './rig.ts';

const kit = started();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-person-'));
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const AGENT = { owner: 'alice', servers: { recorder: 'open' } };
const APPROVER = { roles: ['approver'] };

function configWith(people: Obj): Obj {
  return {
    servers: { recorder: { command: recordingCommand(join(folder, 'record')) } },
    policies: { open: { version: '1', default: 'allow' } },
    grants: { agent: AGENT },
    people,
  };
}

function edit(config: Obj): void {
  writeFileSync(join(folder, 'next'), JSON.stringify(config));
  renameSync(join(folder, 'next'), join(folder, 'toolgate.json'));
}

async function start(options: { readonly config?: Obj; readonly args?: readonly string[] }): Promise<Gateway> {
  const gateway = kit.add(await startGateway({ folder, ...options }));
  await eventually('it greets', () => gateway.stdout().includes('Ctrl-C'));
  return gateway;
}

const personToken = (text: string): string => /tgp_[\w-]{43}/.exec(text)?.[0] ?? '';
const grantToken = (text: string): string => /tg_[\w-]{43}/.exec(text)?.[0] ?? '';

/** Who asks for a question that is not there hears so, if they may ask at all. */
async function isKnown(gateway: Gateway, token: string): Promise<boolean> {
  const place = ['--data', gateway.data, '--config', gateway.configFile];
  const asked = await toolgate(['approvals', 'approve', 'ap_nothing', ...place], { env: { TOOLGATE_TOKEN: token } });
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/there is no question|this token is no person/);
  return asked.stderr.includes('there is no question');
}

it('that nobody can answer what a policy asks is told at the start and with each change, until somebody can', async () => {
  const asks = { version: '1', default: 'deny', tools: { echo: { action: 'require_approval' } } };
  const config = (people: Obj): Obj => ({ ...configWith(people), policies: { open: asks } });
  const gateway = await start({ config: config({}) });
  const told = (): number => gateway.stderr().split('nobody can answer what the policy open asks').length - 1;
  await eventually('it is told at the start', () => told() === 1);
  expect(gateway.stderr()).toContain('name enough people under "people" of the configuration');
  const taken = (): number => gateway.stderr().split('took up the changed configuration').length - 1;
  edit(config({ vera: { roles: ['viewer'] } }));
  await eventually('it is told again', () => told() === 2);
  edit(config({ bob: APPROVER }));
  await eventually('bob is named', () => taken() === 2 && gateway.stdout().includes('Person bob: token'));
  expect(told()).toBe(2);
});

describe('the token of a person that the gateway made', () => {
  it('is shown once, outlives a restart, and ends when a new one is asked for', async () => {
    const first = await start({ config: configWith({ bob: APPROVER }) });
    const token = personToken(first.stdout());
    expect(first.stdout()).toContain(`Person bob (approver)\n  Approvals       ${first.base}/approvals`);
    expect(await isKnown(first, token)).toBe(true);
    await first.stop();

    const second = await start({});
    expect(personToken(second.stdout())).toBe('');
    expect(second.stdout()).toContain('--new-person-token bob makes another');
    expect(await isKnown(second, token)).toBe(true);
    await second.stop();

    const third = await start({ args: ['--new-person-token', 'bob'] });
    const next = personToken(third.stdout());
    expect([await isKnown(third, next), await isKnown(third, token)]).toEqual([true, false]);
    expect(grantToken(third.stdout())).toBe('');
    expect(third.stderr()).not.toContain('tgp_');
  });

  it('opens no server, and the token of a grant no question', async () => {
    const gateway = await start({ config: configWith({ bob: APPROVER }) });
    const [person, grant] = [personToken(gateway.stdout()), grantToken(gateway.stdout())];
    const stranger = kit.add(httpClient(gateway.url('recorder'), person));
    expect((await stranger.post({})).status).toBe(401);
    expect(await isKnown(gateway, grant)).toBe(false);
  });

  it('is printed when a changed configuration brings the person, and does not come back with them', async () => {
    const gateway = await start({ config: configWith({}) });
    edit(configWith({ carol: APPROVER }));
    await eventually('the token is printed', () => gateway.stdout().includes('Person carol: token tgp_'));
    const token = personToken(gateway.stdout());
    expect(await isKnown(gateway, token)).toBe(true);
    edit(configWith({}));
    await eventually('the change is in force', () => gateway.stderr().split('took up').length === 3);
    edit(configWith({ carol: APPROVER }));
    await eventually('another is printed', () => gateway.stdout().split('Person carol: token tgp_').length === 3);
    expect(await isKnown(gateway, token)).toBe(false);
  });

  it('is not made for a name that nobody has', async () => {
    edit(configWith({ bob: APPROVER }));
    const place = ['--config', join(folder, 'toolgate.json'), '--data', join(folder, 'data'), '--port', '0'];
    const told = await toolgate(['serve', ...place, '--new-person-token', 'bbo']);
    expect([told.code, told.stdout]).toEqual([1, '']);
    expect(told.stderr).toContain('--new-person-token bbo: there is no such person in');
  });
});

it('a token that was made for a grant and is written down for a person is refused, and said so', async () => {
  const gateway = await start({ config: configWith({}) });
  const token = grantToken(gateway.stdout());
  edit(configWith({ bob: { ...APPROVER, token } }));
  await eventually('it is said', () =>
    gateway.stderr().includes('person bob: the token in the configuration is that of a grant'),
  );
  expect(gateway.stderr()).not.toContain(token);
  expect(await isKnown(gateway, token)).toBe(false);
});
