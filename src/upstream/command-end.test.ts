import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionEvents, Upstream } from '../gateway/ports.ts';
import { commandUpstream } from './command.ts';

const open: Upstream[] = [];
const started: number[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((upstream) => upstream.close()));
  for (const pid of started.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

const eventually = { timeout: 15_000, interval: 10 };

/** Told by its first message: the server's process and the one it started. */
interface Family {
  readonly child: number;
  readonly grandchild: number;
}

/** A program that starts another and tells both numbers; both ignore the end of input and whatever asks them to go. */
function stubborn(after: string): string {
  const deaf = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1000);`;
  return `${deaf}
    const grandchild = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${deaf} process.stdout.write('up')`)}], { stdio: ['ignore', 'pipe', 'ignore'] });
    grandchild.stdout.once('data', () => {
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'family', params: { child: process.pid, grandchild: grandchild.pid } }) + '\\n', () => { ${after} });
    });`;
}

function connect(program: string, graceMs = 200) {
  const families: Family[] = [];
  const closed: string[] = [];
  const events: ConnectionEvents = {
    received(message) {
      if (message.kind !== 'notification') return;
      const { child, grandchild } = message.params;
      if (typeof child !== 'number' || typeof grandchild !== 'number') return;
      started.push(child, grandchild);
      families.push({ child, grandchild });
    },
    failed() {},
    paused() {},
    noise() {},
    closed: (reason) => closed.push(reason),
  };
  const upstream = commandUpstream({ command: [process.execPath, '-e', program], env: {}, onLog: () => {}, graceMs });
  open.push(upstream);
  return { upstream, connection: upstream.connect(events, 'legacy'), families, closed };
}

async function family(of: { readonly families: readonly Family[] }): Promise<Family> {
  return vi.waitFor(() => {
    const [first] = of.families;
    if (first === undefined) throw new Error('not told yet');
    return first;
  }, eventually);
}

/** Whether it runs; one that ended and only was not collected by the machine's first process does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

function expectDead({ child, grandchild }: Family): void {
  expect({ child: isAlive(child), grandchild: isAlive(grandchild) }).toEqual({ child: false, grandchild: false });
}

describe('the end of a command', () => {
  it('a server that ends with its input is not signalled', async () => {
    const closed: string[] = [];
    const log: string[] = [];
    const upstream = commandUpstream({
      command: [
        process.execPath,
        '-e',
        `process.stdin.resume().on('end', () => { console.error('saved'); process.exit(0); }); console.error('up')`,
      ],
      env: {},
      onLog: (line) => log.push(line),
      graceMs: 10_000,
    });
    open.push(upstream);
    const connection = upstream.connect(
      {
        received() {},
        failed() {},
        paused() {},
        noise() {},
        closed: (reason) => closed.push(reason),
      },
      'legacy',
    );
    await vi.waitFor(() => expect(log).toEqual(['up']), eventually);
    await connection.close();
    expect(log).toEqual(['up', 'saved']);
    expect(closed).toEqual([]);
  });

  it('close ends a server that ignores everything, and what it started', async () => {
    const server = connect(stubborn(''));
    const both = await family(server);
    const first = server.connection.close();
    expect(server.connection.close()).toBe(first);
    await first;
    expectDead(both);
    expect(server.closed).toEqual([]);
  });

  it('a server that ends by itself takes what it started along', async () => {
    const server = connect(stubborn('process.exit(0)'));
    const both = await family(server);
    await vi.waitFor(
      () => expect(server.closed).toEqual([`the server's process (node) ended with exit code 0`]),
      eventually,
    );
    await vi.waitFor(() => expectDead(both), eventually);
  });

  it('closing the upstream ends all its connections and lets nothing start any more', async () => {
    const server = connect(stubborn(''));
    const both = await family(server);
    await server.upstream.close();
    expectDead(both);
    const late: string[] = [];
    server.upstream.connect(
      { received() {}, failed() {}, paused() {}, noise() {}, closed: (reason) => late.push(reason) },
      'legacy',
    );
    await vi.waitFor(() => expect(late).toEqual(['the gateway is closing']), eventually);
  });
});

describe('the gateway is killed and can do nothing any more', () => {
  const module = fileURLToPath(new URL('./command.ts', import.meta.url));

  function gateway(after: string) {
    const program = `
      import { writeSync } from 'node:fs';
      import { commandUpstream } from ${JSON.stringify(module)};
      const say = (what) => writeSync(1, JSON.stringify(what) + '\\n');
      const upstream = commandUpstream({ command: [process.execPath, '-e', ${JSON.stringify(stubborn(''))}], env: {}, onLog() {}, graceMs: 100 });
      const connection = upstream.connect({
        received(message) { say(message.params); ${after} },
        failed() {}, paused() {}, noise() {}, closed() {},
      }, 'legacy');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const told = new Promise<Family>((resolve) => {
      child.stdout.once('data', (line: Buffer) => {
        const both: Family = JSON.parse(line.toString());
        started.push(both.child, both.grandchild);
        resolve(both);
      });
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { child, told, ended, output: () => text };
  }

  it('by SIGKILL: the server and what it started end all the same', async () => {
    const { child, told, ended } = gateway('');
    const both = await told;
    child.kill('SIGKILL');
    await ended;
    await vi.waitFor(() => expectDead(both), eventually);
  });

  it('by SIGKILL, after its watching process was killed too: a new one has taken over', async () => {
    const { child, told, ended } = gateway('');
    const both = await told;
    const watcher = await reaperOf(child.pid);
    process.kill(watcher, 'SIGKILL');
    await vi.waitFor(async () => expect(await reaperOf(child.pid)).not.toBe(watcher), eventually);
    child.kill('SIGKILL');
    await ended;
    await vi.waitFor(() => expectDead(both), eventually);
  });

  it('closing leaves no process, pipe or timer behind', async () => {
    const { told, ended, output } = gateway(
      `upstream.close().then(() => setTimeout(() => say({ left: process.getActiveResourcesInfo() }), 50))`,
    );
    await told;
    expect(await ended).toBe(0);
    // The one that is left is the timer that asks.
    expect(output()).toContain('{"left":["Timeout"]}');
  });

  it('a gateway that ends in order leaves no watching process', async () => {
    const { child, told, ended } = gateway(`process.once('SIGUSR2', () => void upstream.close())`);
    const both = await told;
    const watcher = await reaperOf(child.pid);
    child.kill('SIGUSR2');
    expect(await ended).toBe(0);
    expect(isAlive(watcher)).toBe(false);
    expectDead(both);
  });
});

/** The watching process of this gateway, found among its children. */
async function reaperOf(pid: number | undefined): Promise<number> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,ppid=,args='], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  ps.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => ps.once('close', resolve));
  const line = text
    .split('\n')
    .find((row) => row.includes('toolgate-reaper') && Number(row.trim().split(/\s+/)[1]) === pid);
  if (line === undefined) throw new Error('no watching process');
  return Number(line.trim().split(/\s+/)[0]);
}
