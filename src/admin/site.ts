import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreFault } from '../gateway/ports.ts';
import { readBody } from './body.ts';
import { Door } from './door.ts';
import { FAILED, type Fault, NOT_PERMITTED, type Read, STORE_FAILED, TOO_MANY_GUESSES } from './fault.ts';
import { type Form, readForm } from './form.ts';
import type { Identifying } from './identifying.ts';
import type { AdminOptions } from './options.ts';
import { foreignForm } from './own-origin.ts';
import { layout, PAGE_HEADERS } from './page/layout.ts';
import { loginPage } from './page/login-page.ts';
import { faultPage, NOT_OWN_FORM, redirect } from './page-reply.ts';
import { type Reply, send } from './reply.ts';
import { Rooms } from './rooms.ts';
import { pageRoute, type Route } from './route.ts';

const MOST_BYTES = 1024 * 1024;
/** Bytes that somebody may send who is not signed in. */
const MOST_OF_STRANGERS = 32_768;

/** The pages below `/approvals`, for people who signed in. */
export class Site {
  readonly #options: AdminOptions;
  readonly #door: Door;
  readonly #rooms: Rooms;

  constructor(options: AdminOptions, identifying: Identifying) {
    this.#options = options;
    this.#door = new Door(options, identifying);
    this.#rooms = new Rooms(options.desk);
  }

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#reply(path, request).catch((fault: Error) => this.#failed(path, request, fault));
    if (reply !== undefined) send(request, response, reply);
  }

  async #reply(path: string, request: IncomingMessage): Promise<Reply> {
    const route = pageRoute(path);
    const root = rootOf(path);
    const isLooking = request.method === 'GET' || request.method === 'HEAD';
    if (!isLooking && request.method !== 'POST') return faultPage(root, NOT_PERMITTED('GET, HEAD, POST'));
    const foreign = isLooking ? undefined : this.#foreign(request);
    if (foreign !== undefined) return faultPage(root, foreign);
    if (route.at === 'login' || route.at === 'logout') {
      if (isLooking) return redirect(`${root}approvals`);
      return route.at === 'login' ? this.#signIn(root, request) : this.#signOut(root, request);
    }
    // Whoever is not signed in sees the same for every id, known or not.
    const visit = this.#door.visit(request);
    if (visit === undefined)
      return this.#askWho(root, request, { next: nextOf(route), problem: isLooking ? undefined : SIGNED_OUT });
    if (isLooking) return this.#rooms.look(route, { root, visit, url: request.url });
    if (route.at === 'list' || route.at === 'question') return faultPage(root, NOT_PERMITTED('GET, HEAD'));
    if (!('id' in route)) return this.#rooms.look(route, { root, visit, url: request.url });
    const form = await formOf(request, MOST_BYTES);
    if (form.kind === 'fault') return faultPage(root, form.fault, visit);
    // Who was removed while the form was on its way sees nothing more.
    const still = this.#door.visit(request);
    if (still === undefined) return this.#askWho(root, request, { next: nextOf(route), problem: SIGNED_OUT });
    return this.#rooms.act(route, form.value, { root, visit: still, url: request.url });
  }

  async #signIn(root: string, request: IncomingMessage): Promise<Reply> {
    const form = await formOf(request, MOST_OF_STRANGERS);
    if (form.kind === 'fault') return faultPage(root, form.fault);
    const { one } = form.value;
    const [name, next] = [(one('name') ?? '').trim(), safeNext(one('next'))];
    if (!this.#door.isOwnForm(request, one('key'))) {
      return this.#askWho(root, request, { next, problem: OLD_FORM, name, status: 403 });
    }
    const source = request.socket.remoteAddress ?? 'unknown';
    const identity = await this.#door.identify(name, one('secret') ?? '', source);
    if (identity.kind === 'person') return redirect(root + next, this.#door.signIn(request, identity));
    const reason = {
      nobody: 'wrong name or secret',
      grant: 'a grant’s token answers no questions',
      later: 'too many passphrases',
    };
    this.#options.strangers.refused(source, `the page: ${reason[identity.kind]}`);
    const { status, problem } = {
      nobody: { status: 401, problem: WRONG } as const,
      grant: { status: 403, problem: GRANT } as const,
      later: { status: 429, problem: `${TOO_MANY_GUESSES.message} ${TOO_MANY_GUESSES.remedy}` } as const,
    }[identity.kind];
    return this.#askWho(root, request, { next, problem, name, status });
  }

  /** Ends the session only for a form of its own, else for nobody. */
  async #signOut(root: string, request: IncomingMessage): Promise<Reply> {
    const visit = this.#door.visit(request);
    const form = await formOf(request, MOST_OF_STRANGERS);
    if (form.kind === 'fault') return faultPage(root, form.fault, visit);
    if (visit !== undefined && !this.#rooms.isOwnForm(form.value, visit)) return faultPage(root, NOT_OWN_FORM, visit);
    return redirect(`${root}approvals`, this.#door.signOut(request));
  }

  #askWho(
    root: string,
    request: IncomingMessage,
    why: {
      readonly next: string;
      readonly problem: string | undefined;
      readonly name?: string;
      readonly status?: Fault['status'];
    },
  ): Reply {
    const { formKey, cookies } = this.#door.form(request);
    const { next, problem, name = '', status = 401 } = why;
    const text = layout(
      { title: 'Sign in', root, visitor: undefined },
      loginPage({ root, next, formKey, problem, name }),
    );
    const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    const later: Record<string, string> = status === 429 ? { 'retry-after': '60' } : {};
    return { status, headers: { ...PAGE_HEADERS, ...challenge, ...later, 'set-cookie': cookies }, text };
  }

  #foreign(request: IncomingMessage): Fault | undefined {
    const { isSecure, strangers } = this.#options;
    const reason = foreignForm(request, { isSecure, url: this.#options.url() });
    if (reason === undefined) return undefined;
    strangers.refused(request.socket.remoteAddress ?? 'unknown', reason);
    return { status: 403, message: `Nothing was done: ${reason}.`, remedy: PROXY_HINT };
  }

  /** Undefined when nobody is there any more to be told. */
  #failed(path: string, request: IncomingMessage, fault: Error): Reply | undefined {
    if (request.destroyed && !request.complete) return undefined;
    this.#options.log(`a request to the pages failed: ${fault.stack ?? fault.message}`);
    return faultPage(rootOf(path), fault instanceof StoreFault ? STORE_FAILED : FAILED);
  }
}

