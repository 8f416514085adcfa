import { isObject } from '../../wire/json.ts';
import type { Mode, Refusal, Rules } from '../policy.ts';
import { enforcedOf, type Named, type Sides, sidesOf, standingRefusal } from '../standing.ts';
import { atPointer } from './at-pointer.ts';
import { type ClauseView, type LimitView, pointerOf, type Reader, unconditional } from './reader.ts';

/** All that one document says of a name. */
export interface View {
  /** Of the entry that speaks. */
  readonly pointer: string;
  readonly mode: Mode;
  readonly modePointer: string;
  /** Refuses whatever the call. */
  readonly standing: Refusal | undefined;
  /** Where in the document it does. */
  readonly standingPointer: string | undefined;
  readonly shown: 'in lists' | 'left out of lists';
  readonly denyIf: readonly ClauseView[];
  readonly require: readonly ClauseView[];
  readonly approveIf: readonly ClauseView[];
  readonly validate: { readonly how: 'off' | 'schema' | 'strict'; readonly pointer: string | undefined };
  readonly limits: readonly LimitView[];
  /** The author's words for what is allowed. */
  readonly reason: string | undefined;
}

/** What is enforced, and all that is written: the same where nothing stands in shadow. */
export interface Views {
  readonly enforced: View;
  readonly written: View;
}

export function viewsOf(reader: Reader, named: Named): Views {
  const policies = { policy: reader.policy, baseline: undefined };
  const sides = sidesOf(policies, named);
  const enforced = enforcedOf(sides, policies);
  const written = viewOf(reader, named, sides, sides);
  return { written, enforced: enforced === sides ? written : viewOf(reader, named, enforced, sides) };
}

function viewOf(reader: Reader, { kind }: Named, sides: Sides, whole: Sides): View {
  const { entry, all } = sides.policy;
  const both = [entry, all];
  const pointer = pointerOf(whole.policy.entry);
  const standing = standingRefusal(sides);
  const isListed =
    standing === undefined || (reader.policy.list === 'all' && standing.stage !== 'hide' && kind !== 'request');
  const isWholeDocument = reader.policy.mode === 'shadow';
  const source = atPointer(reader.document, pointer);
  const reason = isObject(source) ? source['reason'] : undefined;
  return {
    pointer,
    mode: isWholeDocument ? 'shadow' : whole.policy.entry.mode,
    modePointer: isWholeDocument ? '/mode' : pointer,
    standing,
    standingPointer: standing && placeOf(sides, standing, pointer),
    shown: isListed ? 'in lists' : 'left out of lists',
    denyIf: both.flatMap(({ denyIf }) => denyIf.map(reader.clause)),
    require: both.flatMap(({ require }) => require.map(reader.clause)),
    approveIf: both.flatMap(({ approval, approveIf }) => [
      ...(approval === undefined ? [] : [unconditional(approval)]),
      ...approveIf.map(reader.clause),
    ]),
    validate: strictestOf(both),
    limits: both.flatMap(({ limits }) => limits.map(reader.limit)),
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

/** A place in the document, also for what is named in parentheses. */
function placeOf({ policy: { hidden } }: Sides, { rule, stage }: Refusal, pointer: string): string {
  if (hidden !== undefined) return '/hide';
  if (stage === 'default') return '/default';
  return rule.pointer.startsWith('(') ? `${pointer}/action` : rule.pointer;
}

function strictestOf(both: readonly Rules[]): View['validate'] {
  const found = both.flatMap(({ validate }) => (validate === undefined ? [] : [validate]));
  const strictest = found.find(({ how }) => how === 'strict') ?? found[0];
  return { how: strictest?.how ?? 'off', pointer: strictest?.rule.pointer };
}
