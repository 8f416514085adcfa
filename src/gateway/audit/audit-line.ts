import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import { type ReadLimits, readJson } from '../../wire/read-json.ts';
import { isoTime } from '../approvals/iso-time.ts';
import type { StoredLink } from './audit-ports.ts';

/** What the gateway wrote holds arguments as deep as it lets in, and a few levels around them. */
const BODY: ReadLimits = { depth: 1_100, nodes: 2_000_000, numbers: 'keep' };

/** A record with the body of its outcome, once there is one. */
type WithOutcome = StoredLink & { readonly outcome: string | undefined };

/** A record as the log shows it: what its body says, beside what the chain says of it. */
export function auditLine(record: WithOutcome): JsonObject {
  const body = readBody(record.body);
  return withKeys(body, {
    seq: record.seq,
    writer: record.writer,
    id: record.id,
    kind: record.kind,
    time: timeOf(record.at),
    limits: readValue(record.limits) ?? record.limits,
    hash: record.hash,
    outcome: outcomeOf(record, body),
  });
}

/** Calls that were let through have an outcome; one that is not on record yet, or never came to be, is unknown. */
function outcomeOf(record: WithOutcome, body: JsonObject): Json | undefined {
  if (record.outcome !== undefined) return readBody(record.outcome);
  return record.kind === 'call' && body['decision'] === 'allow' ? objectOf([['kind', 'unknown']]) : undefined;
}

function readBody(text: string): JsonObject {
  const value = readValue(text);
  return isObject(value) ? value : objectOf([['unreadable', text]]);
}

function readValue(text: string): Json | undefined {
  const read = readJson(text, BODY);
  return read.kind === 'value' ? read.value : undefined;
}

function timeOf(at: number): string {
  return isoTime(at) ?? String(at);
}
