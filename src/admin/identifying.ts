import type { Authorization } from './authorization.ts';
import { Guesses } from './guesses.ts';
import type { KnownPerson, People } from './people.ts';
import { Proven } from './proven.ts';

/** `grant`: the token is a grant's; `later`: too many wrong guesses, or too many at once. */
export type Identity =
  | { readonly kind: 'person'; readonly known: KnownPerson }
  | { readonly kind: 'grant' | 'later' }
  | { readonly kind: 'nobody'; readonly reason: string };

/** Finds out who somebody is, and bounds how often that may be tried. */
export class Identifying {
  readonly #people: People;
  readonly #guesses: Guesses;
  readonly #proven: Proven;
  readonly #underWay = new Map<string, Promise<Identity>>();

  constructor(people: People, elapsed: () => number) {
    this.#people = people;
    this.#guesses = new Guesses(elapsed);
    this.#proven = new Proven(elapsed);
  }

  /** `source`: the peer's address. */
  identify(shown: Authorization, source: string): Promise<Identity> {
    switch (shown.kind) {
      case 'none':
        return Promise.resolve({ kind: 'nobody', reason: 'no token' });
      case 'fault':
        return Promise.resolve({ kind: 'nobody', reason: shown.reason });
      case 'token':
        return this.#byToken(shown.token);
      case 'passphrase':
        return this.#byPassphrase(shown.name, shown.passphrase, source);
    }
  }

  async #byToken(token: string): Promise<Identity> {
    const found = await this.#people.identify(token);
    if (found !== undefined) return this.#asKnown(found);
    return this.#people.isGrantToken(token) ? { kind: 'grant' } : { kind: 'nobody', reason: 'unknown token' };
  }

  async #byPassphrase(name: string, passphrase: string, source: string): Promise<Identity> {
    const before = this.#people.personOf(name);
    if (before !== undefined && this.#proven.has(name, passphrase, before.credential)) {
      return { kind: 'person', known: before };
    }
    // A program that asks several things at once shows its passphrase with each of them.
    const key = JSON.stringify([source, name, passphrase, before?.credential ?? null]);
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const trial = this.#tried(name, passphrase, source).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, trial);
    return trial;
  }

  async #tried(name: string, passphrase: string, source: string): Promise<Identity> {
    const tried = await this.#guesses.attempt(source, name, () => this.#people.identify(passphrase, name));
    if (tried.kind === 'later') return tried;
    if (tried.value === undefined) return { kind: 'nobody', reason: 'wrong name or passphrase' };
    const found = this.#asKnown(tried.value);
    if (found.kind === 'person') this.#proven.keep(name, passphrase, found.known.credential);
    return found;
  }

  /** What was changed while it was tried is not what was tried. */
  #asKnown({ person, credential }: KnownPerson): Identity {
    const known = this.#people.personOf(person.name);
    return known?.credential === credential ? { kind: 'person', known } : GONE;
  }
}

const GONE: Identity = { kind: 'nobody', reason: 'the configuration has just changed' };
