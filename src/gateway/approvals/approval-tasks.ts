import type { Json, JsonObject } from '../../wire/json.ts';
import { writeJson } from '../../wire/write-json.ts';
import type { SharedPlace } from '../flight.ts';

/** A call that a task of the gateway's own sent, and how far it is. */
export interface TaskRun {
  /** Under which the call is in flight. */
  readonly messageId: string;
  /** Among the grant's requests. */
  readonly place: SharedPlace;
  /** The answer, once there is one. */
  reply: JsonObject | undefined;
  /** Its client called it off while it was on its way. */
  isCancelled: boolean;
  /** Resolves when there is. */
  done: Promise<void>;
  /** The server made a task of it: under this id. */
  serverTask: string | undefined;
}

interface Kept {
  readonly run: TaskRun;
  /** Of its answer; undefined while there is none. */
  characters: number | undefined;
}

const MOST_RUNS = 1_000;
/** Of all answers of a session together. The last one is kept however long it is: its client has not seen it yet. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Whether an id is one of a question to a person, and so of a task of the gateway's own. */
export function isApprovalId(id: Json | undefined): id is string {
  return typeof id === 'string' && id.startsWith('ap_');
}

/** What became of calls whose clients wait for them as tasks; kept for as long as the process lives, within bounds. */
export class ApprovalTasks {
  readonly #runs = new Map<string, Kept>();
  #characters = 0;
  /** Questions that the client put to its own user already. */
  readonly #answered = new Set<string>();

  run(id: string): TaskRun | undefined {
    return this.#runs.get(id)?.run;
  }

  /** True for one that was begun here. */
  has(id: Json | undefined): boolean {
    return typeof id === 'string' && this.#runs.has(id);
  }

  keep(id: string, run: TaskRun): void {
    this.#drop(id);
    for (const [oldest, { characters }] of this.#runs) {
      if (this.#runs.size < MOST_RUNS) break;
      if (characters !== undefined) this.#drop(oldest);
    }
    this.#runs.set(id, { run, characters: undefined });
  }

  /** Its answer is there. Those that came first are forgotten when there is too much. */
  finished(id: string, run: TaskRun): void {
    const kept = this.#runs.get(id);
    if (kept?.run !== run) return;
    // What goes on as a task of the server's is found there.
    if (run.serverTask !== undefined) run.reply = undefined;
    this.#runs.delete(id);
    const characters = run.reply === undefined ? 0 : writeJson(run.reply).length;
    for (const [oldest, { characters: freed }] of this.#runs) {
      if (this.#characters + characters <= MOST_CHARACTERS) break;
      if (freed !== undefined && freed > 0) this.#drop(oldest);
    }
    this.#runs.set(id, { run, characters });
    this.#characters += characters;
  }

  isAnswered(id: string): boolean {
    return this.#answered.has(id);
  }

  answered(id: string): void {
    if (this.#answered.size >= MOST_RUNS) this.#answered.delete(this.#answered.values().next().value ?? '');
    this.#answered.add(id);
  }

  #drop(id: string): void {
    this.#characters -= this.#runs.get(id)?.characters ?? 0;
    this.#runs.delete(id);
  }
}
