import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { type Cast, firstPackage } from './casting.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** One real gateway in front of the servers of all runs, in a folder that is removed at the end. */
export interface Site {
  readonly folder: string;
  address(server: string): string;
  readonly base: string;
  /** The bearer token of a grant or a person. */
  token(name: string): string;
  /** Changes the command of a server in the configuration; resolves when the gateway has taken it up. */
  install(server: string, command: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Who answers questions. */
export const PERSON = 'pat';

const OPEN: JsonObject = objectOf([
  ['version', '1'],
  ['default', 'allow'],
]);

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'toolgate-attacks-'));
}

/** Starts the gateway for these runs. Rejects with what it said if it does not come up. */
export async function openSite(folder: string, casts: readonly Cast[]): Promise<Site> {
  const tokens = new Map<string, string>();
  const tokenFor = (name: string): string => {
    const token = tokens.get(name) ?? randomBytes(24).toString('base64url');
    tokens.set(name, token);
    return token;
  };
  const servers = new Map<string, JsonObject>(casts.flatMap(serversOf));
  const rest = objectOf([
    ['policies', objectOf(casts.flatMap(policiesOf))],
    ['grants', objectOf(casts.flatMap((cast) => grantsOf(cast, tokenFor)))],
    ['people', objectOf([[PERSON, { roles: ['approver'], token: tokenFor(PERSON) }]])],
    ['approvals', { hold: 0 }],
  ]);
  const file = join(folder, 'toolgate.json');
  const write = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify({ servers: Object.fromEntries(servers), ...rest }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  write();
  const gateway: GatewayProcess = await startGatewayProcess(file, join(folder, 'data'));
  // One change after the other: that one was taken up says nothing of the next.
  let turn = Promise.resolve();
  const install = async (server: string, command: readonly string[]): Promise<void> => {
    servers.set(server, objectOf([...Object.entries(servers.get(server) ?? {}), ['command', command]]));
    const taken = gateway.tookUp();
    write();
    await taken;
  };
  return {
    folder,
    base: gateway.base,
    address: (server) => `${gateway.base}/mcp/${server}`,
    token: (name) => tokens.get(name) ?? '',
    install(server, command) {
      const done = turn.then(() => install(server, command));
      turn = done.catch(() => {});
      return done;
    },
    close: gateway.stop,
  };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Which program is started, and where it listens, is up to the run; the rest is as the pattern says. */
function serversOf(cast: Cast): readonly (readonly [string, JsonObject])[] {
  const { scenario, side, attack } = cast;
  const pins: JsonObject = side === 'without' ? { pins: 'off' } : {};
  const stops = side === 'with' ? attack.stops.server : {};
  return Object.keys(scenario.servers).map((role) => {
    const host = cast.hosts.get(role);
    const where: JsonObject =
      host === undefined
        ? { command: cast.command(firstPackage(cast)) }
        : { url: host.url, headers: { Authorization: `Bearer credential-of-the-gate-for-${cast.serverName(role)}` } };
    return [cast.serverName(role), { ...pins, ...(role === 'main' ? stops : {}), ...where }] as const;
  });
}

function policiesOf(cast: Cast): readonly (readonly [string, Json])[] {
  const { attack, scenario, side } = cast;
  const judged = side === 'with' ? attack.stops.policy : scenario.without?.policy;
  return [
    [cast.grant('agent'), judged ?? OPEN],
    [cast.grant('owner'), OPEN],
  ];
}

function grantsOf(cast: Cast, tokenFor: (name: string) => string): readonly (readonly [string, Json])[] {
  return (['agent', 'owner'] as const).map((as) => {
    const name = cast.grant(as);
    const servers = objectOf(Object.keys(cast.scenario.servers).map((role) => [cast.serverName(role), name]));
    return [
      name,
      objectOf([
        ['owner', as],
        ['servers', servers],
        ['token', tokenFor(name)],
      ]),
    ] as const;
  });
}
