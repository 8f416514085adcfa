import { below, quoted } from '../problem.ts';
import { anchoringOf } from './anchoring.ts';
import { type Clause, type Leaf, lastName, leavesOf, said } from './clause.ts';
import { folderOfPattern, folderOfText } from './meant-folder.ts';
import type { Warning } from './warning.ts';

/** Tests on the letters of a text. */
const LETTERS: readonly string[] = ['regex', 'not_regex', 'contains', 'not_contains', 'starts_with', 'ends_with'];
const URL_NAME = /(?:^|_)(?:url|uri|href|endpoint|webhook|callback)s?$/;
const HOST_NAME = /(?:^|_)(?:host|hostname|domain|fqdn)s?$/;
const PATH_NAME = /(?:^|_)(?:path|filepath|filename|file|dir|directory|folder|cwd)s?$/;
/** Part of a pattern or text that can only be meant for the host of a URL. */
const HOST_IN_TEXT =
  /:(?:\\?\/){2}|localhost|\d\\?\.\d|[\w)]?(?:\\?\.|\[\.\])(?:com|org|net|io|dev|app|ai|co|eu|uk|de|fr|us|ch|local|internal|corp|example|test)(?![\w])/i;
/** `https://host/`, with the dots of the host escaped or written in a set: no other host begins like this. */
const WHOLE_HOST = /^\^?https\??:(?:\\?\/){2}(?:[A-Za-z0-9-]|\\\.|\[\.\])+(?::\d+)?\\?\//;
/** A scheme, the last letter of which may be optional, and what stands behind it. */
const SCHEME = /^\^?([a-z][a-z0-9.+-]*)\??:(?:\\?\/){0,3}([\s\S]*)$/;
/** `/^…/i`, as JavaScript writes it. */
const SLASHED = /^\/(?:\^[\s\S]*|[\s\S]*[^\\]\$)\/[a-z]*$/;
const WHOLE_HOST_TEXT = /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?\//;

/** Warns of tests on letters where a typed operator reads what is meant, and of patterns that match anywhere. */
export function checkLetters(clauses: readonly Clause[]): readonly Warning[] {
  return clauses.flatMap((clause) => {
    const leaves = leavesOf(clause.tree);
    return leaves.flatMap((leaf) => {
      const typed = ofSlashes(leaf) ?? ofHost(clause, leaves, leaf) ?? ofPath(leaves, leaf);
      return typed === undefined ? ofAnchors(clause, leaf) : [typed];
    });
  });
}

