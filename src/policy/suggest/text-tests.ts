import { TRUE } from '../truth.ts';
import { judgePath, readFolder } from '../typed/folder.ts';
import { hostListOf, readHostEntry } from '../typed/host-list.ts';
import { judgeUrlHost, judgeUrlScheme } from '../typed/url.ts';
import type { Test } from './test.ts';
import { commonPrefix } from './text-form.ts';

/** Lists of more hosts nobody reads. */
const MOST_HOSTS = 20;
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https']);
const ADDRESS = /^[^\s@<>"(),:;]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/;

/** What keeps texts to the schemes and hosts of those seen, if all of them are URLs whose host is beyond doubt. */
export function urlTests(texts: readonly string[]): readonly Test[] | undefined {
  const hosts = new Set<string>();
  const schemes = new Set<string>();
  for (const text of texts) {
    const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
    if (url === null || judgeUrlScheme(SCHEMES, text) !== TRUE) return undefined;
    hosts.add(url.hostname);
    schemes.add(url.protocol.slice(0, -1));
  }
  if (hosts.size > MOST_HOSTS || hosts.size === 0) return undefined;
  const sorted = [...hosts].sort();
  const entries = sorted.map(readHostEntry).filter((entry) => typeof entry !== 'string');
  const list = hostListOf(entries);
  if (entries.length < sorted.length || !texts.every((text) => judgeUrlHost(list, text) === TRUE)) return undefined;
  return [
    { op: 'url_scheme_in', value: [...schemes].sort() },
    { op: 'url_host_in', value: sorted },
  ];
}

/** What keeps texts within the folder in which all of them lie, if all are absolute paths and it is not the root. */
export function pathTests(texts: readonly string[]): readonly Test[] | undefined {
  if (texts.length === 0 || !texts.every((text) => /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(text))) return undefined;
  const folder = folderOf(texts);
  const read = readFolder(folder);
  if (typeof read === 'string' || read.plain.segments.length === 0) return undefined;
  if (!texts.every((text) => judgePath([read], text) === TRUE)) return undefined;
  return [{ op: 'path_within', value: [folder] }];
}

/** Of one file the folder it lies in. */
function folderOf(texts: readonly string[]): string {
  const whole = commonPrefix(texts);
  const end = Math.max(whole.lastIndexOf('/'), whole.lastIndexOf('\\'));
  // All lie below it, or it is one of them itself.
  const isFolder = texts.length > 1 && texts.every((text) => text === whole || /[\\/]/.test(text.charAt(whole.length)));
  return isFolder ? whole : whole.slice(0, Math.max(0, end));
}

/** What keeps texts to the domains of those seen, if all are plain e-mail addresses. */
export function mailTests(texts: readonly string[]): readonly Test[] | undefined {
  const domains = new Set<string>();
  for (const text of texts) {
    const domain = ADDRESS.exec(text)?.[1];
    if (domain === undefined) return undefined;
    domains.add(domain.toLowerCase());
  }
  if (domains.size === 0 || domains.size > MOST_HOSTS) return undefined;
  return [{ op: 'email_domain_in', value: [...domains].sort() }];
}
