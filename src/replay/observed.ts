import { below } from '../policy/problem.ts';
import type { Observation } from '../policy/suggest/observation.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { isMasked, type OpenValue, type RecordedCall } from './recorded-call.ts';

type Kept = Pick<Observation, 'args' | 'hidden'>;

const MASK = '••••';
const NOTHING: Kept = { args: objectOf([]), hidden: new Map([['', undefined]]) };
const NONE: Observation['hidden'] = new Map();
/** Anything of a type. */
const STAND_INS: { readonly [type: string]: Json } = {
  string: '',
  number: 0,
  boolean: false,
  array: [],
  object: objectOf([]),
};

/** A call that passed, as suggestions are made from it; undefined for any other. `outcome`: whether anything of it reached the server. */
export function observed(
  call: RecordedCall,
  outcome: 'unsent' | 'other',
  open: OpenValue | undefined,
): Observation | undefined {
  if (call.came !== 'allow') return undefined;
  const { id, server, grant, owner, session, kind, method, name, at, tick = at, said, wouldHave } = call;
  return {
    ...keptOf(call, open),
    id,
    server,
    grant,
    owner,
    session,
    kind,
    method,
    name,
    class: call.class,
    at,
    tick,
    isCounted: call.round === 'first' && outcome !== 'unsent',
    isApproved: said.effect === 'require_approval',
    isShadowed: wouldHave !== undefined,
  };
}

function keptOf({ args, n, id }: RecordedCall, open: OpenValue | undefined): Kept {
  switch (args.kind) {
    case 'whole':
      return { args: args.value, hidden: NONE };
    case 'elsewhere': {
      const value = open?.(n, id);
      return value === undefined ? NOTHING : { args: value, hidden: NONE };
    }
    case 'masked': {
      const hidden = new Map<string, string | undefined>();
      noteMasked(args.value, '', hidden);
      return { args: args.value, hidden: hidden.size === 0 ? NONE : hidden };
    }
    case 'types':
      return ofTypes(args.types);
    case 'none':
      return NOTHING;
  }
}

/** What is masked within a text was one; what is masked as a whole may have been anything. */
function noteMasked(value: Json, pointer: string, hidden: Map<string, string | undefined>): void {
  if (isMasked(value)) hidden.set(pointer, value === MASK ? undefined : 'string');
  else if (isArray(value)) for (const [index, one] of value.entries()) noteMasked(one, below(pointer, index), hidden);
  else if (isObject(value)) {
    for (const [key, one] of Object.entries(value)) noteMasked(one, below(pointer, key), hidden);
  }
}

function ofTypes(types: JsonObject): Kept {
  const hidden = new Map<string, string | undefined>();
  const args = Object.entries(types).map(([key, type]): readonly [string, Json] => {
    if (type === 'null' || typeof type !== 'string') return [key, null];
    hidden.set(below('', key), type);
    return [key, STAND_INS[type] ?? ''];
  });
  return { args: objectOf(args), hidden };
}
