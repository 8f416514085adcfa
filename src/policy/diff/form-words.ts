import { isArray } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Form } from './form.ts';
import type { Leaf } from './leaf.ts';

const MOST = 400;
const MOST_NAMED = 3;

/** A form on one line. */
export function formWords(form: Form): string {
  const words = wordsOf(form);
  return words.length > MOST ? `${words.slice(0, MOST).toWellFormed()}…` : words;
}

function wordsOf(form: Form): string {
  if (form.kind === 'leaf') return form.leaf.words;
  if (form.parts.length === 0) return form.kind === 'all' ? 'every call' : 'no call';
  const parts = form.parts.map((part) => (part.kind === 'leaf' ? wordsOf(part) : `(${wordsOf(part)})`));
  return parts.join(form.kind === 'all' ? ' and ' : ' or ');
}

/** What became of a form, leaving out what both have. */
export function changeWords(before: Form, after: Form): string {
  const [old, young] = [partsOf(before), partsOf(after)];
  const gone = old.filter((part) => !young.some(({ text }) => text === part.text));
  const come = young.filter((part) => !old.some(({ text }) => text === part.text));
  const beside = old.length > gone.length ? ', beside what stays' : '';
  const [one, other] = [gone[0], come[0]];
  if (gone.length === 1 && come.length === 1 && one?.kind === 'leaf' && other?.kind === 'leaf') {
    const listWords = listChange(one.leaf, other.leaf);
    return `${listWords ?? `${one.leaf.words} → ${other.leaf.words}`}${beside}${anew(one.leaf, other.leaf)}`;
  }
  if (gone.length === 0) return `and ${joined(come)}${beside}`;
  if (come.length === 0) return `no longer ${joined(gone)}${beside}`;
  return `${joined(gone)} → ${joined(come)}${beside}`;
}

/** Calls are counted apart for each span of time. */
function anew(before: Leaf, after: Leaf): string {
  const [one, other] = [before.place, after.place];
  if (one.path.root !== 'calls' || other.path.root !== 'calls' || one.withinMs === other.withinMs) return '';
  const isSameCount = one.path.of === other.path.of && one.path.tool === other.path.tool;
  return isSameCount ? '; the count starts anew' : '';
}

function partsOf(form: Form): readonly Form[] {
  return form.kind === 'all' ? form.parts : [form];
}

function joined(parts: readonly Form[]): string {
  return formWords({ kind: 'all', parts, text: '' });
}

function listChange(before: Leaf, after: Leaf): string | undefined {
  if (before.op !== after.op || before.placeText !== after.placeText || before.sign !== after.sign) return undefined;
  if (!isArray(before.value) || !isArray(after.value)) return undefined;
  if (before.value.length < 2 && after.value.length < 2) return undefined;
  const [old, young] = [before.value.map(canonicalJson), after.value.map(canonicalJson)];
  const [known, kept] = [new Set(old), new Set(young)];
  const come = young.filter((text) => !known.has(text));
  const gone = old.filter((text) => !kept.has(text));
  return [
    `${before.path} ${before.verb}`,
    ...(come.length === 0 ? [] : [`adds ${named(come)}`]),
    ...(gone.length === 0 ? [] : [`drops ${named(gone)}`]),
  ].join(' ');
}

function named(texts: readonly string[]): string {
  const first = texts
    .slice(0, MOST_NAMED)
    .map((text) => (text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text));
  const more = texts.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}
