import { createHash } from 'node:crypto';
import type { Quorum } from '../../src/gateway/approvals/approval.ts';
import type { Person, Role } from '../../src/gateway/approvals/quorum.ts';
import type { Standing } from '../../src/gateway/gate.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { atPointer } from '../../src/policy/diff/at-pointer.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import type { Obj } from '../kit/json-rpc.ts';

/** A policy as the model knows it: what it says is worked out here a second time, in a few lines. */
export interface Rules {
  /** What the rule that asks about `send` says; undefined: it asks nothing. */
  readonly asks: 'a' | 'b' | undefined;
  /** Another rule, named before it, asks about one of the calls. */
  readonly hasSecond: boolean;
  /** Edits that mean nothing for any call; an odd one moves the rules in their list. */
  readonly elsewhere: number;
  readonly denied: readonly number[];
  readonly limit: { readonly max: number; readonly on_exceed: 'deny' | 'require_approval' } | undefined;
  readonly approvals: 'anyone' | 'two' | 'named';
}

export const FIRST_RULES: Rules = {
  asks: 'a',
  hasSecond: false,
  elsewhere: 0,
  denied: [],
  limit: undefined,
  approvals: 'anyone',
};

/** What a policy says of a call: `asks` names the rule by what it says, `beyond` the limit beyond which it would be. */
export type Ruled =
  | { readonly effect: 'deny' | 'allow' }
  | { readonly effect: 'ask'; readonly asks: string; readonly beyond: string | undefined };

const big = (text: string): Obj => ({
  id: '2-big',
  on_deny: `Large: ${text}.`,
  conditions: [{ path: 'args.n', op: 'gte', value: 1 }],
});
const SECOND: Obj = { id: '1-second', conditions: [{ path: 'args.n', op: 'eq', value: 3 }] };

/** `used`: how many calls the limit has counted. */
export function ruled(rules: Rules, tool: string, n: unknown, used: number): Ruled {
  const { limit, denied } = rules;
  if ((tool !== 'wipe' && tool !== 'send') || typeof n !== 'number') return { effect: 'deny' };
  const isFull = limit !== undefined && used + 1 > limit.max;
  if ((tool === 'send' && denied.includes(n)) || (isFull && limit.on_exceed === 'deny')) return { effect: 'deny' };
  const beyond = isFull ? JSON.stringify(limit) : undefined;
  const asks = tool === 'wipe' ? 'wipe' : (beyond ?? asking(rules, n));
  return asks === undefined ? { effect: 'allow' } : { effect: 'ask', asks, beyond };
}

/** The entry that asks about `send`. */
function asking({ asks, hasSecond }: Rules, n: number): string | undefined {
  if (hasSecond && n === 3) return JSON.stringify(SECOND);
  return asks !== undefined && n >= 1 ? JSON.stringify(big(asks)) : undefined;
}

function documentOf({ asks, hasSecond, elsewhere, denied, limit, approvals }: Rules): Obj {
  const limits = limit === undefined ? [] : [{ counter: 'sends', window: 'month', ...limit }];
  const never = { id: '0-never', conditions: [{ path: 'args.n', op: 'eq', value: -1 - elsewhere }] };
  return {
    version: '1',
    default: 'deny',
    description: `edited ${elsewhere} times`,
    ...(approvals === 'two' ? { approvals: { count: 2 } } : {}),
    ...(approvals === 'named' ? { approvals: { approvers: { roles: ['editor'], owners: ['bob'] } } } : {}),
    tools: {
      wipe: { action: 'require_approval', limits },
      send: {
        deny_if: denied.length === 0 ? [] : [{ conditions: [{ path: 'args.n', op: 'in', value: denied }] }],
        approve_if: [
          ...(elsewhere % 2 === 1 ? [never] : []),
          ...(hasSecond ? [SECOND] : []),
          ...(asks === undefined ? [] : [big(asks)]),
        ],
        limits,
      },
    },
  };
}

/** Names a version in the records. */
export const digestOf = (rules: Rules): string =>
  createHash('sha256')
    .update(JSON.stringify(documentOf(rules)))
    .digest('hex');

const standings = new Map<string, Omit<Standing, 'grant'>>();

export function standingOf(rules: Rules, name: string, owner: string): Standing {
  const document = documentOf(rules);
  const text = JSON.stringify(document);
  const known = standings.get(text) ?? compiled(text, digestOf(rules));
  standings.set(text, known);
  return { ...known, grant: { name, owner, labels: {} } };
}

function compiled(text: string, policyDigest: string): Omit<Standing, 'grant'> {
  const read = readJson(text, STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  const made = compilePolicy(read.value, 'policy');
  if (made.kind !== 'policy') throw new Error(`the model's own policy is broken: ${JSON.stringify(made)}`);
  return {
    policies: { policy: made.policy, baseline: undefined },
    policyName: 'model',
    policyDigest,
    baselineDigest: undefined,
    ruleText: (_, pointer) => {
      const rule = atPointer(read.value, pointer);
      return rule === undefined ? undefined : canonicalJson(rule);
    },
    classes: new Map(),
  };
}

const person = (name: string, ...roles: readonly Role[]): Person => ({ name, roles: new Set(roles) });

export const PEOPLE: readonly Person[] = [
  person('ann', 'approver'),
  person('bob', 'approver'),
  person('carl', 'admin'),
  person('dora', 'viewer'),
  person('eve', 'editor'),
];
/** Who may be asked by a form in the client. */
export const LOCAL_USER = 'lou';

export function mayAnswer(approvals: Rules['approvals'], { name, roles }: Person): boolean {
  if (approvals === 'named') return roles.has('editor') || roles.has('admin') || name === 'bob';
  return roles.has('approver') || roles.has('admin');
}

export const mayLocalAnswer = (approvals: Rules['approvals']): boolean => approvals === 'anyone';

export const neededBy = (approvals: Rules['approvals']): number => (approvals === 'two' ? 2 : 1);

export function quorumFor(approvals: Rules['approvals']): Quorum {
  const lists = approvals === 'named' ? [{ roles: ['editor'], owners: ['bob'] }] : [];
  return { count: neededBy(approvals), lists };
}
