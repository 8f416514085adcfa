import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attack } from '../catalogue/attack.ts';
import { ownProgram } from './gateway-process.ts';
import { hostOverHttp, type Listening } from './http-host.ts';
import type { Machine } from './played-server.ts';
import type { Scenario, Side } from './scenario.ts';

/** One run of one scenario: its servers, and how the gate is configured for them. */
export interface Cast {
  readonly attack: Attack;
  readonly scenario: Scenario;
  readonly side: Side;
  /** Of the server of a role, in the configuration and in the gate's addresses. */
  serverName(role: string): string;
  /** Names in the configuration of who calls. */
  grant(as: 'agent' | 'owner'): string;
  /** Of servers over HTTP, by role. */
  readonly hosts: ReadonlyMap<string, Listening>;
  /** How to start another package in the place of the main server. */
  command(installed: string): readonly string[];
  publish(release: string): void;
  record(): readonly string[];
  close(): Promise<void>;
}

const INSTALLED = 'the-server';

/** Puts the servers of a run into place; those over HTTP begin to listen. */
export async function castOf(attack: Attack, scenario: Scenario, side: Side, folder: string): Promise<Cast> {
  const stem = join(folder, `${attack.name}.${side}`);
  const recordFile = `${stem}.record`;
  const publishedFile = `${stem}.published`;
  writeFileSync(recordFile, '');
  const publish = (release: string): void => writeFileSync(publishedFile, release);
  publish('first');
  const hosts = new Map<string, Listening>();
  const record = (line: string): void => appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
  if (scenario.reached === 'http') {
    for (const [role, open] of Object.entries(scenario.servers)) {
      const machine: Machine = {
        did: (what) => record(`did: ${what}`),
        installed: INSTALLED,
        published: () => readFileSync(publishedFile, 'utf8'),
      };
      hosts.set(role, await hostOverHttp(open(machine), record, scenario.read));
    }
  }
  return {
    attack,
    scenario,
    side,
    serverName: (role) => (role === 'main' ? `${attack.name}.${side}` : `${attack.name}.${side}.${role}`),
    grant: (as) => `${as}.${attack.name}.${side}`,
    hosts,
    command: (installed) => [
      process.execPath,
      ownProgram('./test-server'),
      attack.name,
      'main',
      recordFile,
      publishedFile,
      installed,
    ],
    publish,
    record: () =>
      readFileSync(recordFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => String(JSON.parse(line))),
    async close() {
      for (const host of hosts.values()) await host.close();
    },
  };
}

/** The package that a command starts through a launcher such as `npx -y`; undefined where the configuration says nothing of it. */
function packageIn({ stops }: Attack): string | undefined {
  const command = stops.server?.['command'];
  const last = Array.isArray(command) ? command.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
}

/** What is started when the run begins. */
export function firstPackage({ attack, side }: Cast): string {
  const pinned = packageIn(attack);
  if (pinned === undefined) return INSTALLED;
  return side === 'with' ? pinned : pinned.replace(/@[^@/]*$/, '');
}
