import type { Approval } from '../../gateway/approvals/approval.ts';
import type { ApprovalChanges, ApprovalRuling, TransactionClock } from '../../gateway/approvals/approval-ports.ts';
import type { ValueSealer } from '../../gateway/audit/audit-ports.ts';
import type { ServerPins } from '../../gateway/pins/server-pins.ts';
import type { Committed, Entry, Pass, PinPlan, Plan, Verdict } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { countsAt, planAskedPass, planPass, type Settled } from '../../policy/count/plan-pass.ts';
import type { Moment } from '../../policy/count/slot.ts';
import { quoted } from '../../policy/problem.ts';
import type { Approvals } from './approvals.ts';
import { asked, type Tried, tried } from './asked.ts';
import type { Chain } from './chain.ts';
import type { Counters } from './counters.ts';
import type { KeptValues } from './kept-values.ts';
import { limitsText } from './limits-text.ts';
import type { Notices } from './notices.ts';
import { type Pins, sha256 } from './pins.ts';
import { HeldReceipt } from './receipt.ts';
import type { SharedLead } from './shared-lead.ts';

export interface Tables {
  readonly counters: Counters;
  readonly lead: SharedLead;
  readonly chain: Chain;
  readonly pins: Pins;
  readonly approvals: Approvals;
  readonly notices: Notices;
  readonly values: KeptValues;
  /** Undefined where nothing is kept whole. */
  sealer(): ValueSealer | undefined;
}

export type PlanPins = (now: ServerPins, digest: (text: string) => string) => PinPlan | undefined;
export type PlanApproval = (now: Approval | undefined, tick: number) => ApprovalChanges | undefined;
export type PlanExpiry = (late: readonly Approval[], tick: number) => ApprovalChanges;

/** How an expiry went: those that cannot be read were left, and the fault names the first of them. */
export interface Expiry {
  readonly count: number;
  readonly fault: StoreFault | undefined;
}

/** What a pass is to write. */
interface Planned {
  readonly settled: Settled;
  readonly ruling: ApprovalRuling | undefined;
  readonly body: string;
  readonly value: Sealed | undefined;
}

interface Sealed {
  readonly sealer: ValueSealer;
  readonly sealed: Uint8Array;
}

/** While questions live: how much of their time a machine that fails may forget. */
const MARK_TIME_MS = 10_000;

const NO_CHANGES: ApprovalChanges = { approvals: [], records: [], notices: [] };

/**
 * What is done inside of a transaction that others share. A function of the caller that throws, or asks for what cannot be kept, fails
 * its own attempt only. INVARIANT: an attempt writes nothing before all functions of its caller have returned.
 */
export class Attempts {
  readonly #tables: Tables;
  #characters = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** How much was written since this was last asked. */
  takeCharacters(): number {
    const characters = this.#characters;
    this.#characters = 0;
    return characters;
  }

  /** Counts what was written past it. */
  changed(characters: number): void {
    this.#characters += characters;
  }

  /** Gives the record's place. */
  link(entry: Entry, limits = '[]'): number {
    this.#characters += entry.body.length;
    return this.#tables.chain.append(entry, limits);
  }

