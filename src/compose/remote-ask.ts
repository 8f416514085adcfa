import { DeskFault } from '../cli/world.ts';
import { StoreFault } from '../gateway/ports.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';

export interface RemoteQuestion {
  readonly url: URL;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly authorization: string | undefined;
  readonly body: string | undefined;
}

export type RemoteAnswer =
  | { readonly kind: 'value'; readonly value: Json; readonly from: string }
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** The desk's own word for it, such as `over`. */
      readonly word: string | undefined;
      /** What the gateway said. */
      readonly said: string;
      /** The same with the remedy, for who asked. */
      readonly reason: string;
    };

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Asks a gateway one thing. Rejects with `StoreFault` when it cannot be reached or cannot use its store, with `DeskFault` when it is no gateway. */
export async function ask(question: RemoteQuestion): Promise<RemoteAnswer> {
  const from = shownAddress(question.url);
  const { status, text } = await exchange(question, from);
  if (status >= 300 && status < 400) {
    throw new DeskFault(
      `${from} answered ${status}, a redirect, which is not followed with a token: give the gateway's own address to --url`,
    );
  }
  const read = readJson(text, RELAY);
  const value = read.kind === 'value' ? read.value : undefined;
  if (status >= 500 && status !== 500) throw new StoreFault(`${from} cannot be used now (${status})${saidIn(value)}`);
  if (value === undefined || !isObject(value)) {
    throw new DeskFault(
      `${from} answered ${status} and no JSON: is a gateway there? Give its address to --url, without /mcp`,
    );
  }
  if (status === 200) return { kind: 'value', value, from };
  return refusal(status, value, from);
}

function refusal(status: number, { error }: JsonObject, from: string): RemoteAnswer {
  const { message, remedy, kind } = isObject(error) ? error : NOTHING;
  const said = typeof message === 'string' ? message : `${from} answered ${status}`;
  const reason = typeof remedy === 'string' ? `${said} ${remedy}` : said;
  return { kind: 'refused', status, word: typeof kind === 'string' ? kind : undefined, said, reason };
}

const NOTHING: JsonObject = {};

function saidIn(value: Json | undefined): string {
  const error = isObject(value) ? value['error'] : undefined;
  const message = isObject(error) ? error['message'] : undefined;
  return typeof message === 'string' ? `: ${message}` : '';
}

async function exchange(
  { url, path, method, authorization, body }: RemoteQuestion,
  from: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const target = `${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`;
  const headers = {
    accept: 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(target, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, text: await textOf(response) };
  } catch (fault) {
    const doubt = method === 'POST' ? '; whether it was answered is not known: look with toolgate approvals show' : '';
    throw new StoreFault(`${from} cannot be reached: ${whyNot(fault)}${doubt}`);
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is the gateway running?',
  ENOTFOUND: 'its host name does not exist',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time for it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; set NODE_EXTRA_CA_CERTS to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed; set NODE_EXTRA_CA_CERTS to trust it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified; set NODE_EXTRA_CA_CERTS to trust its authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
};

/** From the code alone: messages of foreign errors may quote what must not be shown. */
function whyNot(fault: unknown): string {
  if (!(fault instanceof Error)) return 'the connection failed';
  if (fault.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  if (fault.message.startsWith('its answer')) return fault.message;
  const { cause } = fault;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return WHY[code] ?? (/^[A-Z_]{3,40}$/.test(code) ? `the connection failed (${code})` : 'the connection failed');
}

function shownAddress(url: URL): string {
  return `the gateway at ${url.origin}`;
}
