import type { Json } from '../../wire/json.ts';
import { type ArgumentRule, anyOf, given, holds, ruleFor, wherePresent } from './argument-rule.ts';
import { isFreeText, type Parameter } from './parameter.ts';

/** What can stand in one part of a path without leading elsewhere: nothing that ends it, is decoded in it, or is `.` or `..`. */
const PART = '\\.?[^./\\\\%?#\\x00-\\x1f\\x7f][^/\\\\%?#\\x00-\\x1f\\x7f]*';
/** Ids of machines: letters, digits, and what their makers put between them. */
const ID = '^[A-Za-z0-9_@:;=+~$*>|,-][A-Za-z0-9_@:;=+~$*>|,.-]*$';
const NAME = `^${PART}$`;
// Not /?: the checker would take the pattern for one of a folder.
const PARTS = `^[/]?${PART}(?:/+${PART})*$`;
/** Of servers that want a path in which / is written as %2F. */
const ENCODED_PARTS = `^${PART}(?:(?:/|%2[Ff])${PART})*$`;

const SLASHED_NAME =
  /(?:^|_)(?:repo|repository|project|group|namespace|full_name|ref|branch|tag|arn|uri|urn|gid|image|module|provider|resource|topic|subject|key|account|org|package|model|thread|message|library|symbol|page|file|folder|object|document)(?:_|s?$)/;
const ESCAPES: readonly string[] = ['../credentials/prod_key', '..', 'a?x=1', 'a#x', 'a%2f..%2fb'];

/**
 * Pins an id to what cannot lead elsewhere. `sure`: it is known to enter a path. Without that what may hold slashes (`owner/repo`,
 * `gid://shop/Order/1`) still may.
 */
export function idRule(parameter: Parameter, certainty: 'sure' | 'likely'): ArgumentRule | undefined {
  const one = parameter.elements ?? parameter;
  if (!isFreeText(one) || (parameter.types.size > 0 && !parameter.types.has('string') && !parameter.elements))
    return undefined;
  const { pattern, says, good } = formOf(parameter, certainty);
  const isNumberToo = one.types.has('integer') || one.types.has('number') || one.types.size === 0;
  const condition = wherePresent(parameter, (path) =>
    anyOf([...(isNumberToo ? [holds(path, 'type', 'integer')] : []), holds(path, 'regex', pattern)]),
  );
  const { name } = parameter;
  return ruleFor(parameter, {
    list: 'require',
    kind: 'safe',
    onDeny: `${shown(name)} must be ${says}: anything else could lead to another place of the server.`,
    condition,
    good: given(parameter, good),
    bad: given(parameter, ESCAPES),
    note: `${shown(name)} is pinned to ${says}, so that no id leads out of the path that it is put into. If real ids hold other characters, widen the pattern.`,
  });
}

interface Form {
  readonly pattern: string;
  readonly says: string;
  readonly good: readonly Json[];
}

const IDS: readonly Json[] = ['3f0c1a52-7d1e-4b7a-9c55-0a6f6d1e2b11', 'abc-1', 'a1', 'ABCDEFGHIJ', '1'];

function formOf({ name, schema, description }: Parameter, certainty: 'sure' | 'likely'): Form {
  const plain = plainName(name);
  // GitLab and its like know their projects by numbers and by paths, / written as %2F.
  if (/url-?encoded/i.test(description) || /^(?:project|group|namespace)(?:_id)?$/.test(plain)) {
    return {
      pattern: ENCODED_PARTS,
      says: 'an id, or names with / or %2F between them, without . and .. or any of \\ ? #',
      good: ['group/project', ...IDS],
    };
  }
  // Channels and people are called by # and @ as well.
  if (/channel/.test(plain) || (/chat|user/.test(plain) && certainty === 'likely')) {
    return { pattern: `^[#@]?${PART}$`, says: 'an id or a name without any of / \\ % ? and not . or ..', good: IDS };
  }
  const mayHoldSlashes =
    certainty === 'likely' || SLASHED_NAME.test(plain) || /\b\w+\/\w+\b/.test(description.replace(/https?:\S*/g, ''));
  if (schema['format'] !== 'uuid' && mayHoldSlashes) {
    return {
      pattern: PARTS,
      says: 'an id or names with / between them, without . and .. or any of \\ % ? #',
      good: IDS,
    };
  }
  if (/(?:^|_)(?:id|ids|uuid|guid|uid|iid|sid|number)$/.test(plain)) {
    return { pattern: ID, says: 'an id of letters, digits and _ - . : ; , @ = + ~ $ * > |', good: IDS };
  }
  return { pattern: NAME, says: 'a name without any of / \\ % ? # and not . or ..', good: IDS };
}

/** Whether a parameter goes by the name of an id. */
export function isNamedId({ name }: Parameter): boolean {
  return /(?:^|_)(?:id|ids|uuid|guid|slug)$/.test(plainName(name));
}

/** Names in any style as words with underscores. */
export function plainName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** A name of the server's, as it is told to an agent and to a reader. */
export function shown(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : 'This argument';
}
