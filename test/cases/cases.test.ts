import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy } from '../../src/policy/compile.ts';
import { countsAsked } from '../../src/policy/counts-asked.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Decision, Definition, Effect, RiskClass, RuleRef, Subject, Target } from '../../src/policy/decision.ts';
import { compileSchema } from '../../src/policy/json-schema/compile-schema.ts';
import { reachable } from '../../src/policy/reachable.ts';
import type { Call, CallKind } from '../../src/wire/call.ts';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { strict, strictObject } from '../laws/arbitrary-value.ts';
import { compiled, PARSERS } from '../laws/engine.ts';
import { type Documents, judge, type Verdict } from '../laws/naive.ts';
import { aimOf } from '../laws/naive-entry.ts';
import { isListed } from '../laws/naive-reachable.ts';

interface Case {
  readonly name: string;
  readonly policy: JsonObject;
  readonly baseline?: JsonObject;
  readonly call: { readonly kind?: CallKind; readonly tool: string; readonly args?: JsonObject };
  readonly grant?: Subject['grant'];
  readonly client?: { readonly name?: string; readonly version?: string };
  readonly class?: RiskClass;
  readonly session?: string;
  /** What the server says of its tools; without it, nothing is known of them. */
  readonly tools?: { readonly [name: string]: { readonly inputSchema?: Json; readonly annotations?: JsonObject } };
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
    /** What the rules in shadow would have said; null where none speaks. */
    readonly would?: { readonly effect: Effect; readonly rule: string } | null;
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
/** Cases with calls before them need a store. */
const earlier = files.filter((file) => file.startsWith('earlier-'));

describe.each(files.filter((file) => !broken.includes(file) && !earlier.includes(file)))('cases of %s', (file) => {
  test.each(read(file) as Case[])('$name', (one) => {
    const documents: Documents = {
      policy: strictObject(one.policy),
      baseline: one.baseline && strictObject(one.baseline),
    };
    const { subject, call } = scene(one);
    const target: Target = { class: one.class ?? 'unknown', definition: definitionOf(one) };
    const policies = compiled(documents);
    const asked = countsAsked(policies, subject, call, target);
    const calls = new Map(asked.map(({ key }) => [key, 0]));
    const facts = { at: Date.parse(one.at ?? '2026-04-01T12:00:00Z'), calls };

    const decision = decide(policies, subject, call, target, facts);
    const verdict = judge(documents, subject, call, target, facts);
    expect(asWanted(decision, one)).toEqual(wanted(one));
    // The naive engine reads no SQL.
    if (file !== 'sql.yaml') expect(asWanted(spoken(verdict), one), 'the naive engine').toEqual(wanted(one));
    expect(decision.reason).toContain(one.want.reason ?? '');
    expect(decision.reason).not.toBe('');
    if (one.want.listed === undefined) return;
    expect(reachable(policies, call.kind, call.name, target.class)).toBe(one.want.listed ? 'listed' : 'left out');
    expect(isListed(documents, aimOf(call, target))).toBe(one.want.listed);
  });
});

describe.each(broken)('documents that do not load: %s', (file) => {
  test.each(read(file) as Broken[])('$name', ({ policy, problems }) => {
    const result = compilePolicy(strict(policy), 'policy', PARSERS);
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
      session: one.session ?? 's-1',
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

function definitionOf({ tools, call }: Case): Definition | undefined {
  const described = tools?.[call.tool];
  if (described === undefined) return undefined;
  const { annotations = {}, inputSchema } = described;
  const schema = compileSchema(inputSchema === undefined ? undefined : strict(inputSchema));
  return { annotations: strictObject(annotations), input: () => schema };
}

interface Said {
  readonly effect: Effect;
  readonly rule: RuleRef;
}
type Answer = Said & Pick<Decision, 'hidden' | 'reservations'> & { readonly shadow: Said | undefined };

function spoken({ shadow, ...verdict }: Verdict): Answer {
  return { ...verdict, rule: verdict.named, shadow: shadow && { ...shadow, rule: shadow.named } };
}

/** What the case speaks of, out of an answer. */
function asWanted({ effect, rule, hidden, reservations, shadow }: Answer, { want }: Case): Partial<Case['want']> {
  return {
    effect,
    rule: rule.pointer,
    hidden,
    ...(want.document === undefined ? {} : { document: rule.document }),
    ...(want.id === undefined ? {} : { id: rule.id ?? '' }),
    ...(want.limits ? { limits: reservations.map((r) => [r.counter, r.window, r.max, r.scope] as const) } : {}),
    ...(want.would === undefined
      ? {}
      : { would: shadow ? { effect: shadow.effect, rule: shadow.rule.pointer } : null }),
  };
}

function wanted({ want: { reason: _, listed: __, ...want } }: Case): Partial<Case['want']> {
  return { hidden: false, ...want };
}
