import { TRUE } from '../truth.ts';
import { judgePath, readFolder } from '../typed/folder.ts';
import { hostListOf, readHostEntry } from '../typed/host-list.ts';
import { judgeUrlHost, judgeUrlScheme } from '../typed/url.ts';
import type { Test } from './test.ts';
import { commonPrefix } from './text-form.ts';

/** Lists of more hosts nobody reads. */
const MOST_HOSTS = 20;
const MOST_FOLDERS = 8;
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

/**
 * What keeps texts within the folder in which all of them lie, if all are absolute paths; where that is the root, within a folder for each of
 * the first names, as long as these are few. Of a single file its own path.
 */
export function pathTests(texts: readonly string[]): readonly Test[] | undefined {
  if (texts.length === 0 || !texts.every((text) => /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(text))) return undefined;
  const whole = folderOf(texts);
  const folders = isFolder(whole)
    ? [whole]
    : [...Map.groupBy(texts, firstOf).values()]
        .map((own) => (own.length === 1 ? (own[0] ?? '') : folderOf(own)))
        .sort();
  if (folders.length > MOST_FOLDERS) return undefined;
  const read = folders.map(readFolder).filter((folder) => typeof folder !== 'string');
  if (read.length < folders.length || read.some(({ plain }) => plain.segments.length === 0)) return undefined;
  return texts.every((text) => judgePath(read, text) === TRUE) ? [{ op: 'path_within', value: folders }] : undefined;
}

function isFolder(text: string): boolean {
  const read = readFolder(text);
  return typeof read !== 'string' && read.plain.segments.length > 0;
}

/** `/srv`, `C:\srv`. */
function firstOf(path: string): string {
  return /^(?:[A-Za-z]:)?[\\/][^\\/]*/.exec(path)?.[0] ?? '';
}

/** Of one file the folder it lies in. */
function folderOf(texts: readonly string[]): string {
  const whole = commonPrefix(texts);
  const end = Math.max(whole.lastIndexOf('/'), whole.lastIndexOf('\\'));
  // All lie below it, or it is one of them itself.
  const isWhole = texts.length > 1 && texts.every((text) => text === whole || /[\\/]/.test(text.charAt(whole.length)));
  return isWhole ? whole : whole.slice(0, Math.max(0, end));
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
