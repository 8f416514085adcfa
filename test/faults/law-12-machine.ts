import type { Clock } from '../../src/gateway/ports.ts';

interface Alarm {
  readonly at: number;
  readonly action: () => void;
}

/** The clocks of a machine: a wall that can be set, and a steady one that nobody sets. */
export class Machine {
  steady = 50_000;
  wall: number = Date.UTC(2026, 10, 21);
  /** The greatest lead that any transaction saw: time as it must never run behind. */
  lead: number = Number.NEGATIVE_INFINITY;
  #alarms: Alarm[] = [];

  /** A transaction reads the clocks. */
  sample(): number {
    this.lead = Math.max(this.lead, this.wall - this.steady);
    return this.steady + this.lead;
  }

  advance(ms: number): void {
    this.steady += ms;
    this.wall += ms;
    this.ring();
  }

  /** Does what is due. */
  ring(): void {
    const due = this.#alarms.filter(({ at }) => at <= this.steady).sort((a, b) => a.at - b.at);
    for (const alarm of due) {
      if (!this.#alarms.includes(alarm)) continue;
      this.#drop(alarm);
      alarm.action();
    }
  }

  get isDue(): boolean {
    return this.#alarms.some(({ at }) => at <= this.steady);
  }

  after(ms: number, action: () => void): () => void {
    const alarm = { at: this.steady + ms, action };
    this.#alarms.push(alarm);
    return () => this.#drop(alarm);
  }

  #drop(alarm: Alarm): void {
    this.#alarms = this.#alarms.filter((one) => one !== alarm);
  }
}

/** How far a process runs ahead; shared by all processes where the store does not align them. */
export interface Lead {
  ms: number;
}

/** The clock of one process; nothing rings when it is dead. */
export function clockOn(machine: Machine, lead: Lead, isAlive: () => boolean): Clock {
  return {
    now: () => machine.wall,
    tick() {
      lead.ms = Math.max(lead.ms, machine.wall - machine.steady);
      return machine.steady + lead.ms;
    },
    lead: () => lead.ms,
    elapsed: () => machine.steady,
    after: (ms, action) => machine.after(ms, () => (isAlive() ? action() : undefined)),
  };
}
