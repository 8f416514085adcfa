/** What a record's body tells, by its keys; nothing of what is not there or is no JSON. */
export interface Told {
  /** The text at a path. */
  text(...path: readonly string[]): string | undefined;
  /** The text, number or truth value at a path. */
  scalar(...path: readonly string[]): string | number | boolean | undefined;
}

export function toldBy(body: string): Told {
  const value = parsed(body);
  const scalar: Told['scalar'] = (...path) => {
    const found = path.reduce<unknown>(memberOf, value);
    return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? found : undefined;
  };
  return {
    scalar,
    text: (...path) => {
      const found = scalar(...path);
      return typeof found === 'string' ? found : undefined;
    },
  };
}

function memberOf(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key)
    ? Reflect.get(object, key)
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
