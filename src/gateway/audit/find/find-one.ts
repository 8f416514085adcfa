import { type Json, type JsonObject, objectOf } from '../../../wire/json.ts';
import { auditLine } from '../audit-line.ts';
import type { StoredLink } from '../audit-ports.ts';
import type { AuditSearch } from './audit-search.ts';

/** Everything there is of one id. */
export interface OneRecord {
  /** With its outcome. */
  readonly record: JsonObject;
  /** What became of the question to people that it is about, oldest first; without itself. */
  readonly events: readonly JsonObject[];
  /** All links with this id. */
  readonly links: readonly StoredLink[];
}

/** More events than a question can have in its life. */
const MOST_EVENTS = 1_000;

/** Puts together what the links with one id tell; undefined without any. */
export async function findOne(
  search: Pick<AuditSearch, 'find'>,
  links: readonly StoredLink[],
): Promise<OneRecord | undefined> {
  const first = links.find(({ kind }) => kind !== 'outcome') ?? links[0];
  if (first === undefined) return undefined;
  const outcome = links.find(({ kind }) => kind === 'outcome')?.body;
  const record = auditLine({ ...first, outcome });
  const { approval } = record;
  const events = typeof approval === 'string' ? await eventsOf(search, approval, first.hash) : [];
  return { record, events, links };
}

export function jsonOfOne({ record, events, links }: OneRecord): JsonObject {
  return objectOf([
    ['record', record],
    ['events', events],
    ['links', links.map(linkJson)],
  ]);
}

function linkJson({ kind, writer, seq, hash }: StoredLink): Json {
  return objectOf(Object.entries({ kind, writer, seq, hash }));
}

async function eventsOf(
  search: Pick<AuditSearch, 'find'>,
  approval: string,
  except: string,
): Promise<readonly JsonObject[]> {
  const events: JsonObject[] = [];
  for await (const records of search.find({ approval, which: 'all' })) {
    for (const one of records) if (one.hash !== except) events.push(auditLine(one));
    if (events.length >= MOST_EVENTS) break;
  }
  return events.toReversed();
}
