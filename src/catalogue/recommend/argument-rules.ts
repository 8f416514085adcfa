import { isObject, type JsonObject } from '../../wire/json.ts';
import type { Classification, SignalKind } from '../classification.ts';
import type { Wishes } from '../recommend.ts';
import { amountRule } from './amount-rule.ts';
import type { ArgumentRule } from './argument-rule.ts';
import { idRule, isNamedId, plainName } from './id-rule.ts';
import { type Parameter, parametersOf } from './parameter.ts';
import { pathRule } from './path-rule.ts';
import { presenceRule } from './presence-rule.ts';
import { dialectOf, sqlRule } from './sql-rule.ts';
import { urlRules } from './url-rules.ts';

export interface FoundRules {
  readonly rules: readonly ArgumentRule[];
  readonly notes: readonly string[];
}

/** The rules about a tool's arguments that its signals call for. */
export function argumentRulesFor(tool: JsonObject, classification: Classification, wishes: Wishes): FoundRules {
  const parameters = parametersOf(tool);
  const about: About = { tool, classification, wishes, parameters };
  const rules: ArgumentRule[] = [];
  const notes: string[] = [];
  for (const parameter of parameters.values()) {
    const kinds = new Set(
      classification.signals.filter((signal) => signal.parameter === parameter.name).map(({ kind }) => kind),
    );
    rules.push(...rulesOf(about, parameter, kinds));
    notes.push(...notesOf(about, kinds));
  }
  return { rules: withoutTwins(rules), notes: [...new Set(notes)] };
}

interface About {
  readonly tool: JsonObject;
  readonly classification: Classification;
  readonly wishes: Wishes;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

function rulesOf(about: About, parameter: Parameter, kinds: ReadonlySet<SignalKind>): readonly ArgumentRule[] {
  const { classification, wishes } = about;
  const riskClass = classification.class;
  const found: (ArgumentRule | undefined)[] = [];
  if (kinds.has('widens-when-absent') && riskClass !== 'read') found.push(presenceRule(parameter));
  if (kinds.has('sql') && dialectOf(wordsOf(about), about.wishes.server ?? '') === 'postgresql')
    found.push(sqlRule(parameter, meantFor(about)));
  else if (kinds.has('url')) found.push(...urlRules(parameter, wishes.hosts));
  else if (
    isPath(about, parameter, kinds) &&
    !NO_PATH.test(plainName(parameter.name)) &&
    !/json/i.test(String(about.tool['name']))
  ) {
    found.push(pathRule(parameter, { roots: wishes.roots, folder: wishes.folder }, whereIs(about, parameter)));
  } else if (kinds.has('id-in-path')) found.push(idRule(parameter, 'sure'));
  else if (isNamedId(parameter)) found.push(idRule(parameter, 'likely'));
  if (kinds.has('amount') && riskClass === 'financial') found.push(amountRule(parameter));
  return found.filter((rule) => rule !== undefined);
}

function notesOf(about: About, kinds: ReadonlySet<SignalKind>): readonly string[] {
  const notes: string[] = [];
  if (kinds.has('sql') && dialectOf(wordsOf(about), about.wishes.server ?? '') !== 'postgresql') {
    notes.push(
      'It takes a query, and for its language there is no parser that could judge it here: give the server an account that may do no more than is meant.',
    );
  }
  if (kinds.has('amount') && about.classification.class === 'financial' && !hasBound(about)) {
    notes.push('Its amount is no number in its schema, so it is not bounded: whoever is asked looks at it.');
  }
  return notes;
}

function hasBound({ parameters, classification }: About): boolean {
  return classification.signals.some(({ kind, parameter: name }) => {
    const parameter = kind === 'amount' && name !== undefined ? parameters.get(name) : undefined;
    return parameter !== undefined && amountRule(parameter) !== undefined;
  });
}

function wordsOf({ tool }: About): string {
  const description = tool['description'];
  return [String(tool['name']), typeof description === 'string' ? description : ''].join(' ');
}

/** Whether a tool that takes SQL is there to be asked only. */
function meantFor(about: About): 'reads' | 'anything' {
  const isRead = about.classification.class === 'read';
  const says = wordsOf(about);
  return isRead ||
    /\bread[_ -]?only\b|\bread_query\b|\bonly select\b|\bselect (?:queries|statements?) only\b/i.test(says)
    ? 'reads'
    : 'anything';
}

/** Whether an argument names a file: by its signal, or as the other end of a tool that moves files. */
function isPath({ classification }: About, parameter: Parameter, kinds: ReadonlySet<SignalKind>): boolean {
  if (kinds.size > 0) return kinds.has('path');
  const isEnd = /^(?:source|src|origin|destination|dest|old|new)(?:_path|_file|_name)?$/.test(
    plainName(parameter.name),
  );
  return isEnd && classification.signals.some(({ kind }) => kind === 'path');
}

/** Paths that are none of files: within JSON, of a URL, or patterns by which results are chosen. */
const NO_PATH = /json|xpath|jq|health|include|exclude|select|filter|pattern|glob/;
/** What a path can lie within, other than this machine: a repository, a bucket, and the path of an account's users. */
const HOLDERS =
  /^(?:repo|repository|repo_name|repo_path|owner|project_id|bucket|bucket_name|org|organization|base_id|site_id|(?:user|role|group|policy)_name)$/;

/** A path beside the name of a repository is one in it. */
function whereIs({ parameters }: About, parameter: Parameter): 'local' | 'remote' {
  const others = [...parameters.values()].filter((one) => one !== parameter);
  return others.some(({ name }) => HOLDERS.test(plainName(name))) ? 'remote' : 'local';
}

/** Two names that are written alike in ids would give two rules one id. */
function withoutTwins(rules: readonly ArgumentRule[]): readonly ArgumentRule[] {
  const taken = new Set<string>();
  return rules.map((rule) => {
    let id = rule.id;
    for (let number = 2; taken.has(id); number++) id = `${rule.id}-${number}`;
    taken.add(id);
    if (id === rule.id || !isObject(rule.entry)) return rule;
    return { ...rule, id, entry: { ...rule.entry, id } };
  });
}