const SIGNED_OUT = 'You are not signed in any more. Nothing was done; sign in and try again.';
const OLD_FORM = 'This form is too old, or the browser keeps no cookies for this page. Please try again.';
const WRONG = 'Nobody here has this name and passphrase, or this token.';
const GRANT = 'This is an agent’s token: it answers no questions. Use your own.';
const PROXY_HINT =
  'Open the page by its own address. Behind a proxy: pass the Host header on, or set "approvals.url" in the configuration.';
async function formOf(request: IncomingMessage, limit: number): Promise<Read<Form>> {
  if (!/^application\/x-www-form-urlencoded *(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return {
      kind: 'fault',
      fault: { status: 415, message: 'This takes forms only.', remedy: 'Programs use /api/approvals.' },
    };
  }
  const body = await readBody(request, limit);
  if (body.kind === 'text') return readForm(body.text);
  return { kind: 'fault', fault: { status: body.status, message: `Nothing was done: ${body.reason}.` } };
}

/** From a page up to where the gateway begins. */
function rootOf(path: string): string {
  const depth = path.split('/').length - 2;
  return depth === 0 ? './' : '../'.repeat(depth);
}

/** Where somebody goes who signed in on the way there. */
function nextOf(route: Route): string {
  if (!('id' in route)) return 'approvals';
  return route.at === 'always' ? `approvals/${route.id}/always` : `approvals/${route.id}`;
}

/** Only ever a page of ours: a stranger's form may say anything. */
function safeNext(next: string | undefined): string {
  return next !== undefined && /^approvals(?:\/ap_[\w-]{1,100}(?:\/always)?)?$/.test(next) ? next : 'approvals';
}
