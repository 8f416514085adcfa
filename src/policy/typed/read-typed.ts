import type { Json } from '../../wire/json.ts';
import { type Draft, refuse } from '../draft.ts';
import type { Operation } from '../operator.ts';
import { quoted } from '../problem.ts';
import { readFolder } from './folder.ts';
import { type HostEntry, hostListOf, readHostEntry } from './host-list.ts';
import { readRange } from './ip.ts';
import { readList } from './read-list.ts';
import { readScheme } from './url.ts';

export type TypedName = 'url_host_in' | 'url_scheme_in' | 'path_within' | 'ip_in' | 'email_domain_in';

/** Reads the value of an operator that knows what a text is: a URL, a path, an address. */
export function readTyped(draft: Draft, op: TypedName, value: Json, place: string): Operation | undefined {
  switch (op) {
    case 'url_host_in': {
      const entries = readList(draft, value, place, '["example.com", "*.example.com"]', readHostEntry);
      return entries && { op, hosts: hostListOf(entries) };
    }
    case 'url_scheme_in': {
      const schemes = readList(draft, value, place, '["https"]', readScheme);
      return schemes && { op, schemes: new Set(schemes.map(({ scheme }) => scheme)) };
    }
    case 'path_within': {
      // JSON writes one folder without brackets more often than not.
      if (typeof value === 'string') {
        const folder = readFolder(value);
        return typeof folder === 'string' ? refuse(draft, place, folder) : { op, folders: [folder] };
      }
      const folders = readList(draft, value, place, '["/data", "C:\\\\data"]', readFolder);
      return folders && { op, folders };
    }
    case 'ip_in': {
      const ranges = readList(draft, value, place, '["10.0.0.0/8", "2001:db8::/32"]', readRange);
      return ranges && { op, ranges };
    }
    case 'email_domain_in': {
      const entries = readList(draft, value, place, '["example.com"]', readDomain);
      return entries && { op, hosts: hostListOf(entries) };
    }
  }
}

function readDomain(text: string): HostEntry | string {
  const at = text.lastIndexOf('@');
  if (at !== -1) return `${quoted(text)} is no domain; write ${quoted(text.slice(at + 1) || 'example.com')}`;
  const entry = readHostEntry(text);
  if (typeof entry === 'string' || entry.kind === 'below' || entry.host.kind === 'name') return entry;
  return `${quoted(text)} is an IP address; write a domain such as "example.com"`;
}
