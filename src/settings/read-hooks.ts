import { keysOf } from '../policy/shape.ts';
import { HOOK } from './people-vocabulary.ts';
import { checkIdentityName } from './read-grants.ts';
import {
  type Item,
  knownKeys,
  member,
  type NamedItem,
  namedItems,
  type Reading,
  say,
  textAt,
  wordAt,
  wordsAt,
} from './reading.ts';
import { Secret } from './secret.ts';
import { readServerUrl } from './server-url.ts';
import type { HookSettings } from './settings.ts';
import { HOOK_FORMS, NOTICE_EVENTS, type NoticeEvent, USUAL_EVENTS } from './words.ts';

const MIN_SECRET = 20;
const MAX_SECRET = 4096;
/** How secrets of Standard Webhooks begin; base64 follows. */
const ENCODED = 'whsec_';
const MIN_KEY_BYTES = 16;

/** Reads `notices`: who is told outside, and of what. A hook that is not whole is left out; its problems are told. */
export function readHooks(reading: Reading, item: Item | undefined): ReadonlyMap<string, HookSettings> {
  const hooks = new Map<string, HookSettings>();
  for (const entry of namedItems(reading, item)) {
    checkIdentityName(reading, entry);
    const hook = readHook(reading, entry);
    if (hook !== undefined) hooks.set(entry.name, hook);
  }
  return hooks;
}

function readHook(reading: Reading, hook: NamedItem): HookSettings | undefined {
  if (!knownKeys(reading, hook, keysOf(HOOK))) return undefined;
  const form = member(hook, 'form') === undefined ? 'json' : wordAt(reading, member(hook, 'form'), HOOK_FORMS);
  const secretItem = member(hook, 'secret');
  if (form === 'json' && secretItem === undefined) {
    say(reading, hook.pointer, '"secret" is missing: it signs what is sent; make one with "openssl rand -hex 32"');
  }
  const secret = readSecret(reading, secretItem);
  const events = wordsAt(reading, member(hook, 'events'), NOTICE_EVENTS) ?? new Set<NoticeEvent>(USUAL_EVENTS);
  const url = readHookUrl(reading, hook);
  return form && url && { name: hook.name, url, form, secret, events };
}

/** INVARIANT: no part of it is repeated; whoever knows the address of a chat's hook can write there. */
function readHookUrl(reading: Reading, hook: NamedItem): Secret | undefined {
  const item = member(hook, 'url');
  if (item === undefined) return say(reading, hook.pointer, '"url" is missing: where are notices sent?');
  const text = textAt(reading, item);
  if (text === undefined) return undefined;
  const read = readServerUrl(text, 'its path or query');
  return read.kind === 'url' ? new Secret(read.url.href) : say(reading, item.pointer, read.reason);
}

function readSecret(reading: Reading, item: Item | undefined): Secret | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined) return undefined;
  if (text.length < MIN_SECRET || text.length > MAX_SECRET) {
    const bounds = `${MIN_SECRET} to ${MAX_SECRET} characters`;
    return say(reading, item.pointer, `a secret has ${bounds}; make one with "openssl rand -hex 32"`);
  }
  if (text.startsWith(ENCODED) && !isKey(text.slice(ENCODED.length))) {
    const wanted = `what begins with "${ENCODED}" goes on in base64, ${MIN_KEY_BYTES} bytes or more`;
    return say(reading, item.pointer, `${wanted}; make one with "openssl rand -base64 32"`);
  }
  return new Secret(text);
}

function isKey(base64: string): boolean {
  const isWhole = base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return isWhole && Buffer.from(base64, 'base64').length >= MIN_KEY_BYTES;
}
