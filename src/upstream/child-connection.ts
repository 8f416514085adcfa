import { isUtf8 } from 'node:buffer';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import type { Passage } from '../gateway/passage.ts';
import type { Permit } from '../gateway/permit.ts';
import type { Connection, ConnectionEvents } from '../gateway/ports.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import { readMessage } from '../wire/read-message.ts';
import { writeJson } from '../wire/write-json.ts';
import { noiseLimit } from './chatter.ts';
import { type ChildInput, childInput } from './child-input.ts';
import { lineReader } from './line-reader.ts';
import { endGroup } from './process-group.ts';
import type { Reaper } from './reaper.ts';
import { shown, sizeText } from './shown.ts';

/** What all connections of one command share. */
export interface ChildPlan {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly maxLineBytes: number;
  readonly read: ReadLimits;
  /** How long the process may take to go by itself, and again after TERM. */
  readonly graceMs: number;
  readonly reaper: Reaper;
  /** Masks what must not turn up in texts. */
  mask(text: string): string;
  /** One line that the server wrote to its standard error. */
  onLog(line: string): void;
}

const MAX_LOG_LINE_BYTES = 4096;

/** One server process and what it started, spoken to in lines. */
export class ChildConnection implements Connection {
  readonly #plan: ChildPlan;
  readonly #events: ConnectionEvents;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #input: ChildInput;
  readonly #tellNoise: (what: string) => void;
  readonly #exited = Promise.withResolvers<void>();
  readonly #drained = Promise.withResolvers<void>();
  /** Requests handed over before it was known that the process cannot be started. */
  readonly #unstarted: number[] = [];
  /** Why nothing can be sent any more. */
  #gone: string | undefined;
  /** Nothing is told any more; what is handed over all the same still fails as unsent. */
  #isSilent = false;
  #ending: Promise<void> | undefined;

