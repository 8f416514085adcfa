import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../test/kit/child.ts';
import { type Gateway, startGateway, toolgate } from '../../test/kit/gateway.ts';
import type { Obj } from '../../test/kit/json-rpc.ts';
import { type Started, started } from '../../test/kit/started.ts';
import { type Claude, settleClaude } from './claude.ts';
import { startModelApi } from './model-api.ts';
import { startTap } from './tap.ts';
import { openTerminal, pause, type Terminal } from './terminal.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AGENT = 'token-of-the-agent-with-enough-characters';
const PERSON = 'token-of-bob-the-approver-with-enough-characters';
/** A person is asked about every `echo`; what is not named is refused. */
const TOOLS = { echo: { action: 'require_approval' }, touch: {}, sum: {} };

export interface StageOptions {
  readonly claude: string;
  readonly folder: string;
  /** How Claude Code reaches the gate: one server over HTTP, all of them at one address, or `wrap` over stdio. */
  readonly front: 'http' | 'joined' | 'stdio';
  /** What the guarded server speaks. */
  readonly era: 'legacy' | 'modern';
  /** How long a call may be held, in seconds; without it as long as the client is known to wait. */
  readonly hold?: number;
  /** How long a question stands; without it as usual. */
  readonly timeout?: string;
}

/** Claude Code before the gate before a server that keeps what reaches it; no network but the loopback. */
export interface Stage {
  /** What tells the stand-in of the model to call this tool of the guarded server. */
  order(tool: string, args: Obj): string;
  /** Runs `claude -p` with this prompt to its end, and gives all that it printed. */
  print(prompt: string, ...options: readonly string[]): Promise<string>;
  /** Starts `claude -p` and ends it, from one moment to the next, when that is called. */
  printAndKill(prompt: string): () => Promise<void>;
  /** Opens Claude Code in a terminal. */
  open(): Promise<Terminal>;
  /** Runs `toolgate approvals …` as the person who may answer. */
  person(...args: readonly string[]): Promise<string>;
  /** The same by the API of the running gateway, not on its data folder. */
  personFromAfar(...args: readonly string[]): Promise<string>;
  /** The id of the question that stands; waits for it. */
  question(): Promise<string>;
  /** Kills the gateway without a word, and starts it again. */
  crash(): Promise<void>;
  /** Whether this text has reached the server. */
  hasReached(text: string): boolean;
  /** The audit log, newest first, and what the gateway had to say. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const kit = started();
  try {
    return await set(options, kit);
  } catch (fault) {
    await kit.endAll();
    throw fault;
  }
}

async function set(options: StageOptions, kit: Started): Promise<Stage> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  const model = kit.add(await startModelApi(join(folder, 'model.jsonl')));
  const claude = settleClaude(options.claude, { folder, modelApi: model.base });
  const record = join(folder, 'server.jsonl');
  const debug = join(folder, 'claude.txt');
  const config = {
    servers: { shop: { command: serverCommand(options.era, record) } },
    policies: { rules: { version: '1', default: 'deny', tools: TOOLS } },
    grants: { laptop: { owner: 'alice', servers: { shop: 'rules' }, token: AGENT } },
    people: { bob: { roles: ['approver'], token: PERSON } },
    approvals: {
      url: 'http://127.0.0.1:8787',
      ...(options.hold === undefined ? {} : { hold: options.hold }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    },
  };
  let gateway = await startGateway({ folder, config });
  kit.add({ stop: () => gateway.stop() });
  const overHttp = async (): Promise<Obj> => {
    const tap = kit.add(await startTap(() => gateway.base, join(folder, 'wire.jsonl')));
    const path = options.front === 'joined' ? '/mcp' : '/mcp/shop';
    return { type: 'http', url: `${tap.base}${path}`, headers: { Authorization: `Bearer ${AGENT}` } };
  };
  const servers = { gw: options.front === 'stdio' ? overStdio(options, gateway) : await overHttp() };
  const known = claude.options(servers);
  const command = [claude.command, ...known, '--debug-file', debug];

  const approvals = async (args: readonly string[], where: readonly string[]): Promise<string> => {
    const ran = await toolgate(['approvals', ...args, ...where], { env: { TOOLGATE_TOKEN: PERSON } });
    return `${ran.stdout}${ran.stderr}`.trim();
  };
  const person: Stage['person'] = (...args) =>
    approvals(args, ['--data', gateway.data, '--config', gateway.configFile]);
  return {
    order: (tool, args) => `use mcp__gw__${options.front === 'joined' ? 'shop__' : ''}${tool} ${JSON.stringify(args)}`,
    async print(prompt, ...more) {
      const child = startPrinting(claude, [...command, '-p', prompt, ...more]);
      const code = await child.finished;
      return `${child.stdout()}${child.stderr()}`.trim() + (code === 0 ? '' : `\n(ended with ${code})`);
    },
    printAndKill: (prompt) => startPrinting(claude, [...command, '-p', prompt]).kill9,
    async open() {
      const terminal = openTerminal(command, { folder, cwd: claude.cwd, env: claude.env });
      kit.add({ stop: async () => terminal.stop() });
      await terminal.shows(/^❯/m, 30);
      // It takes orders before it knows what tools there are.
      await until('Claude Code reached the gate', () => textIn(debug).includes('Successfully connected'));
      await pause(1_500);
      return terminal;
    },
    person,
    personFromAfar: (...args) => approvals(args, ['--url', gateway.base]),
    async question() {
      let said = '';
      const asked = async (): Promise<boolean> => {
        said = await person('list', '--json');
        return /ap_[\w-]+/.test(said);
      };
      await until('somebody was asked', asked).catch((fault: unknown) => {
        throw new Error(`${String(fault)}: ${said}`);
      });
      return /ap_[\w-]+/.exec(said)?.[0] ?? '';
    },
    async crash() {
      await gateway.kill9();
      gateway = await startGateway({ folder });
    },
    hasReached: (text) => textIn(record).includes(text),
    async log() {
      const { stdout } = await toolgate(['audit', 'list', '--all', '--data', gateway.data]);
      return `${stdout}${gateway.stderr()}`;
    },
    stop: kit.endAll,
  };
}

function textIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const late = Date.now() + 20_000;
  while (!(await is())) {
    if (Date.now() > late) throw new Error(`it did not come about that ${what}`);
    await pause(200);
  }
}

function serverCommand(era: StageOptions['era'], record: string): readonly string[] {
  if (era === 'legacy') return [process.execPath, join(ROOT, 'test/kit/recording-server.ts'), '--record', record];
  return [process.execPath, join(ROOT, 'test/e2e/asking-server.ts'), 'stdio', 'both', record];
}

function overStdio({ folder, era }: StageOptions, { data }: Gateway): Obj {
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ version: '1', default: 'deny', tools: TOOLS }));
  const given = ['--policy', policy, '--data', data, '--server', 'shop', '--grant', 'laptop'];
  const [command = '', ...args] = serverCommand(era, join(folder, 'server.jsonl'));
  return {
    type: 'stdio',
    command: process.execPath,
    args: [join(ROOT, 'src/main.ts'), 'wrap', ...given, '--', command, ...args],
  };
}

function startPrinting({ cwd, env }: Claude, command: readonly string[]): Child {
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const child = startChild('env', ['-i', ...given, ...command], { cwd });
  child.endInput();
  return child;
}
