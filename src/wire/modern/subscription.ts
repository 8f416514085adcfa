import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../json.ts';
import type { MessageId } from '../message.ts';
import { SUBSCRIPTION_KEY } from './envelope.ts';

/** The first notification of a subscription: what of the wish will be told. */
export const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** The lists, by the keys of a subscription's filter that ask for news of them. */
export const LIST_OF = {
  toolsListChanged: 'tools',
  promptsListChanged: 'prompts',
  resourcesListChanged: 'resources',
} as const;

export type ListKey = keyof typeof LIST_OF;

export const LIST_KEYS: readonly ListKey[] = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'];

/** A notification's params with the id of the request that opened its subscription. */
export function withSubscription(params: JsonObject, id: MessageId): JsonObject {
  const meta = isObject(params['_meta']) ? params['_meta'] : objectOf([]);
  return withKeys(params, { _meta: withKeys(meta, { [SUBSCRIPTION_KEY]: id }) });
}

/** A notification's params without that id. */
export function withoutSubscription(params: JsonObject): JsonObject {
  const meta = params['_meta'];
  if (!isObject(meta)) return params;
  const rest = withKeys(meta, { [SUBSCRIPTION_KEY]: undefined });
  return withKeys(params, { _meta: Object.keys(rest).length === 0 ? undefined : rest });
}

/** The id that a notification names; undefined where it names none. */
export function subscriptionIn(params: JsonObject): Json | undefined {
  const meta = params['_meta'];
  return isObject(meta) ? meta[SUBSCRIPTION_KEY] : undefined;
}
