/**
 * Who reads what is left. What is masked too much in the log costs a value there; in a client's result it breaks the agent's
 * work, so there only what is very likely a secret is masked.
 */
export type Reader = 'log' | 'client';

/** Over a key in lower case whose words are parted by `_`. */
const BOTH = [
  'pass(?:word|wd|phrase|code|key)|pwd|secret(?!ar)|token|jwt|authorization|bearer|cookie|credential',
  '(?:api|app|access|account|auth|client|deploy|encryption|master|private|service|session|signing|ssh)_?key(?!board|word)',
  '(?:otp|pin)_?code',
];
const LOG = new RegExp(
  [
    ...BOTH,
    'signature|session_?id|sessid',
    // `dbpass` and `pass_old`, but not `compass`.
    '(?<!com|by|sur|tres|over|under|high|low|band|multi)pass\\d*(?:_|$)',
    '(?:^|_)(?:pw|sig)\\d*(?:_|$)|(?:^|_)auth\\d*_?$|otp\\d*(?:_|$)|^pin$',
  ].join('|'),
);
const CLIENT = new RegExp(
  [...BOTH, '(?:^|_)(?:admin|db|ftp|imap|mail|my_?sql|pg|redis|root|smtp|user)_?pass$|(?:^|_)otp$'].join('|'),
);
/** Keys that speak about secrets, and tokens that are no secrets: where a list goes on, what progress belongs to. */
const HARMLESS = new RegExp(
  [
    '(?:^|_)(?:change|continuation|cursor|delta|next|page|pagination|prev|previous|progress|resume|skip|start|sync)_?token$',
    '(?:^|_)tokens$|^(?:un)?tokeni[sz]e|^max_?tokens?',
    '_(?:address|age|alg|algorithm|arn|at|budget|count|created|enabled|endpoint|exists|expires?|expiry|field|file|format|hint|id|ids',
    'in|kind|label|length|limit|limits|name|names|path|policy|prefix|ref|required|rotation|scope|scopes|size|status|store|symbol',
    'ttl|type|types|updated|uri|url|usage|valid|version)$',
  ].join('|'),
);
/** Whether what stands under a key is to be kept from the reader. */
export function isSecretKey(key: string, reader: Reader): boolean {
  const words = key
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  if (reader === 'log') return LOG.test(words);
  return CLIENT.test(words) && !HARMLESS.test(words);
}
