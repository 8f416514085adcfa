import type { RiskClass } from '../policy/decision.ts';
import { ownText } from '../wire/own-text.ts';
import type { Standing } from './gate.ts';
import { mayPass } from './may-pass.ts';

/** A task that a call began on the server: it belongs to whoever made the call. */
export interface Task {
  readonly id: string;
  readonly tool: string;
  /** As which the tool was called. */
  readonly class: RiskClass;
  /** Digests of the server's questions that are on record already. */
  readonly asked: Set<string>;
}

/** Whether the policies let the task's tool be called still. */
export function mayReachTask({ policies, classes }: Standing, { tool, class: called }: Task): boolean {
  return mayPass(policies, 'tool', tool, classes.get(tool) ?? called);
}

const MAX_TASKS = 10_000;
/** A longer id is not kept, so that nobody can speak of its task: ids of a server's own making must not fill the memory. */
const LONGEST_ID = 1_024;

/** The tasks that calls of this session began; an id that is not among them is as unknown as one that never was. */
export class Tasks {
  readonly #known = new Map<string, Task>();

  begin(id: string, tool: string, riskClass: RiskClass): void {
    // The server gave the id to a call of another tool, as one that was started anew does: what is said of it now is said of that.
    if (id.length > LONGEST_ID || this.#known.get(id)?.tool === tool) return;
    this.#known.delete(id);
    // The oldest goes: a server that begins tasks without end must not fill the memory.
    if (this.#known.size >= MAX_TASKS) this.#known.delete(this.#known.keys().next().value ?? '');
    const key = ownText(id);
    this.#known.set(key, { id: key, tool: ownText(tool), class: riskClass, asked: new Set() });
  }

  find(id: unknown): Task | undefined {
    return typeof id === 'string' ? this.#known.get(id) : undefined;
  }
}
