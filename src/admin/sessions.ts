import { hash } from 'node:crypto';
import type { Person } from '../gateway/approvals/quorum.ts';
import type { KnownPerson, People } from './people.ts';

const LIFE_MS = 8 * 3_600_000;
const IDLE_MS = 3_600_000;
const MOST_OF_PERSON = 100;

interface Session {
  readonly name: string;
  readonly credential: string;
  /** Stands in every form; who cannot read our pages cannot know it. */
  readonly formKey: string;
  readonly bornAt: number;
  usedAt: number;
  /** Told once, on the next page. */
  news: string | undefined;
}

/** A browser of somebody who signed in. */
export interface Visit {
  readonly person: Person;
  /** What the person proved when the session began. */
  readonly credential: string;
  readonly formKey: string;
  /** Said on the next page that is shown. */
  tell(news: string): void;
  takeNews(): string | undefined;
}

/** Who is signed in. In memory only, by the SHA-256 of what their cookies hold. */
export class Sessions {
  readonly #people: Pick<People, 'personOf'>;
  readonly #elapsed: () => number;
  readonly #id: () => string;
  readonly #open = new Map<string, Session>();

  /** `id` gives 128 random bits. */
  constructor(people: Pick<People, 'personOf'>, elapsed: () => number, id: () => string) {
    this.#people = people;
    this.#elapsed = elapsed;
    this.#id = id;
  }

  /** Begins a session; gives what the cookie holds. */
  begin({ person, credential }: KnownPerson): string {
    const secret = this.#id() + this.#id();
    const now = this.#elapsed();
    this.#makeRoom(person.name);
    const formKey = this.#id();
    this.#open.set(keyOf(secret), {
      name: person.name,
      credential,
      formKey,
      bornAt: now,
      usedAt: now,
      news: undefined,
    });
    return secret;
  }

  /** Whose session it is, if it lives, and the person is still who they were when it began. */
  visit(secret: string): Visit | undefined {
    const key = keyOf(secret);
    const session = this.#open.get(key);
    if (session === undefined) return undefined;
    const known = this.#people.personOf(session.name);
    if (this.#isOver(session) || known === undefined || known.credential !== session.credential) {
      this.#open.delete(key);
      return undefined;
    }
    session.usedAt = this.#elapsed();
    return {
      person: known.person,
      credential: session.credential,
      formKey: session.formKey,
      tell: (news) => {
        session.news = news;
      },
      takeNews: () => {
        const { news } = session;
        session.news = undefined;
        return news;
      },
    };
  }

  end(secret: string): void {
    this.#open.delete(keyOf(secret));
  }

  #isOver({ bornAt, usedAt }: Session): boolean {
    const now = this.#elapsed();
    return now - bornAt >= LIFE_MS || now - usedAt >= IDLE_MS;
  }

  #makeRoom(name: string): void {
    for (const [key, session] of this.#open) if (this.#isOver(session)) this.#open.delete(key);
    const own = [...this.#open].filter(([, session]) => session.name === name);
    // In the order in which they began.
    for (const [key] of own.slice(0, Math.max(0, own.length - MOST_OF_PERSON + 1))) this.#open.delete(key);
  }
}

function keyOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
