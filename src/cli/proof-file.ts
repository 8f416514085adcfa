import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import type { SignedText } from '../gateway/audit/seal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { UsageFault } from './options.ts';

const FORMAT = 'toolgate-proof-1';

/** That a record is one of those that a checkpoint covers. */
export interface RecordProof {
  readonly link: Omit<StoredLink, 'hash'>;
  /** Hash of the link before it. */
  readonly previous: string;
  readonly path: readonly string[];
  readonly checkpoint: SignedText;
}

export interface ProofFile {
  /** The seals that introduce keys, from the first one on. */
  readonly keys: readonly SignedText[];
  readonly records: readonly RecordProof[];
}

export function proofText({ keys, records }: ProofFile): string {
  const told = records.map(({ link, previous, path, checkpoint }) => {
    const { writer, seq, id, kind, at, limits, body } = link;
    return { writer, seq, id, kind, at, limits, body, previous, path, checkpoint: signedOf(checkpoint) };
  });
  return `${JSON.stringify({ format: FORMAT, keys: keys.map(signedOf), records: told }, undefined, 2)}\n`;
}

function signedOf({ body, signature }: SignedText): SignedText {
  return { body, signature };
}

/** Reads what `proofText` wrote. Throws `UsageFault`. */
export function readProof(value: JsonObject): ProofFile {
  const { format, keys, records } = value;
  if (format !== FORMAT || !isArray(keys) || !isArray(records) || records.length === 0) throw odd('the file');
  return {
    keys: keys.map(signedIn),
    records: records.map((record) => {
      if (!isObject(record)) throw odd('a record');
      const { seq, at, path, checkpoint } = record;
      if (typeof seq !== 'number' || typeof at !== 'number' || !isArray(path)) throw odd('a record');
      const text = (key: string): string => textOf(record[key]);
      const link = {
        writer: text('writer'),
        seq,
        id: text('id'),
        kind: text('kind'),
        at,
        limits: text('limits'),
        body: text('body'),
      };
      return { link, previous: text('previous'), path: path.map(textOf), checkpoint: signedIn(checkpoint) };
    }),
  };
}

function signedIn(value: Json | undefined): SignedText {
  if (!isObject(value)) throw odd('a checkpoint');
  return { body: textOf(value['body']), signature: textOf(value['signature']) };
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw odd('a text');
}

function odd(what: string): UsageFault {
  return new UsageFault(
    `--proof names no proof as toolgate audit prove writes it: ${what} is missing or of another form`,
  );
}
