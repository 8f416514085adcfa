import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../gateway/approvals/approval-desk.ts';
import type { Person } from '../gateway/approvals/quorum.ts';
import { StoreFault } from '../gateway/ports.ts';
import type { JsonObject } from '../wire/json.ts';
import { readAdoption, readApproval, readDenial, readObject, readWish } from './api-body.ts';
import { cursorOf, readAuditWish } from './audit-query.ts';
import { readAuthorization } from './authorization.ts';
import { readBody } from './body.ts';
import {
  FAILED,
  type Fault,
  NOT_PERMITTED,
  type Read,
  refusedByDesk,
  STORE_FAILED,
  TOO_MANY_GUESSES,
  TOO_MANY_LOOKS,
} from './fault.ts';
import type { Identifying } from './identifying.ts';
import { type Asking, Looks } from './looks.ts';
import type { AdminOptions } from './options.ts';
import { foreignOrigin } from './own-origin.ts';
import { queryOf, readListed } from './query.ts';
import { backtestFault, readBacktest } from './read-backtest.ts';
import { send } from './reply.ts';
import { type ApiRoute, apiRoute, type Step } from './route.ts';

/** Bytes of a body. */
const MOST_BYTES = 1024 * 1024;

type Outcome =
  | { readonly kind: 'done'; readonly value: object }
  /** JSON that is written already. */
  | { readonly kind: 'written'; readonly text: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** The JSON API below `/api`. Everybody shows who they are with every request. */
export class Api {
  readonly #options: AdminOptions;
  readonly #identifying: Identifying;
  readonly #looks = new Looks();

  constructor(options: AdminOptions, identifying: Identifying) {
    this.#options = options;
    this.#identifying = identifying;
  }

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = await this.#outcome(path, { request, response }).catch((fault: Error) =>
      this.#failed(request, fault),
    );
    if (outcome === undefined) return;
    if (outcome.kind === 'done') return this.#send(request, response, 200, JSON.stringify(outcome.value));
    if (outcome.kind === 'written') return this.#send(request, response, 200, outcome.text);
    const { status, message, remedy, kind, problems, headers } = outcome.fault;
    this.#send(request, response, status, JSON.stringify({ error: { message, remedy, kind, problems } }), headers);
  }

  async #outcome(path: string, asking: Asking): Promise<Outcome> {
    const { request } = asking;
    const foreign = isChanging(request) ? foreignOrigin(request, this.#place()) : undefined;
    if (foreign !== undefined) return this.#turnAway(request, 403, foreign, OWN_PAGES_ONLY);
    const source = request.socket.remoteAddress ?? 'unknown';
    const identity = await this.#identifying.identify(readAuthorization(request.headers.authorization), source);
    switch (identity.kind) {
      case 'nobody':
        return this.#turnAway(request, 401, identity.reason, SHOW_TOKEN, { 'www-authenticate': 'Bearer' });
      case 'grant':
        return this.#turnAway(request, 403, 'a grant’s token answers no questions', SHOW_TOKEN);
      case 'later':
        this.#options.strangers.refused(source, 'too many passphrases');
        return { kind: 'fault', fault: TOO_MANY_GUESSES };
      case 'person':
        return this.#asked(apiRoute(path), asking, { ...identity.known, channel: 'api' });
    }
  }

  async #asked(route: ApiRoute, asking: Asking, viewer: Viewer & { readonly person: Person }): Promise<Outcome> {
    const { request } = asking;
    const { desk } = this.#options;
    const isLooking = request.method === 'GET' || request.method === 'HEAD';
    switch (route.at) {
      case 'nothing':
      case 'login':
      case 'logout':
        return { kind: 'fault', fault: NOTHING_HERE };
      case 'me':
        if (!isLooking) return { kind: 'fault', fault: NOT_PERMITTED('GET, HEAD') };
        return done({ name: viewer.person.name, roles: [...viewer.person.roles] });
      case 'list': {
        if (!isLooking) return { kind: 'fault', fault: NOT_PERMITTED('GET, HEAD') };
        const which = readListed(queryOf(request.url));
        return which.kind === 'fault' ? which : done({ approvals: await desk.list(which.value, viewer) });
      }
      case 'question': {
        if (!isLooking) return { kind: 'fault', fault: NOT_PERMITTED('GET, HEAD') };
        const detail = await desk.show(route.id, viewer);
        return detail === undefined ? { kind: 'fault', fault: NO_SUCH_QUESTION } : done(detail);
      }
      case 'backtest': {
        if (request.method !== 'POST') return { kind: 'fault', fault: NOT_PERMITTED('POST') };
        const object = await objectIn(request);
        const wish = object.kind === 'fault' ? object : readBacktest(object.value);
        if (wish.kind === 'fault') return wish;
        const answer = await this.#options.backtests.run(wish.value);
        return answer.kind === 'backtest' ? done(answer.found) : { kind: 'fault', fault: backtestFault(answer) };
      }
      case 'records': {
        if (!isLooking) return { kind: 'fault', fault: NOT_PERMITTED('GET, HEAD') };
        const wish = readAuditWish(queryOf(request.url), (text) => this.#options.readTime(text));
        if (wish.kind === 'fault') return wish;
        const page = await this.#looks.take(viewer.person.name, asking, () => this.#options.audit.page(wish.value));
        if (page === undefined) return { kind: 'fault', fault: TOO_MANY_LOOKS };
        const { records, next } = page;
        const cursor = next === undefined ? 'null' : `"${cursorOf(next)}"`;
        return { kind: 'written', text: `{"records":[${records.join(',')}],"next":${cursor}}` };
      }
      case 'record': {
        if (!isLooking) return { kind: 'fault', fault: NOT_PERMITTED('GET, HEAD') };
        const found = await this.#looks.take(viewer.person.name, asking, async () => ({
          text: await this.#options.audit.one(route.id),
        }));
        if (found === undefined) return { kind: 'fault', fault: TOO_MANY_LOOKS };
        const { text } = found;
        return text === undefined ? { kind: 'fault', fault: NO_SUCH_RECORD } : { kind: 'written', text };
      }
      default:
        if (request.method !== 'POST') return { kind: 'fault', fault: NOT_PERMITTED('POST') };
        return this.#step(route.at, route.id, request, viewer);
    }
  }

  async #step(step: Step, id: string, request: IncomingMessage, viewer: Viewer): Promise<Outcome> {
    const object = await objectIn(request);
    if (object.kind === 'fault') return object;
    const { desk } = this.#options;
    switch (step) {
      case 'approve':
        return whenRead(readApproval(object.value), (answer) => desk.answer(id, answer, viewer));
      case 'deny':
        return whenRead(readDenial(object.value), (answer) => desk.answer(id, answer, viewer));
      case 'always':
        return whenRead(readWish(object.value), (wish) => desk.propose(id, wish, viewer));
      case 'adopt':
        return whenRead(readAdoption(object.value), ({ wish, digest }) => desk.adopt(id, wish, digest, viewer));
    }
  }

  #turnAway(
    request: IncomingMessage,
    status: 401 | 403,
    reason: string,
    remedy: string,
    headers: Readonly<Record<string, string>> = {},
  ): Outcome {
    this.#options.strangers.refused(request.socket.remoteAddress ?? 'unknown', reason);
    return { kind: 'fault', fault: { status, message: `${capital(reason)}.`, remedy, headers } };
  }

  /** Undefined when nobody is there any more to be told. */
  #failed(request: IncomingMessage, fault: Error): Outcome | undefined {
    if (request.destroyed && !request.complete) return undefined;
    this.#options.log(`a request to the API failed: ${fault.stack ?? fault.message}`);
    return { kind: 'fault', fault: fault instanceof StoreFault ? STORE_FAILED : FAILED };
  }

  #place(): { readonly isSecure: boolean; readonly url: string | undefined } {
    return { isSecure: this.#options.isSecure, url: this.#options.url() };
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    json: string,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const text = `${json}\n`;
    send(request, response, { status, headers: { ...headers, 'content-type': 'application/json' }, text });
  }
}