  pass(pass: Pass): Tried<Committed> {
    const { counters, lead } = this.#tables;
    const { id, at } = pass;
    const moment = { tick: lead.align(pass), at };
    const counts = countsAt(counters, pass.counts, moment);
    const planned = tried(() => this.#planned(pass, counts, moment));
    if (planned.kind === 'failed') return planned;
    const { settled, ruling, body, value } = planned.value;
    const { verdict, shadow, limits, additions } = settled;
    const receipt = new HeldReceipt(id, counters, counters.take(additions, moment));
    const n = this.link({ id, kind: 'call', at, body }, limitsText(limits));
    if (value !== undefined) {
      this.#tables.values.add(n, at, value.sealed, value.sealer);
      this.#characters += value.sealed.length;
    }
    if (ruling !== undefined) this.#change(ruling, at);
    return { kind: 'done', value: { verdict, receipt, limits, shadow } };
  }

  pins(server: string, plan: PlanPins): Tried<ServerPins> {
    const { pins } = this.#tables;
    const planned = tried(() => {
      const now = pins.of(server);
      return asked(() => plan(now, sha256));
    });
    if (planned.kind === 'failed') return planned;
    if (planned.value !== undefined) {
      this.#characters += pins.change(server, planned.value);
      for (const record of planned.value.records) this.link(record);
    }
    return tried(() => pins.of(server));
  }

  approval(id: string, clock: TransactionClock, plan: PlanApproval): Tried<Approval | undefined> {
    const { approvals, lead } = this.#tables;
    const tick = lead.align(clock);
    const planned = tried(() => {
      const now = approvals.find(id);
      const changes = asked(() => plan(now, tick));
      this.#check(changes ?? NO_CHANGES);
      return { now, changes };
    });
    if (planned.kind === 'failed') return planned;
    const { now, changes } = planned.value;
    if (changes === undefined) return { kind: 'done', value: now };
    this.#change(changes, wallOf(changes, tick));
    return tried(() => approvals.find(id));
  }

  /** Whether there is something for `expiry` to do; reads only. */
  isExpiryDue(clock: TransactionClock): boolean {
    const { approvals, lead } = this.#tables;
    const tick = lead.peek(clock);
    if (approvals.isAnyLate(tick)) return true;
    // Where something has an end, the time that passes is kept, also when nothing else is written.
    return lead.unmarked(tick) >= MARK_TIME_MS && approvals.isAnyLive();
  }

  expiry(clock: TransactionClock, plan: PlanExpiry): Tried<Expiry> {
    const tick = this.#tables.lead.align(clock);
    const { late, fault } = this.#tables.approvals.late(tick);
    const planned = tried(() => {
      const changes = late.length === 0 ? NO_CHANGES : asked(() => plan(late, tick));
      this.#check(changes);
      return changes;
    });
    if (planned.kind === 'failed') return planned;
    this.#change(planned.value, wallOf(planned.value, tick));
    return { kind: 'done', value: { count: late.length, fault } };
  }

  announce(changes: ApprovalChanges): Tried<void> {
    const checked = tried(() => this.#check(changes));
    if (checked.kind === 'done') this.#change(changes, 0);
    return checked;
  }

  #planned(pass: Pass, counts: ReadonlyMap<string, number>, moment: Moment): Planned {
    const { counters } = this.#tables;
    const plan = asked(() => pass.judge(counts));
    let ruling: ApprovalRuling | undefined;
    const settled =
      plan.consult === undefined
        ? planPass(counters, plan, moment)
        : planAskedPass(counters, plan, moment, (verdict) => {
            ruling = this.#ruling(plan, verdict, moment.tick);
            return ruling?.effect;
          });
    const { verdict, shadow } = settled;
    if (ruling?.effect === 'pass' && verdict.kind === 'exceeded') {
      throw new StoreFault(
        `pass ${quoted(pass.id)}: nobody can lift what ${quoted(verdict.reservation.counter)} denies`,
      );
    }
    const body = asked(() => plan.body(verdict, shadow, moment.tick));
    return { settled, ruling, body, value: plan.value === undefined ? undefined : this.#sealed(pass.id, plan.value) };
  }

  /** INVARIANT: a record that says that its arguments are kept has them beside it, sealed; without a key nothing is recorded, and so nothing passes. */
  #sealed(id: string, text: string): Sealed {
    const sealer = this.#tables.sealer();
    if (sealer === undefined) throw new StoreFault(`pass ${quoted(id)}: there is no key to seal its arguments with`);
    return { sealer, sealed: sealer.seal(id, text) };
  }

  #ruling(plan: Plan, verdict: Verdict, tick: number): ApprovalRuling | undefined {
    const consultation = asked(() => plan.consult?.(verdict));
    if (consultation === undefined) return undefined;
    const known = this.#tables.approvals.known(consultation, tick);
    const ruling = asked(() => consultation.settle(known, tick));
    this.#check(ruling);
    return ruling;
  }

  #check({ approvals, notices }: ApprovalChanges): void {
    this.#tables.approvals.check(approvals);
    this.#tables.notices.check(notices);
  }

  #change({ approvals, records, notices }: ApprovalChanges, at: number): void {
    this.#characters += this.#tables.approvals.save(approvals, at) + this.#tables.notices.add(notices);
    for (const record of records) this.link(record);
  }
}

/** The wall at a change, as its records tell it; the tick, which is never behind, where there are none. */
function wallOf({ records }: ApprovalChanges, tick: number): number {
  return records.at(-1)?.at ?? tick;
}
