import { type Era, REVISIONS } from '../wire/era.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { ownEnvelope } from '../wire/modern/envelope.ts';
import { ownName } from '../wire/own-name.ts';
import { METHOD_NOT_FOUND } from '../wire/read-message.ts';
import { error, notification, result } from '../wire/replies.ts';
import { Exchanges, type Outcome } from './exchanges.ts';
import { answerOf } from './handshake.ts';
import { passage } from './passage.ts';
import type { Clock, Connection, Upstream } from './ports.ts';

const MAX_PAGES = 50;
const MAX_TOOLS = 20_000;
/** A server that was silent to `initialize` has had its time to start; a modern one answers at once. */
const MOST_MODERN_MS = 10_000;

/** A server that did not give its list of tools; the message says why. */
class ToolsFault extends Error {
  override name = 'ToolsFault';
}

export interface Asking {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** How long each answer may take. */
  readonly timeoutMs: number;
  readonly version: string;
}

/**
 * Asks for all pages of `tools/list`, in a session of its own or, where the server knows none, without one. Calls nothing. Rejects with `ToolsFault`.
 */
export async function askTools(asking: Asking): Promise<readonly Json[]> {
  try {
    return await askIn('legacy', asking);
  } catch (fault) {
    if (!(fault instanceof NoSession)) throw fault;
    const timeoutMs = Math.min(asking.timeoutMs, MOST_MODERN_MS);
    return askIn('modern', { ...asking, timeoutMs }).catch(() => {
      throw fault;
    });
  }
}

/** The server answered, but opened no session. */
class NoSession extends ToolsFault {
  override name = 'NoSession';
}

async function askIn(era: Era, { upstream, clock, timeoutMs, version }: Asking): Promise<readonly Json[]> {
  const exchanges = new Exchanges(clock, timeoutMs);
  let heard: string | undefined;
  const connection = upstream.connect(
    {
      received: (message) => hear(message, connection, exchanges),
      failed: (id, how, reason) => exchanges.failed(id, how, reason),
      paused() {},
      noise(what) {
        heard ??= what;
      },
      closed: (reason) => exchanges.closed(reason),
    },
    era,
  );
  const ask = async (method: string, params: JsonObject): Promise<Json> => {
    const outcome = await exchanges.askOwn(connection, method, params);
    if (outcome.kind === 'answered') return outcome.result;
    const reason = `its answer to ${method} did not come: ${reasonOf(outcome)}${heard === undefined ? '' : `; it wrote what is no message: ${heard}`}`;
    throw method === 'initialize' && outcome.kind !== 'unsent' ? new NoSession(reason) : new ToolsFault(reason);
  };
  const dressed = (params: JsonObject): JsonObject => (era === 'modern' ? ownEnvelope(params, version) : params);
  try {
    if (era === 'legacy') await openSession(connection, ask, version);
    return await allPages((cursor) =>
      ask('tools/list', dressed(objectOf(cursor === undefined ? [] : [['cursor', cursor]]))),
    );
  } finally {
    await connection.close();
  }
}

async function openSession(
  connection: Connection,
  ask: (method: string, params: JsonObject) => Promise<Json>,
  version: string,
): Promise<void> {
  const offer = objectOf([
    ['protocolVersion', REVISIONS[0] ?? ''],
    ['capabilities', objectOf([])],
    ['clientInfo', ownName(version)],
  ]);
  const told = answerOf(await ask('initialize', offer));
  if (told.kind === 'fault') throw new ToolsFault(told.reason);
  connection.send(passage(notification('notifications/initialized', objectOf([]))));
}

async function allPages(ask: (cursor: string | undefined) => Promise<Json>): Promise<readonly Json[]> {
  const tools: Json[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && tools.length <= MAX_TOOLS; page++) {
    const answer = await ask(cursor);
    const listed = isObject(answer) ? answer['tools'] : undefined;
    if (!isObject(answer) || !isArray(listed)) throw new ToolsFault('its answer to tools/list holds no tools');
    for (const tool of listed) tools.push(tool);
    if (typeof answer['nextCursor'] !== 'string') return tools;
    cursor = answer['nextCursor'];
  }
  throw new ToolsFault('its list of tools does not end');
}

function reasonOf(outcome: Exclude<Outcome, { kind: 'answered' }>): string {
  return outcome.kind === 'failed' ? outcome.error.message : outcome.reason;
}

/** Nothing was offered to the server, so that it may ask for a sign of life only. */
function hear(message: Message, connection: Connection, exchanges: Exchanges): void {
  if (message.kind === 'response' || message.kind === 'error') exchanges.answered(message);
  if (message.kind !== 'request') return;
  const { id, method } = message;
  const refusal = error(id, { code: METHOD_NOT_FOUND, message: 'Nobody is here to answer.' });
  connection.send(passage(method === 'ping' ? result(id, objectOf([])) : refusal));
}
