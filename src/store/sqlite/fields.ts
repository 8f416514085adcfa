/** The members of a JSON object that was written here and may have been damaged since. Every look throws unless it finds what it names. */
export class Fields {
  readonly #members: object;
  readonly #where: string;

  private constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${where === '' ? 'its body' : where} is no object`);
    }
    this.#members = value;
    this.#where = where;
  }

  static of(text: string): Fields {
    return new Fields(JSON.parse(text), '');
  }

  text(name: string): string {
    return wellFormed(this.#at(name), this.#place(name));
  }

  /** Undefined where there is none. */
  textAt(name: string): string | undefined {
    return this.#at(name) === undefined ? undefined : this.text(name);
  }

  textsAt(name: string): readonly string[] | undefined {
    return this.#at(name) === undefined ? undefined : this.texts(name);
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((one) => wellFormed(one, this.#place(name)));
  }

  number(name: string): number {
    const value = this.#at(name);
    if (typeof value !== 'number') throw new Error(`${this.#place(name)} is no number`);
    return value;
  }

  word<T extends string>(name: string, words: readonly T[]): T {
    const value = this.#at(name);
    const word = words.find((one) => one === value);
    if (word === undefined) throw new Error(`${this.#place(name)} is none of ${words.join(', ')}`);
    return word;
  }

  object(name: string): Fields {
    return new Fields(this.#at(name), this.#place(name));
  }

  /** Undefined where there is none. */
  objectAt(name: string): Fields | undefined {
    return this.#at(name) === undefined ? undefined : this.object(name);
  }

  objects(name: string): readonly Fields[] {
    return this.#list(name).map((one) => new Fields(one, this.#place(name)));
  }

  #at(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? Reflect.get(this.#members, name) : undefined;
  }

  #list(name: string): readonly unknown[] {
    const value = this.#at(name);
    if (!Array.isArray(value)) throw new Error(`${this.#place(name)} is no list`);
    return value;
  }

  #place(name: string): string {
    return this.#where === '' ? name : `${this.#where}.${name}`;
  }
}

function wellFormed(value: unknown, place: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw new Error(`${place} is no well-formed text`);
  return value;
}
