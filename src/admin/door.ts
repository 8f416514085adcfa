import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { cookieOf, dropCookie, type Jar, jarOf, setCookie } from './cookies.ts';
import type { Identifying, Identity } from './identifying.ts';
import type { AdminOptions } from './options.ts';
import { Sessions, type Visit } from './sessions.ts';

/** The door of the pages: who comes in, who is in, who goes. */
export class Door {
  readonly #options: AdminOptions;
  readonly #identifying: Identifying;
  readonly #sessions: Sessions;
  readonly #key = randomBytes(32);

  constructor(options: AdminOptions, identifying: Identifying) {
    const { people, clock, crypto } = options;
    this.#options = options;
    this.#identifying = identifying;
    this.#sessions = new Sessions(
      people,
      () => clock.elapsed(),
      () => crypto.id(),
    );
  }

  /** Who is signed in with this browser. */
  visit(request: IncomingMessage): Visit | undefined {
    const secret = cookieOf(request, this.#jar(request).session);
    return secret === undefined ? undefined : this.#sessions.visit(secret);
  }

  /** For the form by which somebody signs in: its key, and the cookie to which the key belongs. */
  form(request: IncomingMessage): { readonly formKey: string; readonly cookies: readonly string[] } {
    const jar = this.#jar(request);
    const known = cookieOf(request, jar.door);
    const nonce = known ?? this.#options.crypto.id();
    return { formKey: this.#formKey(nonce), cookies: known === undefined ? [setCookie(jar.door, nonce, jar)] : [] };
  }

  /** Whether a form of the door was given to this very browser. */
  isOwnForm(request: IncomingMessage, formKey: string | undefined): boolean {
    const nonce = cookieOf(request, this.#jar(request).door);
    return nonce !== undefined && isSame(formKey, this.#formKey(nonce));
  }

  /** A token, or, with a name, a passphrase or a token of that person. */
  async identify(name: string, secret: string, source: string): Promise<Identity> {
    // Tokens are pasted, often with a blank; of a passphrase a blank may be part.
    const byToken = await this.#identifying.identify({ kind: 'token', token: secret.trim() }, source);
    if (name === '' || byToken.kind === 'grant') return byToken;
    if (byToken.kind === 'person' && byToken.known.person.name === name) return byToken;
    return this.#identifying.identify({ kind: 'passphrase', name, passphrase: secret }, source);
  }

  /** Signs somebody in; gives the cookies that say so. A session that the browser had before ends. */
  signIn(request: IncomingMessage, identity: Extract<Identity, { readonly kind: 'person' }>): readonly string[] {
    const jar = this.#jar(request);
    this.#endOld(request, jar);
    return [setCookie(jar.session, this.#sessions.begin(identity.known), jar), dropCookie(jar.door, jar)];
  }

  signOut(request: IncomingMessage): readonly string[] {
    const jar = this.#jar(request);
    this.#endOld(request, jar);
    return [dropCookie(jar.session, jar)];
  }

  #endOld(request: IncomingMessage, jar: Jar): void {
    const old = cookieOf(request, jar.session);
    if (old !== undefined) this.#sessions.end(old);
  }

  #jar(request: IncomingMessage): Jar {
    return jarOf(request, this.#options.isSecure);
  }

  #formKey(nonce: string): string {
    return createHmac('sha256', this.#key).update(nonce).digest('base64url');
  }
}

/** Whether the key that came with a form is the one that was given out. */
export function isSame(given: string | undefined, own: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(own)];
  return left.length === right.length && timingSafeEqual(left, right);
}
