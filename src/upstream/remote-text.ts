import { isObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import type { AnswerHeaders } from './http-ask.ts';
import { shown } from './shown.ts';

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused); check its "url" and whether the server runs',
  ENOTFOUND: 'its host name does not exist; check its "url"',
  EAI_AGAIN: 'its host name cannot be looked up now',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  UND_ERR_SOCKET: 'the server closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time for it',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer was cut off',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; set NODE_EXTRA_CA_CERTS to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed; set NODE_EXTRA_CA_CERTS to trust it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified; set NODE_EXTRA_CA_CERTS to trust it',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; check whether its "url" should begin with http:',
  EPROTO: 'TLS with it failed; check its "url"',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

/** Why the network failed, from the error's code alone: messages of foreign errors may quote what must not be shown. */
export function networkText(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return 'the connection failed';
  return (
    NETWORK[code] ?? (code.startsWith('HPE_') ? 'its answer is not HTTP' : `the connection failed (${shown(code, 60)})`)
  );
}

const STATUS: Readonly<Record<number, string>> = {
  401: 'it wants other credentials; check its "headers"',
  403: 'it forbids this; check its "headers"',
  404: 'it knows nothing at this address; check its "url"',
  405: 'it takes no POST there; check its "url"',
  413: 'the message is too large for it',
  415: 'it does not take JSON there; check its "url"',
  429: 'it says that there were too many requests',
};

/** What an answer without a result means. `detail` is the server's own text, if it gave any. */
export function statusText(status: number, headers: AnswerHeaders, detail: string | undefined): string {
  if (status >= 300 && status < 400) {
    return `the server answered ${status}, a redirect to ${target(headers)}; redirects are not followed: put the final address into its "url"`;
  }
  const meaning = STATUS[status];
  const said = detail === undefined ? '' : ` ("${shown(detail)}")`;
  return `the server answered ${status}${meaning === undefined ? '' : `: ${meaning}`}${said}`;
}

/** The message of a JSON-RPC error, or of any JSON error body of a usual shape. */
export function errorDetail(body: string): string | undefined {
  const read = readJson(body, RELAY);
  if (read.kind === 'fault' || !isObject(read.value)) return undefined;
  const { error, message, error_description } = read.value;
  const found = isObject(error) ? error['message'] : (error_description ?? message ?? error);
  return typeof found === 'string' ? found : undefined;
}

/** The redirect's address without its query, which may hold secrets. */
function target(headers: AnswerHeaders): string {
  const location = headers['location'];
  if (typeof location !== 'string') return 'nowhere';
  return `"${shown(location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//'))}"`;
}
