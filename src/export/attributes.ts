/** A value as OTLP writes it in JSON: whole numbers as texts, since a double cannot hold all of them. */
type AnyValue = { readonly stringValue: string } | { readonly intValue: string } | { readonly boolValue: boolean };

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Those that have a value, in their order. */
export function attributes(given: readonly (readonly [key: string, value: unknown])[]): readonly KeyValue[] {
  return given.flatMap(([key, value]) => {
    const written = anyValue(value);
    return written === undefined ? [] : [{ key, value: written }];
  });
}

function anyValue(value: unknown): AnyValue | undefined {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { stringValue: String(value) };
    default:
      return undefined;
  }
}
