import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../kit/child.ts';
import { started } from '../kit/started.ts';
import { eventually } from './rig.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-package-'));
const home = join(folder, 'home');
const installed = join(home, 'node_modules', 'toolgate');
/** A program of someone who uses the judge alone. */
const JUDGE = `import { compilePolicy, decide, explain, readCall, readJson, STRICT, sqlParsersFor } from 'toolgate';
import type { Facts, Json, JsonObject, Policies, Subject, Target } from 'toolgate';

function read(text: string): Json {
  const result = readJson(text, STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

const sqlOnly = '{"path": "args.sql", "op": "sql_only", "value": {"kinds": ["select"], "dialect": "postgresql"}}';
const document = read(\`{"version": "1", "default": "deny", "tools": {"query": {"require": [{"conditions": [\${sqlOnly}]}]}}}\`);
const compiled = compilePolicy(document, 'policy', await sqlParsersFor(document));
if (compiled.kind === 'problems') throw new Error(compiled.problems.map(({ message }) => message).join());

const policies: Policies = { policy: compiled.policy, baseline: undefined };
const grant = { name: 'laptop', owner: 'alice', labels: {} };
const subject: Subject = { grant, server: 'shop', session: 's-1', client: { name: undefined, version: undefined } };
const target: Target = { class: 'unknown', definition: undefined };
const facts: Facts = { at: 0, calls: new Map() };
for (const sql of ['select 1', 'drop table t']) {
  const call = readCall('tools/call', read(JSON.stringify({ name: 'query', arguments: { sql } })) as JsonObject);
  if (call.kind === 'fault') throw new Error(call.reason);
  const decision = decide(policies, subject, call.call, target, facts);
  const isExplained = explain(policies, subject, call.call, target, facts).decision.effect === decision.effect;
  console.log(decision.effect, decision.rule.pointer, isExplained);
}
`;
/** The Node that runs this test comes first, for npm and for what it starts. */
const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };

function run(command: string, args: readonly string[], cwd: string): ReturnType<typeof spawnSync> & { text: string } {
  const ended = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { ...ended, text: `${ended.stdout}${ended.stderr}` };
}

beforeAll(() => {
  const copy = join(folder, 'checkout');
  mkdirSync(copy);
  // A copy, so that the build here does not pull the ground from under others.
  for (const name of readdirSync(ROOT)) {
    if (['node_modules', 'dist', '.git', 'coverage', 'reports', '.stryker-tmp', '.vitest'].includes(name)) continue;
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const packed = run('npm', ['pack', '--pack-destination', folder], copy);
  expect(packed.status, packed.text).toBe(0);

  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'home', private: true, type: 'module' }));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const ended = run('npm', ['install', join(folder, tarball), ...quiet], home);
  expect(ended.status, ended.text).toBe(0);
}, 180_000);

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A Node on this machine that is too old for the product, if there is one. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node'));
  return candidates.find((node) => {
    if (!existsSync(node)) return false;
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    return /^v\d+\./.test(version) && Number(version.slice(1).split('.')[0]) < 24;
  });
}

describe('the package, installed from its tarball', () => {
  it('holds what runs and what one reads, and nothing else', () => {
    const names = readdirSync(installed).filter((name) => name !== 'node_modules');
    expect(names.toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'catalogue',
      'dist',
      'package.json',
      'schema',
    ]);
    const files = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
    expect(files).toContain('main.js');
    expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|tsbuildinfo/.test(file))).toEqual([]);
  });

  it('npx toolgate tells its version and checks a policy', () => {
    expect(run('npx', ['toolgate', '--version'], home).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    writeFileSync(join(home, 'good.json'), '{"version": "1", "default": "deny", "tools": {}}');
    writeFileSync(join(home, 'bad.json'), '{"version": "1", "default": "dney", "tools": {}}');
    expect(run('npx', ['toolgate', 'policy', 'check', 'good.json'], home).status).toBe(0);
    const bad = run('npx', ['toolgate', 'policy', 'check', 'bad.json'], home);
    expect(bad.status).toBe(1);
    expect(bad.stderr).toMatch(/^bad\.json:1:\d+ \/default .*dney/m);
  });

  it('brings the catalogue along', () => {
    const shown = run('npx', ['toolgate', 'catalogue', 'show', 'mitmproxy', 'replay_flow'], home);
    expect([shown.status, shown.stdout.includes('execute')]).toEqual([0, true]);
  });

  it('judges SQL by the parser that comes with it', () => {
    const value = { kinds: ['select'], dialect: 'postgresql' };
    const require = [{ conditions: [{ path: 'args.sql', op: 'sql_only', value }] }];
    writeFileSync(join(home, 'sql.json'), JSON.stringify({ version: '1', default: 'deny', tools: { q: { require } } }));
    const ask = (sql: string) =>
      run('npx', ['toolgate', 'policy', 'explain', 'sql.json', '--tool', 'q', '--args', JSON.stringify({ sql })], home);
    expect(ask('select 1').text).toMatch(/^allow /);
    expect(ask('delete from t').text).toMatch(/^deny /);
  });

  it('serves, and ends without a trace', async () => {
    writeFileSync(join(home, 'toolgate.json'), JSON.stringify({ servers: { any: { command: ['true'] } } }));
    const main = join(installed, 'dist', 'main.js');
    const args = [main, 'serve', '--config', 'toolgate.json', '--data', 'data', '--port', '0'];
    const child = kit.add(startChild(process.execPath, args, { cwd: home }));
    await eventually('it prints its address', () => child.stdout().includes('Ctrl-C'));
    const base = /http:\/\/127\.0\.0\.1:\d+/.exec(child.stdout())?.[0];
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    await child.stop();
    expect(await child.exited).toBe(0);
  });

  it('can be imported, with its types', () => {
    writeFileSync(join(home, 'judge.ts'), JUDGE);
    const ended = run(process.execPath, ['judge.ts'], home);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toBe('allow /tools/query true\ndeny /tools/query/require/0 true\n');
    const strictly = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
    const checked = run(join(ROOT, 'node_modules', '.bin', 'tsc'), [...strictly, 'judge.ts'], home);
    expect(checked.text).toBe('');
  });

  it('says under an older Node what it needs, in one line, with exit code 2', () => {
    const main = join(installed, 'dist', 'main.js');
    const older = olderNode();
    // Without an older one, this one is made to look old.
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.0'})`;
    const [node, before] = older === undefined ? [process.execPath, ['--import', pretend]] : [older, []];
    const ended = run(node, [...before, main, '--version'], home);
    expect(ended.status).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^toolgate needs Node 24 or newer and this is v\S+: .*https:\/\/nodejs\.org\n$/);
  });
});
