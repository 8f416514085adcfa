/** One key of an object: what it says, and the JSON Schema of its value. */
interface Key {
  readonly says: string;
  readonly schema: object;
}

/** One kind of object: every key that it may hold. What is checked, published as a schema and documented is this table. */
export interface Shape {
  readonly says: string;
  readonly keys: { readonly [key: string]: Key };
  readonly required: readonly string[];
  /** What holds between its keys, as JSON Schemas that must all be satisfied. */
  readonly between?: readonly object[];
}

/** Every key that an object of this kind may hold. */
export function keysOf({ keys }: Shape): readonly string[] {
  return Object.keys(keys);
}

/** The JSON Schema of an object of this kind. Unknown keys are refused, as the readers refuse them. */
export function schemaOf({ keys, required, between = [] }: Shape): object {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(keys).map(([key, { says, schema }]) => [key, { ...schema, description: says }]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...(between.length === 0 ? {} : { allOf: between }),
  };
}

/**
 * The schema of an object of a kind that is defined elsewhere in the document. Beside `$ref` draft-07 reads nothing, so the
 * reference stands in an `allOf`, where a description may stand beside it.
 */
export function objectOfKind(name: string): object {
  return { type: 'object', allOf: [{ $ref: `#/definitions/${name}` }] };
}

/** The schema of a word out of a few, with what editors tell of each. */
export function wordOf<Word extends string>(words: readonly Word[], says: { readonly [word in Word]: string }): object {
  return { enum: words, enumDescriptions: words.map((word) => says[word]) };
}

/** Refuses keys while others are there; editors underline them and tell why. */
export function without(keys: readonly string[], why: string): object {
  return { errorMessage: why, properties: Object.fromEntries(keys.map((key) => [key, false])) };
}

/** A schema that demands `then` of what satisfies `test`, and `otherwise` of the rest. */
export function given(test: object, then: object, otherwise?: object): object {
  return { if: test, then, ...(otherwise && { else: otherwise }) };
}
