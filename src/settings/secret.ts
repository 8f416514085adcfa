import { inspect } from 'node:util';

const DOTS = '••••';

/** A text that prints as dots wherever it lands by accident; only `reveal` gives it away. */
export class Secret {
  readonly #text: string;

  static {
    Object.defineProperty(Secret.prototype, inspect.custom, { value: (): string => DOTS });
  }

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return DOTS;
  }

  toJSON(): string {
    return DOTS;
  }
}
