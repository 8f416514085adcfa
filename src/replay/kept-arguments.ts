import { bareObject, isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { completedIn } from './read-record.ts';
import { isMasked, type OpenValue, type RecordedCall } from './recorded-call.ts';
import { look, type Witness } from './witness.ts';

/**
 * The arguments of a recorded call as the judge may look at them: the witness notes it where that is at something that was not kept.
 * Names and the number of elements are always kept with what holds them. Undefined: nothing is known of them.
 */
export function argumentsAgain(call: RecordedCall, open: OpenValue, witness: Witness): JsonObject | undefined {
  const { args } = call;
  switch (args.kind) {
    case 'whole':
      return bareCopy(args.value);
    case 'elsewhere': {
      const sent = open(call.n, call.id);
      const value = sent && call.method === 'completion/complete' ? completedIn(sent, call.name) : sent;
      return value && bareCopy(value);
    }
    case 'masked':
      return objectAgain(args.value, witness, isMasked);
    case 'types':
      return objectAgain(args.types, witness, () => true);
    case 'none':
      return undefined;
  }
}

function bareCopy(value: JsonObject): JsonObject {
  return objectAgain(value, NOBODY, () => false);
}

/** Of what is whole nothing is unknown. */
const NOBODY: Witness = Object.freeze({ saw: undefined });

type IsUnknown = (value: Json) => boolean;

function objectAgain(value: JsonObject, witness: Witness, isUnknown: IsUnknown): JsonObject {
  const object = bareObject();
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    if (isUnknown(member)) hide(object, key, witness);
    else object[key] = again(member, witness, isUnknown);
  }
  return object;
}

function again(value: Json, witness: Witness, isUnknown: IsUnknown): Json {
  if (isArray(value)) {
    const array: Json[] = [];
    for (const [index, element] of value.entries()) {
      if (isUnknown(element)) hide(array, index, witness);
      else array[index] = again(element, witness, isUnknown);
    }
    return array;
  }
  return isObject(value) && !JSON.isRawJSON(value) ? objectAgain(value, witness, isUnknown) : value;
}

function hide(holder: object, key: string | number, witness: Witness): void {
  const get = (): null => {
    look(witness, 'arguments');
    return null;
  };
  Object.defineProperty(holder, key, { enumerable: true, get });
}
