/** Revisions of the initialize era, newest first. */
export const REVISIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/**
 * How a client's message is treated: `call` can cause an effect and walks the whole path; `list` has its answer filtered;
 * `plain` is forwarded as it is; `open` begins the session; `cancel` is mapped to our own ids.
 */
export type Treatment = 'call' | 'list' | 'plain' | 'open' | 'cancel';

const REQUESTS: { readonly [method: string]: Treatment } = {
  initialize: 'open',
  ping: 'plain',
  'logging/setLevel': 'plain',
  'resources/unsubscribe': 'plain',
  'tools/list': 'list',
  'resources/list': 'list',
  'resources/templates/list': 'list',
  'prompts/list': 'list',
  'tools/call': 'call',
  'resources/read': 'call',
  'resources/subscribe': 'call',
  'prompts/get': 'call',
  'completion/complete': 'call',
};

const NOTIFICATIONS: { readonly [method: string]: Treatment } = {
  'notifications/initialized': 'plain',
  'notifications/progress': 'plain',
  'notifications/roots/list_changed': 'plain',
  'notifications/cancelled': 'cancel',
};

/** What a server may send: requests that need a policy's leave, and notifications that pass. */
const SERVER_REQUESTS: ReadonlySet<string> = new Set([
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'ping',
]);
const SERVER_NOTIFICATIONS: ReadonlySet<string> = new Set([
  'notifications/message',
  'notifications/progress',
  'notifications/cancelled',
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
  'notifications/elicitation/complete',
]);

/** The treatment of a client's request or notification; undefined for a method outside the table, which is refused. */
export function clientMethod(kind: 'request' | 'notification', method: string): Treatment | undefined {
  const table = kind === 'request' ? REQUESTS : NOTIFICATIONS;
  return Object.hasOwn(table, method) ? table[method] : undefined;
}

export function mayServerSend(kind: 'request' | 'notification', method: string): boolean {
  return (kind === 'request' ? SERVER_REQUESTS : SERVER_NOTIFICATIONS).has(method);
}
