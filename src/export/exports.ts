import { limitedLog } from '../gateway/limited-log.ts';
import type { Clock } from '../gateway/ports.ts';
import { httpPoster } from '../post/http-poster.ts';
import { type ExportPlan, isSamePlan } from './export-plan.ts';
import { Exporter, type ExporterParts } from './exporter.ts';
import { fileTarget } from './file-target.ts';
import { httpTarget } from './http-target.ts';
import { otlpTarget } from './otlp-target.ts';
import type { Target } from './target.ts';

export interface ExportsOptions extends Pick<ExporterParts, 'store' | 'clock' | 'crypto' | 'log'> {
  /** Toolgate's own, for receivers. */
  readonly version: string;
  /** How long a receiver may take to answer, ms; 15 s where not given. */
  readonly timeoutMs?: number;
  /** Files that are the gateway's own: nothing is exported into them. */
  ownFiles(): readonly string[];
}

interface Running {
  readonly plan: ExportPlan;
  readonly exporter: Exporter;
}

const TIMEOUT_MS = 15_000;
/** What is still to be delivered when the gateway stops has so long; the rest is delivered after the next start. */
const GRACE_MS = 2_000;
/** In ten seconds. */
const LOG_LINES = 20;

/** All exports of a gateway, each by itself: one that hangs delays no other. */
export class Exports {
  readonly #options: ExportsOptions;
  readonly #log: (line: string) => void;
  readonly #running: Map<string, Running> = new Map();
  #turn: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: ExportsOptions) {
    this.#options = options;
    const { clock, log } = options;
    const told = (leftOut: number): string => `exports: ${leftOut} more lines of the last seconds are left out`;
    this.#log = limitedLog({ max: LOG_LINES, now: () => clock.tick(), told }, log);
  }

  /** From now on these are run, each from where it was; resolves when those that are not among them have ended. */
  apply(plans: ReadonlyMap<string, ExportPlan>): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#take(plans))
      .catch((fault: Error) => this.#log(`exports: what was changed is not taken up whole: ${fault.name}`));
    return this.#turn;
  }

  /** Resolves when nothing is left open. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#turn;
    await Promise.all([...this.#running.values()].map(({ exporter }) => exporter.end(GRACE_MS)));
    this.#running.clear();
  }

  async #take(plans: ReadonlyMap<string, ExportPlan>): Promise<void> {
    if (this.#isStopped) return;
    const over = [...this.#running].filter(([name, { plan }]) => {
      const next = plans.get(name);
      return next === undefined || !isSamePlan(plan, next);
    });
    await Promise.all(over.map(([, { exporter }]) => exporter.end(0)));
    for (const [name] of over) this.#running.delete(name);
    for (const [name, plan] of plans) {
      if (!this.#running.has(name)) this.#running.set(name, { plan, exporter: this.#begin(plan) });
    }
  }

  #begin(plan: ExportPlan): Exporter {
    const { store, clock, crypto } = this.#options;
    return new Exporter({ plan, target: this.#target(plan, clock), store, clock, crypto, log: this.#log });
  }

  #target(plan: ExportPlan, clock: Pick<Clock, 'now'>): Target {
    const { version, timeoutMs = TIMEOUT_MS } = this.#options;
    const ownFiles = (): readonly string[] => this.#options.ownFiles();
    switch (plan.to) {
      case 'file':
        return fileTarget(plan, ownFiles);
      case 'http':
        return httpTarget(plan, httpPoster(timeoutMs), clock);
      case 'otlp':
        return otlpTarget(plan, { poster: httpPoster(timeoutMs), clock, version });
    }
  }
}
