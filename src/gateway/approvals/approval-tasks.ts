import type { Json, JsonObject } from '../../wire/json.ts';

/** A call that a task of the gateway's own sent, and how far it is. */
export interface TaskRun {
  /** Under which the call is in flight. */
  readonly messageId: string;
  /** The answer, once there is one. */
  reply: JsonObject | undefined;
  /** Its client called it off while it was on its way. */
  isCancelled: boolean;
  /** Resolves when there is. */
  done: Promise<void>;
  /** The server made a task of it: under this id. */
  serverTask: string | undefined;
}

const MOST_RUNS = 1_000;

/** What became of calls whose clients wait for them as tasks; kept for as long as the process lives, within bounds. */
export class ApprovalTasks {
  readonly #runs = new Map<string, TaskRun>();
  /** Questions that the client put to its own user already. */
  readonly #answered = new Set<string>();

  run(id: string): TaskRun | undefined {
    return this.#runs.get(id);
  }

  /** True for one that was begun here. */
  has(id: Json | undefined): boolean {
    return typeof id === 'string' && this.#runs.has(id);
  }

  keep(id: string, run: TaskRun): void {
    this.#runs.delete(id);
    for (const [oldest, { reply }] of this.#runs) {
      if (this.#runs.size < MOST_RUNS) break;
      if (reply !== undefined) this.#runs.delete(oldest);
    }
    this.#runs.set(id, run);
  }

  isAnswered(id: string): boolean {
    return this.#answered.has(id);
  }

  answered(id: string): void {
    if (this.#answered.size >= MOST_RUNS) this.#answered.delete(this.#answered.values().next().value ?? '');
    this.#answered.add(id);
  }
}
