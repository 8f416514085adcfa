import type { StoredLink } from '../audit-ports.ts';
import { isOfPeople } from './is-of-people.ts';

/** What a record says of itself, as far as it is looked for by name. */
export interface RecordMarks {
  readonly grant: string | undefined;
  readonly owner: string | undefined;
  readonly server: string | undefined;
  readonly tool: string | undefined;
  readonly effect: string | undefined;
  readonly wouldHave: string | undefined;
  /** Pointers and ids. */
  readonly rules: readonly string[];
  readonly approval: string | undefined;
  /** It is a decision, of rules or of people: not the life of gateway and sessions, and no outcome. */
  readonly isDecision: boolean;
}

export function marksOf({ kind, body }: Pick<StoredLink, 'kind' | 'body'>): RecordMarks {
  const fields = objectIn(body);
  const would = asObject(fields['wouldHave']);
  const rules = [fields['rule'], fields['ruleId'], would['rule'], would['ruleId']];
  return {
    grant: textOf(fields['grant']),
    owner: textOf(fields['owner']),
    server: textOf(fields['server']),
    tool: textOf(fields['tool']) ?? textOf(fields['target']),
    effect: textOf(fields['decision']),
    wouldHave: textOf(would['decision']),
    rules: rules.flatMap((rule) => textOf(rule) ?? []),
    approval: textOf(fields['approval']),
    isDecision: kind !== 'outcome' && (kind !== 'event' || isOfPeople(textOf(fields['event']))),
  };
}

type Members = Readonly<Record<string, unknown>>;

const NONE: Members = {};

/** A body that was damaged says nothing. What the gateway wrote holds no key twice, and names are no numbers. */
function objectIn(text: string): Members {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return NONE;
  }
}

function asObject(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : NONE;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
