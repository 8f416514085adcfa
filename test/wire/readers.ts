import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isObj } from '../kit/json-rpc.ts';
import { canonical } from './canonical.ts';
import { fieldsOf } from './fields.ts';

/** What one reader makes of a text: the whole message, and the fields that servers take out of it, each in canonical form. */
export type Reading =
  | { readonly kind: 'read'; readonly whole: string; readonly fields: readonly string[] }
  | { readonly kind: 'fault'; readonly reason: string };

export interface Reader {
  readonly name: string;
  read(texts: readonly (string | Buffer)[]): Promise<readonly Reading[]>;
  close(): void;
}

const FOLDER = fileURLToPath(new URL('readers', import.meta.url));
const GO = 'go';
const PYTHON = 'python3';

/** How Go's package is asked: as everybody uses it, or also its second version, which ignores `_` and `-` besides case. */
export interface GoReaders {
  readonly commands: readonly (readonly [name: string, file: string])[];
  /** Why one is missing. */
  readonly missing: readonly string[];
  remove(): void;
}

/** Builds the Go readers that can be built here; a machine without Go has none, and the caller says so. */
export function buildGo(): GoReaders {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-go-'));
  const commands: [string, string][] = [];
  const missing: string[] = [];
  for (const [name, experiment] of [
    ['Go encoding/json', ''],
    ['Go encoding/json/v2', 'jsonv2'],
  ] as const) {
    const file = join(folder, experiment === '' ? 'v1' : experiment);
    const env = { ...process.env, GOEXPERIMENT: experiment, GO111MODULE: 'off', CGO_ENABLED: '0' };
    const { status, stderr, error } = spawnSync(GO, ['build', '-o', file, '.'], {
      cwd: FOLDER,
      env,
      encoding: 'utf8',
    });
    if (status === 0) commands.push([name, file]);
    else missing.push(`${name}: ${error === undefined ? stderr.trim() : 'no go in the PATH'}`);
  }
  return { commands, missing, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * All readers that there are: JavaScript here, Python and Go as processes of their own. A machine without Python does without, aloud, unless
 * `TOOLGATE_ALL_READERS` says that it must not.
 */
export function startReaders(go: GoReaders['commands']): readonly Reader[] {
  const hasPython = process.env['TOOLGATE_ALL_READERS'] !== undefined || spawnSync(PYTHON, ['--version']).status === 0;
  if (!hasPython) process.stderr.write(`no ${PYTHON} in the PATH: what Python reads is not compared\n`);
  return [
    javaScript(),
    ...(hasPython ? [framed('Python json', PYTHON, [join(FOLDER, 'read.py')])] : []),
    ...go.map(([name, file]) => framed(name, file, [])),
  ];
}

function javaScript(): Reader {
  return {
    name: 'JavaScript',
    read: (texts) => Promise.resolve(texts.map((text) => readWithJavaScript(text.toString()))),
    close() {},
  };
}

function readWithJavaScript(text: string): Reading {
  try {
    const value: unknown = parse(text, asWritten);
    if (!isObj(value)) return { kind: 'fault', reason: 'no object' };
    return { kind: 'read', whole: canonical(value), fields: [canonical(fieldsOf(value))] };
  } catch (fault) {
    return { kind: 'fault', reason: String(fault) };
  }
}

/** As it is, with what the library's types do not know yet. */
const parse: (text: string, reviver: typeof asWritten) => unknown = JSON.parse;

/** Numbers with the text that they came in, as the other readers tell them. */
function asWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value;
}

/** A long-lived process that answers one line for each frame, and sends what it has when an empty frame comes. */
function framed(name: string, command: string, args: readonly string[]): Reader {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const told: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => told.push(chunk));
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const over = new Promise<never>((_, reject) => {
    child.once('error', (fault) => reject(new Error(`${name}: ${fault.message}`)));
    child.once('close', () => reject(new Error(`${name} ended: ${Buffer.concat(told).toString().slice(-2000)}`)));
  });
  over.catch(() => undefined);
  child.stdin.on('error', () => {});
  return {
    name,
    async read(texts) {
      const lines = [...texts, ''].map(() => new Promise<string>((resolve) => waiting.push(resolve)));
      writeFrames(child, texts);
      const answers = await Promise.race([Promise.all(lines), over]);
      return answers.slice(0, -1).map(readingOf);
    },
    close: () => void child.kill('SIGKILL'),
  };
}

function writeFrames(child: ChildProcessWithoutNullStreams, texts: readonly (string | Buffer)[]): void {
  const frames = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    return [Buffer.from(`${bytes.length}\n`), bytes];
  });
  child.stdin.write(Buffer.concat([...frames, Buffer.from('0\n')]));
}

function readingOf(line: string): Reading {
  if (line.startsWith('fault: ')) return { kind: 'fault', reason: line.slice('fault: '.length) };
  const [whole = '', ...fields] = line.split('\t');
  return { kind: 'read', whole, fields };
}