const OWN_PAGES_ONLY = 'Only the gateway’s own pages, and programs that are no browsers, may do this.';
const SHOW_TOKEN = 'Send "Authorization: Bearer <your token>", of a person in "people" of the configuration.';
const NOTHING_HERE: Fault = {
  status: 404,
  message: 'Nothing is here.',
  remedy: 'The API is at /api/approvals and /api/audit.',
};
const NO_SUCH_QUESTION: Fault = { status: 404, message: 'There is no such question.', kind: 'unknown' };
const NO_SUCH_RECORD: Fault = { status: 404, message: 'There is no such record.', kind: 'unknown' };
const NOT_JSON: Fault = {
  status: 415,
  message: 'The body must be JSON.',
  remedy: 'Send "Content-Type: application/json".',
};

function done(value: object): Outcome {
  return { kind: 'done', value };
}

async function objectIn(request: IncomingMessage): Promise<Read<JsonObject>> {
  if (!/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return { kind: 'fault', fault: NOT_JSON };
  const body = await readBody(request, MOST_BYTES);
  if (body.kind === 'fault')
    return { kind: 'fault', fault: { status: body.status, message: `${capital(body.reason)}.` } };
  return readObject(body.text);
}

/** Asks the desk once the body is understood; what it gives is the API's answer. */
async function whenRead<T, A extends { readonly kind: string }>(
  body: Read<T>,
  ask: (value: T) => Promise<A>,
): Promise<Outcome> {
  if (body.kind === 'fault') return body;
  const answer = await ask(body.value);
  return isRefused(answer) ? { kind: 'fault', fault: refusedByDesk(answer) } : done(answer);
}

function isRefused(answer: { readonly kind: string }): answer is Parameters<typeof refusedByDesk>[0] {
  return 'reason' in answer;
}

/** Whether a request may change something. */
function isChanging({ method }: IncomingMessage): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
