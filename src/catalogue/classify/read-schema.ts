import type { Act } from './act.ts';
import { readName } from './read-name.ts';
import type { Parameter, ToolText } from './read-tool.ts';

/** More parameters that choose between actions no real tool has. */
const MOST_CHOICES = 8;
const CHOOSES: ReadonlySet<string> = new Set([
  'action',
  'operation',
  'op',
  'command',
  'method',
  'verb',
  'subcommand',
  'cmd',
  'act',
  'actiontype',
  'operationtype',
  'crudoperation',
  'task',
  'mode',
]);
const HTTP: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const KEEPS: ReadonlySet<string> = new Set(['append', 'keep', 'preserve', 'merge', 'keepexisting', 'appendmode']);
const REPLACES: ReadonlySet<string> = new Set([
  'overwrite',
  'replaceall',
  'replaceexisting',
  'clearexisting',
  'truncate',
  'purge',
  'wipe',
  'clearfirst',
  'overwriteexisting',
  'dropexisting',
]);

/** What a call can be told to do: each value of `action`, and what happens where an argument is left out. */
export function readSchema({ parameters, near }: ToolText): readonly Act[] {
  const choices = parameters.filter(({ words, values }) => values.length > 1 && isChoice(words)).slice(0, MOST_CHOICES);
  return [...choices.flatMap((parameter) => actionsOf(parameter, near)), ...parameters.flatMap(defaultsOf)];
}

function actionsOf({ name, values }: Parameter, near: ReadonlySet<string>): readonly Act[] {
  if (values.filter((value) => HTTP.has(value.toUpperCase())).length >= 2) return requestsOf(name, values, near);
  return values.flatMap((value) =>
    readName(value, near).map((act) => ({
      ...act,
      evidence: {
        from: 'schema',
        quote: `${name.slice(0, 60)}=${value}`,
        says: `one of its actions: ${act.class}`,
      } as const,
    })),
  );
}

function isChoice(words: readonly string[]): boolean {
  return (
    CHOOSES.has(words.join('')) ||
    (words.length <= 3 && CHOOSES.has(words.at(-1) ?? '') && words.at(-1) !== 'mode' && words.at(-1) !== 'task')
  );
}

/** Any method of HTTP: to a URL of the caller's choice a request, else a call of the server's own API, deletions included. */
function requestsOf(name: string, values: readonly string[], near: ReadonlySet<string>): readonly Act[] {
  const deletes = values.some((value) => value.toUpperCase() === 'DELETE') && !near.has('url');
  const quote = `${name.slice(0, 60)}=${values.slice(0, 7).join('|')}`;
  const evidence = {
    from: 'schema',
    quote,
    says: deletes ? 'any request, deletions included' : 'any request',
  } as const;
  const writes = values.some(
    (value) => value.toUpperCase() !== 'GET' && value.toUpperCase() !== 'HEAD' && value.toUpperCase() !== 'OPTIONS',
  );
  if (!writes) return [];
  return [{ class: deletes ? 'destructive' : 'execute', verb: 'call', object: ['request'], weight: 'firm', evidence }];
}

/** `append` that is false, `overwrite` that is true, where nothing is said. */
function defaultsOf({ name, words, default: given }: Parameter): readonly Act[] {
  const word = words.join('');
  const isGrave = (KEEPS.has(word) && given === false) || (REPLACES.has(word) && given === true);
  if (!isGrave) return [];
  const evidence = {
    from: 'schema',
    quote: `${name.slice(0, 60)}: default ${String(given)}`,
    says: 'replaces what is there unless told otherwise',
  } as const;
  return [{ class: 'destructive', verb: 'overwrite', object: [], weight: 'firm', evidence }];
}