/** Names in any style as words with underscores. */
function plainName(leaf: Leaf): string {
  return (lastName(leaf) ?? '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

function ofHost(clause: Clause, leaves: readonly Leaf[], leaf: Leaf): Warning | undefined {
  const { op, value, pointer, key } = leaf;
  if (!LETTERS.includes(op) || typeof value !== 'string') return undefined;
  const name = plainName(leaf);
  const code = 'regex-on-host';
  const isOfHost = HOST_NAME.test(name);
  if (!isOfHost && !URL_NAME.test(name)) return undefined;
  if (leaves.some((other) => other.key === key && other.op === 'url_host_in')) return undefined;
  if (isOfHost) {
    if (!/[A-Za-z0-9]\\?\.[A-Za-z]|\[\.\]/.test(value)) return undefined;
    const message = `${quoted(leaf.text)} names a host, and ${said(leaf)} goes by its letters: other hosts can be spelt so that they fit; list the hosts with "in"`;
    return { pointer: below(pointer, 'op'), code, message };
  }
  const [, scheme, rest] = SCHEME.exec(value) ?? [];
  if (scheme !== undefined && rest === '') {
    const message = `${quoted(leaf.text)} is a URL; instead of ${said(leaf)} write ${schemeRemedy(leaf, scheme)}, which reads it as servers do`;
    return { pointer: below(pointer, 'op'), code, message };
  }
  // The URL of a file names no host.
  if (scheme === 'file' || !HOST_IN_TEXT.test(value)) return undefined;
  if (clause.purpose === 'require' && !leaf.isNegated && isWholeHost(leaf, value)) return undefined;
  const message = `${quoted(leaf.text)} is a URL, and ${said(leaf)} goes by its letters: other hosts can be spelt to fit, or this one not to; write {"op": "url_host_in", "value": [${quoted(hostIn(value))}]}`;
  return { pointer: below(pointer, 'op'), code, message };
}

function schemeRemedy({ op, text }: Leaf, scheme: string): string {
  const test = `"op": "url_scheme_in", "value": [${quoted(scheme)}]`;
  return op.startsWith('not_') ? `{"not": {"path": ${JSON.stringify(text)}, ${test}}}` : `{${test}}`;
}

/** The host that a pattern or text most likely means. */
function hostIn(value: string): string {
  return /[a-z0-9-]+(?:\.[a-z0-9-]+)+/i.exec(value.replaceAll('\\', '').replaceAll('[.]', '.'))?.[0] ?? 'example.com';
}

/** A prefix that ends behind the host cannot be the beginning of another host. */
function isWholeHost({ op }: Leaf, value: string): boolean {
  if (op === 'starts_with') return WHOLE_HOST_TEXT.test(value);
  return op === 'regex' && value.startsWith('^') && !hasChoice(value) && WHOLE_HOST.test(value);
}

function hasChoice(pattern: string): boolean {
  return pattern.replace(/\\[\s\S]/g, '').includes('|');
}

/** Slashes around a pattern are letters of it: nothing stands before the beginning, or after the end. */
function ofSlashes({ op, value, isNegated, pointer }: Leaf): Warning | undefined {
  if ((op !== 'regex' && op !== 'not_regex') || typeof value !== 'string' || !SLASHED.test(value)) return undefined;
  if (hasChoice(value) || /\(\?[a-zA-Z]*m/.test(value)) return undefined;
  const isAlways = (op === 'not_regex') !== isNegated;
  const message = `the regex ${quoted(value)} matches nothing: it looks for the slashes too; write it with no slashes around it, and "ignore_case": true beside "op" for /i`;
  return { pointer: below(pointer, 'value'), code: isAlways ? 'always-matches' : 'never-matches', message };
}

function ofPath(leaves: readonly Leaf[], leaf: Leaf): Warning | undefined {
  const { op, value, pointer, key } = leaf;
  if (!LETTERS.includes(op) || op === 'ends_with' || typeof value !== 'string') return undefined;
  if (!PATH_NAME.test(plainName(leaf))) return undefined;
  if (leaves.some((other) => other.key === key && other.op === 'path_within')) return undefined;
  const isRegex = op.endsWith('regex');
  const isFolder = isRegex
    ? /^\^(?:\(\?:|\()?(?:\\?\/|[A-Za-z]:)|\\\.\\\.|\\\.\{2\}/.test(value)
    : /^(?:\/|~|[A-Za-z]:[\\/])|\.\.|[\\/]$/.test(value);
  if (!isFolder) return undefined;
  const folder = isRegex ? folderOfPattern(value) : folderOfText(value);
  const around = quoted(`${folder}/../etc`);
  const message = `${quoted(leaf.text)} is a file path, and ${said(leaf)} goes by its letters: ${around} or "%2e%2e" gets around it; write {"op": "path_within", "value": [${quoted(folder)}]}`;
  return { pointer: below(pointer, 'op'), code: 'regex-on-path', message };
}

/** What is required must hold of the whole text; a text that may hold anything beside a match is hardly meant. */
function ofAnchors({ purpose }: Clause, leaf: Leaf): readonly Warning[] {
  const { op, value, isNegated, pointer } = leaf;
  const isRequired = (op === 'regex' && !isNegated) || (op === 'not_regex' && isNegated);
  if (purpose !== 'require' || !isRequired || typeof value !== 'string') return [];
  const { start, end } = anchoringOf(value);
  const open = [...(start === 'open' ? ['begin'] : []), ...(end === 'open' ? ['end'] : [])];
  if (open.length === 0 || start === 'unsure' || end === 'unsure') return [];
  const remedy = open.length === 2 ? '^(?:…)$' : open[0] === 'begin' ? '^ at its beginning' : '$ at its end';
  const message = `the regex ${quoted(value)} is searched for anywhere: a text may ${open.join(' and ')} with anything else; write ${remedy}, or .* where that is meant`;
  return [{ pointer: below(pointer, 'value'), code: 'unanchored-regex', message }];
}
