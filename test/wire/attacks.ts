/** One line of the list in docs/attacks.md; its test has the id in its name. */
export interface Attack {
  readonly id: string;
  readonly attack: string;
  /** What happens instead. */
  readonly outcome: string;
  /** The one transport that has it, where it is one, and why. */
  readonly only?: { readonly transport: 'http' | 'stdio'; readonly why: string };
}

const HEADERS = { transport: 'http', why: 'lines have no headers' } as const;

export const ATTACKS: readonly Attack[] = [
  { id: 'W-01', attack: 'one key twice in an object, plain or escaped, anywhere', outcome: '-32700' },
  { id: 'W-02', attack: 'Method, NAME, argumentſ: keys that parsers without regard to case take', outcome: '-32600' },
  { id: 'W-03', attack: 'progress_token, request-state, meta: keys that forgiving parsers take', outcome: '-32600' },
  { id: 'W-04', attack: 'a key with NUL, which ends a text for some', outcome: '-32600' },
  { id: 'W-05', attack: 'an array of messages, under every revision', outcome: '-32600, also in 2025-03-26' },
  {
    id: 'W-06',
    attack: 'headers that say another method, name or revision than the body',
    outcome: '400, -32020',
    only: HEADERS,
  },
  { id: 'W-07', attack: 'a header of MCP twice', outcome: '400', only: HEADERS },
  {
    id: 'W-08',
    attack: 'the name of a hidden tool in base64 in Mcp-Name',
    outcome: 'as an unknown tool',
    only: HEADERS,
  },
  {
    id: 'W-09',
    attack: 'a tool name with a blank, in another case, decomposed, with what does not show, encoded',
    outcome: 'an unknown tool',
  },
  { id: 'W-10', attack: 'a hidden tool, called', outcome: 'as an unknown tool' },
  { id: 'W-11', attack: 'a hidden tool as a task, and a task that nobody was given', outcome: 'an error' },
  {
    id: 'W-12',
    attack: 'a hidden tool in the second round of an input-required call',
    outcome: 'as with an unknown tool',
  },
  {
    id: 'W-13',
    attack: 'a forbidden prompt or resource by completion, and by a second name in its arguments',
    outcome: 'refused by its rule, or -32602',
  },
  { id: 'W-14', attack: 'a forbidden resource by a link', outcome: 'refused by its rule' },
  { id: 'W-15', attack: 'other arguments in the second round than in the first', outcome: 'an error' },
  {
    id: 'W-16',
    attack: "somebody else's session",
    outcome: '404',
    only: { transport: 'http', why: 'over stdio a process is the session' },
  },
  { id: 'W-17', attack: "somebody else's task", outcome: 'an error' },
  { id: 'W-18', attack: "somebody else's requestState", outcome: 'an error' },
  {
    id: 'W-19',
    attack: "somebody else's cursor",
    outcome: "goes to the own server's session only; the page is filtered",
  },
  { id: 'W-20', attack: 'a requestState that was changed or made up', outcome: 'an error' },
  { id: 'W-21', attack: 'a requestState used again', outcome: 'judged and counted as a call of its own' },
  {
    id: 'W-22',
    attack: 'two clients, and one client twice, with the same id at once',
    outcome: 'each gets its own answer',
  },
  { id: 'W-23', attack: "a cancellation of somebody else's id", outcome: 'cancels nothing' },
  { id: 'W-24', attack: "progress of the server for somebody else's token", outcome: 'dropped' },
  { id: 'W-25', attack: 'the server answers an id that nobody asked', outcome: 'dropped' },
  { id: 'W-26', attack: 'the server answers twice', outcome: 'the first counts' },
  { id: 'W-27', attack: 'the server writes what is no message', outcome: 'goes to the log, not to the client' },
  {
    id: 'W-28',
    attack: 'carriage returns between tokens, which split a message for some',
    outcome: 'written anew without them',
  },
  { id: 'W-29', attack: 'a message of 20 MiB', outcome: '413, or -32700' },
  { id: 'W-30', attack: 'nesting of 100,000', outcome: '-32700' },
  { id: 'W-31', attack: 'numbers that change when they are read: 1e400, 2^53+1', outcome: '-32700' },
  { id: 'W-32', attack: 'a Host or Origin of a web page elsewhere', outcome: '403', only: HEADERS },
  {
    id: 'W-33',
    attack: "the client's Authorization, cookies and forwarding headers, for the server",
    outcome: 'never sent on',
    only: HEADERS,
  },
  { id: 'W-34', attack: 'a remote server that redirects', outcome: 'not followed' },
  { id: 'W-35', attack: 'a server that dies in a call', outcome: 'an error; the call is not sent again' },
  {
    id: 'W-36',
    attack: 'a client that vanishes in a call',
    outcome: 'its server is told nothing (HTTP), or ends with it (stdio)',
  },
  {
    id: 'W-37',
    attack: 'a client of 2026-07-28 that closes the stream of a call',
    outcome: 'the server is told to cancel',
    only: { transport: 'http', why: 'over stdio there are no streams: notifications/cancelled does it' },
  },
  {
    id: 'W-38',
    attack: 'a tool that says something else of itself than when it was accepted',
    outcome: 'refused by (pin)',
  },
  { id: 'W-39', attack: 'U+0085, U+2028, U+2029 in texts, which end a line for some', outcome: 'sent on escaped' },
  { id: 'W-40', attack: 'an answer to a question that nobody asked', outcome: 'dropped, recorded' },
  {
    id: 'W-41',
    attack: 'headers of 2026-07-28 in a session of before, and the other way round',
    outcome: '400, unless they only repeat what stands in the body',
    only: HEADERS,
  },
  { id: 'W-42', attack: 'bytes that are no UTF-8, a byte order mark, half a surrogate pair', outcome: '-32700' },
  {
    id: 'W-43',
    attack: '__proto__, constructor and keys like integers in arguments',
    outcome: 'judged and sent on as they are',
  },
  {
    id: 'W-44',
    attack: 'Host, Authorization or Content-Type twice, the second for whoever stands in front',
    outcome: '400',
    only: HEADERS,
  },
];
