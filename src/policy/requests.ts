import type { JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, objectAt, wordAt } from './draft.ts';
import type { Rules } from './policy.ts';
import { below } from './problem.ts';
import { outcome, refusal } from './refusal.ts';
import { openRules } from './rules.ts';
import { REQUESTS } from './vocabulary.ts';
import { LEAVES } from './words.ts';

const METHODS: { readonly [key: string]: string } = {
  sampling: 'sampling/createMessage',
  elicitation: 'elicitation/create',
  roots: 'roots/list',
};

/** Compiles what the server may ask of the client, by the method with which it asks. */
export function compileRequests(draft: Draft, root: JsonObject): ReadonlyMap<string, Rules> {
  const requests = new Map<string, Rules>();
  if (root['requests'] === undefined) return requests;
  const object = objectAt(draft, root['requests'], '/requests', ' such as {"sampling": "deny"}');
  if (object === undefined) return requests;
  checkKeys(draft, object, '/requests', REQUESTS);
  for (const [key, method] of Object.entries(METHODS)) {
    const leave = wordAt(draft, object, '/requests', key, LEAVES);
    if (leave !== undefined) requests.set(method, rulesOf(draft, key, leave));
  }
  return requests;
}

function rulesOf({ document }: Draft, key: string, leave: 'allow' | 'deny'): Rules {
  const rule = Object.freeze({ document, pointer: below('/requests', key), id: undefined });
  const rules = openRules(outcome('action', rule, `Allowed by the ${document}.`));
  if (leave === 'allow') return rules;
  return Object.freeze({ ...rules, standing: refusal('action', rule, undefined, `is denied by the ${document}.`) });
}
