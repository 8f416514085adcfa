import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import type { RiskClass, Subject } from '../../src/policy/decision.ts';
import { reachable } from '../../src/policy/reachable.ts';
import type { Call, CallKind } from '../../src/wire/call.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { strict, strictObject } from '../laws/arbitrary-value.ts';
import { compiled } from '../laws/engine.ts';
import { type Documents, judge } from '../laws/naive.ts';
import { isListed } from '../laws/naive-reachable.ts';

interface Case {
  readonly name: string;
  readonly policy: JsonObject;
  readonly baseline?: JsonObject;
  readonly call: { readonly kind?: CallKind; readonly tool: string; readonly args?: JsonObject };
  readonly grant?: Subject['grant'];
  readonly client?: { readonly name?: string; readonly version?: string };
  readonly class?: RiskClass;
  /** ISO time of the call. */
  readonly at?: string;
  readonly want: {
    readonly effect: string;
    readonly rule: string;
    readonly document?: string;
    readonly id?: string;
    readonly hidden?: boolean;
    /** A part of the reason. */
    readonly reason?: string;
    /** Counter, window as written, maximum, scope. */
    readonly limits?: readonly (readonly [string, string, number, string])[];
    readonly listed?: boolean;
  };
}

interface Broken {
  readonly name: string;
  readonly policy: JsonObject;
  /** A pointer may end in `*` where any place below will do; `message` is a part of it. */
  readonly problems: readonly { readonly pointer: string; readonly message: string }[];
}

function read(file: string): unknown {
  return parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.yaml'));
const broken = files.filter((file) => file.startsWith('broken-'));

describe.each(files.filter((file) => !broken.includes(file)))('cases of %s', (file) => {
  test.each(read(file) as Case[])('$name', (one) => {
    const documents: Documents = {
      policy: strictObject(one.policy),
      baseline: one.baseline && strictObject(one.baseline),
    };
    const { subject, call } = scene(one);
    const target = { class: one.class ?? 'unknown' };
    const facts = { at: Date.parse(one.at ?? '2026-04-01T12:00:00Z') };
    const policies = compiled(documents);

    const decision = decide(policies, subject, call, target, facts);
    const verdict = judge(documents, subject, call, target, facts);
    expect(asWanted(decision, one)).toEqual(wanted(one));
    expect(asWanted({ ...verdict, rule: verdict.named }, one)).toEqual(wanted(one));
    expect(decision.reason).toContain(one.want.reason ?? '');
    expect(decision.reason).not.toBe('');
    if (one.want.listed === undefined) return;
    expect(reachable(policies, call.kind, call.name)).toBe(one.want.listed ? 'listed' : 'left out');
    expect(isListed(documents, call.kind, call.name)).toBe(one.want.listed);
  });
});

describe.each(broken)('documents that do not load: %s', (file) => {
  test.each(read(file) as Broken[])('$name', ({ policy, problems }) => {
    const result = compilePolicy(strict(policy), 'policy');
    const told = result.kind === 'problems' ? result.problems : [];
    for (const { pointer, message } of problems) {
      const there = told.filter((one) =>
        pointer.endsWith('*') ? one.pointer.startsWith(pointer.slice(0, -1)) : one.pointer === pointer,
      );
      expect(there.map((one) => one.message).join('\n'), JSON.stringify(told)).toContain(message);
      expect(there, JSON.stringify(told)).not.toEqual([]);
    }
  });
});

function scene(one: Case): { subject: Subject; call: Call } {
  const { kind = 'tool', tool, args = strictObject({}) } = one.call;
  const given = strictObject(args);
  return {
    subject: {
      grant: one.grant ?? { name: 'laptop', owner: 'alice', labels: {} },
      server: 'flows',
      session: 's-1',
      client: { name: one.client?.name, version: one.client?.version },
    },
    call: {
      kind,
      method: kind === 'tool' ? 'tools/call' : kind,
      name: tool,
      args: given,
      params: strictObject({ name: tool, arguments: given }),
    },
  };
}

type Answer = Pick<ReturnType<typeof decide>, 'effect' | 'hidden' | 'rule' | 'reservations'>;

/** What the case speaks of, out of an answer. */
function asWanted(answer: Answer, one: Case): object {
  const { document, id, limits } = one.want;
  return {
    effect: answer.effect,
    rule: answer.rule.pointer,
    hidden: answer.hidden,
    ...(document === undefined ? {} : { document: answer.rule.document }),
    ...(id === undefined ? {} : { id: answer.rule.id }),
    ...(limits ? { limits: answer.reservations.map((r) => [r.counter, r.window, r.max, r.scope]) } : {}),
  };
}

function wanted({ want: { effect, rule, hidden = false, document, id, limits } }: Case): object {
  return {
    effect,
    rule,
    hidden,
    ...(document === undefined ? {} : { document }),
    ...(id === undefined ? {} : { id }),
    ...(limits ? { limits } : {}),
  };
}
