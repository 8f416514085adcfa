import { type Truth, UNKNOWN } from '../truth.ts';
import { readHost } from './host.ts';
import { type HostList, judgeDomain } from './host-list.ts';

const LONGEST = 320;
/** Without quotes, and without `%` and `!`, by which old servers pass a letter on to another domain. */
const ADDRESS = /^([a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*)@([^@]+)$/i;

/** Whether the domain of exactly one e-mail address is in the list. Unknown for all that is not just that. */
export function judgeEmailDomain(list: HostList, text: string): Truth {
  if (text.length > LONGEST) return UNKNOWN;
  const [, local, domain] = ADDRESS.exec(text) ?? [];
  // =?utf-8?q?…?= is decoded by some, and may hold another address.
  if (local === undefined || domain === undefined || local.includes('=?') || domain.endsWith('.')) return UNKNOWN;
  const host = readHost(domain);
  return host?.kind === 'name' ? judgeDomain(list, host.name) : UNKNOWN;
}
