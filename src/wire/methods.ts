import type { Era } from './era.ts';

/**
 * How a client's message is treated: `call` can cause an effect and walks the whole path; `list` has its answer filtered;
 * `plain` is forwarded as it is; `open` begins the session; `cancel` is mapped to our own ids; `discover` tells what the
 * server offers; `listen` is a long request whose answers are notifications; `task` speaks of a task that a call began.
 */
export type Treatment = 'call' | 'list' | 'plain' | 'open' | 'cancel' | 'discover' | 'listen' | 'task';

type Table = { readonly [method: string]: Treatment };

const BOTH: Table = {
  'tools/list': 'list',
  'resources/list': 'list',
  'resources/templates/list': 'list',
  'prompts/list': 'list',
  'tools/call': 'call',
  'resources/read': 'call',
  'prompts/get': 'call',
  'completion/complete': 'call',
  'tasks/get': 'task',
  'tasks/cancel': 'task',
};

const REQUESTS: { readonly [era in Era]: Table } = {
  legacy: {
    ...BOTH,
    initialize: 'open',
    ping: 'plain',
    'logging/setLevel': 'plain',
    'resources/subscribe': 'call',
    'resources/unsubscribe': 'plain',
    'tasks/list': 'task',
    'tasks/result': 'task',
  },
  modern: {
    ...BOTH,
    'server/discover': 'discover',
    'subscriptions/listen': 'listen',
    'tasks/update': 'task',
  },
};

const NOTIFICATIONS: { readonly [era in Era]: Table } = {
  legacy: {
    'notifications/initialized': 'plain',
    'notifications/progress': 'plain',
    'notifications/roots/list_changed': 'plain',
    'notifications/cancelled': 'cancel',
  },
  modern: { 'notifications/cancelled': 'cancel' },
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
  'notifications/tasks/status',
  'notifications/tasks',
  'notifications/subscriptions/acknowledged',
]);

/** The treatment of a client's request or notification; undefined for a method outside the era's table, which is refused. */
export function clientMethod(era: Era, kind: 'request' | 'notification', method: string): Treatment | undefined {
  const table = (kind === 'request' ? REQUESTS : NOTIFICATIONS)[era];
  return Object.hasOwn(table, method) ? table[method] : undefined;
}

export function mayServerSend(kind: 'request' | 'notification', method: string): boolean {
  return (kind === 'request' ? SERVER_REQUESTS : SERVER_NOTIFICATIONS).has(method);
}

/** What a server may ask of the client, by itself or in the middle of a call. */
export function mayServerAsk(method: string): boolean {
  return method !== 'ping' && SERVER_REQUESTS.has(method);
}