  /** Starts the process. Throws where the system refuses the arguments themselves: a NUL in them, or too many. */
  constructor(plan: ChildPlan, events: ConnectionEvents) {
    this.#plan = plan;
    this.#events = events;
    this.#tellNoise = noiseLimit((what) => events.noise(plan.mask(what)));
    this.#child = spawn(plan.file, plan.args, {
      env: plan.env,
      // Its own process group, so that everything it starts can be ended with it.
      detached: true,
      stdio: 'pipe',
      ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
    });
    this.#child.once('error', (error) => this.#unstartable(error));
    this.#input = childInput(this.#child.stdin);
    // Without a process there may be no pipes either; all that comes then is the error.
    if (this.#child.pid === undefined) return;
    plan.reaper.watch(this.#child.pid);
    this.#listen();
  }

  /** Resolves when the process is gone, however that came. */
  get gone(): Promise<void> {
    return this.#exited.promise.then(() => this.#ending);
  }

  send(pass: Permit | Passage): void {
    const { id, method } = pass.message;
    const request = typeof id === 'number' && method !== undefined ? id : undefined;
    if (this.#child.pid === undefined && this.#gone === undefined) {
      if (request !== undefined) this.#unstarted.push(request);
      return;
    }
    const taken =
      this.#gone === undefined
        ? this.#input.write(writeJson(pass.message), () => {
            if (request !== undefined) this.#fail(request, 'lost', 'the server closed its input');
          })
        : { kind: 'refused' as const, reason: this.#gone };
    if (taken.kind === 'accepted') return;
    if (request !== undefined) this.#fail(request, 'unsent', taken.reason);
    else this.#noise(`not sent: ${taken.reason}`);
  }

  pause(): void {
    if (this.#isRunning) this.#child.stdout.pause();
  }

  resume(): void {
    if (this.#isRunning) this.#child.stdout.resume();
  }

  close(): Promise<void> {
    this.#isSilent = true;
    this.#gone ??= 'the connection is closed';
    this.#ending ??= this.#end('ask');
    return this.#ending;
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    const lines = lineReader(this.#plan.maxLineBytes, {
      line: (bytes) => this.#line(bytes),
      tooLong: () => {
        const limit = sizeText(this.#plan.maxLineBytes);
        this.#break(`${this.#name} wrote a line of more than ${limit}, so the connection was ended`);
        return 'stop';
      },
    });
    stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    stdout.once('end', () => {
      const rest = lines.rest();
      if (rest.length > 0) this.#noise(`an unfinished line: ${shown(rest.toString('utf8', 0, 1000))}`);
      void this.#expectExit('output');
    });
    const log = lineReader(MAX_LOG_LINE_BYTES, {
      line: (bytes) => this.#log(bytes),
      tooLong: (start) => {
        this.#log(start);
        return 'skip';
      },
    });
    stderr.on('data', (chunk: Buffer) => log.push(chunk));
    stderr.once('end', () => this.#log(log.rest()));
    // A broken pipe is told by the write that met it; without a listener it would end the gateway.
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
    stdin.once('close', () => void this.#expectExit('input'));
    this.#child.once('exit', (code, signal) => this.#exit(code, signal));
    this.#child.once('close', () => this.#drained.resolve());
  }

  #line(bytes: Buffer): void {
    if (this.#isSilent) return;
    const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    if (text === undefined) return this.#noise(`a line that is not UTF-8: ${shown(bytes.toString('latin1', 0, 1000))}`);
    if (text.trim() === '') return;
    const read = readMessage(text, this.#plan.read);
    if (read.kind === 'message') this.#events.received(read.message, undefined);
    else this.#noise(`${shown(read.reason, 300)}: ${shown(text)}`);
  }

  #log(bytes: Buffer): void {
    const text = bytes.toString('utf8').trimEnd();
    if (text !== '') this.#plan.onLog(shown(this.#plan.mask(text), MAX_LOG_LINE_BYTES));
  }

  #exit(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    const reason = `the server's process (${this.#name}) ${how}`;
    this.#gone ??= reason;
    this.#exited.resolve();
    this.#ending ??= this.#end('now');
    // What it wrote before it ended is still on its way: the end is told after it.
    void Promise.race([this.#drained.promise, this.#ending]).then(() => this.#tellClosed(reason));
  }

  #unstartable(error: Error): void {
    // The same event reports a signal that could not be sent, when the process has long been running.
    if (this.#child.pid !== undefined) return;
    const reason = this.#whyUnstartable(error);
    this.#gone = reason;
    this.#ending ??= Promise.resolve();
    for (const id of this.#unstarted) this.#fail(id, 'unsent', reason);
    this.#tellClosed(reason);
    this.#exited.resolve();
  }

  #whyUnstartable(error: Error): string {
    const { file, cwd } = this.#plan;
    const code = 'code' in error ? error.code : undefined;
    const name = shown(file, 300);
    if (cwd !== undefined && !existsSync(cwd)) {
      return `cannot start "${name}": its folder "${shown(cwd, 300)}" does not exist; check its "cwd"`;
    }
    if (code === 'ENOENT') return `cannot start "${name}": not found; check the command and the PATH`;
    if (code === 'EACCES') return `cannot start "${name}": not executable; check its permissions, and the command`;
    if (code === 'EMFILE' || code === 'ENFILE') {
      return `cannot start "${name}": too many files are open; raise the limit of the gateway's process (ulimit -n)`;
    }
    return `cannot start "${name}": ${typeof code === 'string' ? code : 'the system refused'}; check the command`;
  }

  /** One of the two pipes is closed, so no call can be answered: the process is over or is ended. */
  async #expectExit(pipe: 'input' | 'output'): Promise<void> {
    if (this.#child.pid === undefined || this.#ending !== undefined) return;
    if (await settledWithin(this.#exited.promise, this.#plan.graceMs)) return;
    this.#break(`${this.#name} closed its ${pipe} but kept running, so it was ended`);
  }

  #break(reason: string): void {
    this.#gone ??= reason;
    this.#tellClosed(reason);
    this.#ending ??= this.#end('now');
  }

  async #end(how: 'ask' | 'now'): Promise<void> {
    const { pid, stdin, stdout, stderr } = this.#child;
    if (pid === undefined) return;
    const { graceMs, reaper } = this.#plan;
    // It may be waiting to be read before it can go; and what an ended one left in the pipe is little.
    stdout.resume();
    if (how === 'ask') {
      stdin.end();
      await settledWithin(this.#exited.promise, graceMs);
    }
    await endGroup(pid, graceMs);
    reaper.forget(pid);
    // A process that left the group may hold the pipes open for ever.
    await settledWithin(this.#drained.promise, graceMs);
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    await this.#exited.promise;
  }

  #fail(id: number, how: 'unsent' | 'lost', reason: string): void {
    if (!this.#isSilent || how === 'unsent') this.#events.failed(id, how, reason);
  }

  #noise(what: string): void {
    if (!this.#isSilent) this.#tellNoise(what);
  }

  #tellClosed(reason: string): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    this.#events.closed(reason);
  }

  get #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#ending === undefined;
  }

  get #name(): string {
    return shown(basename(this.#plan.file));
  }
}

/** Whether it settled in time. Leaves no timer behind. */
async function settledWithin(what: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const inTime = await Promise.race([what.then(() => true), late.promise]);
  clearTimeout(timer);
  return inTime;
}
