import type { Json } from '../../wire/json.ts';
import { isObject } from '../../wire/json.ts';
import type { Clause, Limit, Policy, Refusal, Rules } from '../policy.ts';
import { atPointer } from './at-pointer.ts';
import { ALWAYS, type Form } from './form.ts';
import { readForms } from './read-form.ts';

/** A document and what it compiles to. */
export interface Version {
  readonly policy: Policy;
  readonly document: Json;
}

/** One rule that refuses or asks by its conditions. */
export interface ClauseView {
  readonly pointer: string;
  readonly id: string | undefined;
  readonly form: Form;
  /** The author's own words. */
  readonly reason: string | undefined;
}

export interface LimitView {
  readonly pointer: string;
  readonly limit: Limit;
  /** Which calls it counts. */
  readonly when: Form;
  /** The paths as written. */
  readonly amount: string | undefined;
  readonly per: string | undefined;
  /** What stands for the amount and the value by which it counts; equal for equal paths. */
  readonly amountText: string;
  readonly perText: string;
}

/** Reads rules out of a document, each only once. */
export interface Reader {
  readonly policy: Policy;
  readonly document: Json;
  clause(clause: Clause): ClauseView;
  limit(limit: Limit): LimitView;
}

export function readerOf({ policy, document }: Version): Reader {
  const clauses = new Map<Clause, ClauseView>();
  const limits = new Map<Limit, LimitView>();
  return {
    policy,
    document,
    clause(clause) {
      const view = clauses.get(clause) ?? readClause(document, clause);
      clauses.set(clause, view);
      return view;
    },
    limit(limit) {
      const view = limits.get(limit) ?? readLimit(document, limit);
      limits.set(limit, view);
      return view;
    },
  };
}

function readClause(document: Json, { rule, reason }: Clause): ClauseView {
  const entry = atPointer(document, rule.pointer);
  const form = readForms(isObject(entry) ? entry['conditions'] : undefined);
  return { pointer: rule.pointer, id: rule.id, form, reason };
}

function readLimit(document: Json, limit: Limit): LimitView {
  const { pointer } = limit.rule;
  const found = atPointer(document, pointer);
  const written = isObject(found) ? found : {};
  return {
    pointer,
    limit,
    when: readForms(written['when']),
    amount: limit.amount && String(written['amount']),
    per: limit.per && String(written['per']),
    amountText: JSON.stringify(limit.amount?.path ?? null),
    perText: JSON.stringify(limit.per?.path ?? null),
  };
}

/** A rule without conditions: what needs approval whatever the call. */
export function unconditional({ rule, reason }: Refusal): ClauseView {
  return { pointer: rule.pointer, id: undefined, form: ALWAYS, reason };
}

/** Where the rules stand: `/tools/x`, `/classes/read`, `/default`. */
export function pointerOf(rules: Rules): string {
  return rules.allowed.rule.pointer.replace(/\/action$/, '');
}
