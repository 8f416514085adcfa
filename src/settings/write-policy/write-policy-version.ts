import { isUtf8 } from 'node:buffer';
import { constants, copyFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { atPointer } from '../../policy/diff/at-pointer.ts';
import { isArray, isObject, type Json, withKeys } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { loadSettings } from '../load.ts';
import { compileNamed, sha256 } from '../named-policy.ts';
import { readDocument } from '../read-document.ts';
import { isConfiguration } from '../report/check-file.ts';
import { whyUnwritten } from '../why-unwritten.ts';
import { changedText, Unchangeable } from './change-text.ts';
import { type FileBeside, type FileNow, fileToReplace, writeBeside } from './replace-file.ts';
import { sheetOf } from './sheet.ts';

/** A policy that is to be changed where it stands. */
export interface PolicyWrite {
  /** The policy file, or the configuration that holds the policy. */
  readonly file: string;
  /** JSON Pointer into it; empty where the file is the policy. */
  readonly pointer: string;
  /** What must stand there now, and what is to stand there. */
  readonly before: Json;
  readonly after: Json;
  /** For a policy file: as what it has to load; `policy` without it. */
  readonly kinds?: readonly ('policy' | 'baseline')[];
  /** For a configuration: its environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told when all is ready, before the new version takes the place of the old one: a text says why it must not. Rejecting stops it too. */
  beforeReplaced?(digests: WrittenDigests): Promise<string | undefined>;
  /** Told in the moment in which the new version stands there, before anybody of this process reads it. Must not throw. */
  onReplaced?(digests: WrittenDigests): void;
}

/** SHA-256 of both versions as canonical JSON, in lower-case hex. */
export interface WrittenDigests {
  readonly digestBefore: string;
  readonly digestAfter: string;
}

export type PolicyWriteOutcome =
  | ({ readonly kind: 'written' } & WrittenDigests)
  /** `changed`: another version stands there by now. `problems`: the file would not say what it should, or not load. `stopped`: by `beforeReplaced`. */
  | { readonly kind: 'changed' | 'unwritable' | 'problems' | 'stopped'; readonly reason: string };

type Refused = Exclude<PolicyWriteOutcome, { kind: 'written' }>;

const CHANGED: Refused = {
  kind: 'changed',
  reason: 'the policy was changed meanwhile and stays as it is; look at it again',
};

/**
 * Writes a new version of a policy into its file: comments and layout stay but where something changes, and nobody ever reads
 * half of it. What is written is read again, and loaded, before it takes the place of the old version. Rejects only if `beforeReplaced`
 * does, and has changed nothing then.
 */
export async function writePolicyVersion(write: PolicyWrite): Promise<PolicyWriteOutcome> {
  const now = await fileToReplace(write.file);
  if (typeof now === 'string') return unwritable(write.file, now);
  const text = await newText(write, now);
  if (typeof text !== 'string') return text;
  const beside = await writeBeside(now, Buffer.from(text));
  if (typeof beside === 'string') return unwritable(write.file, beside);
  let isPut = false;
  try {
    const outcome = await put(write, beside);
    isPut = outcome.kind === 'written';
    return outcome;
  } finally {
    if (!isPut) await beside.drop();
  }
}

async function newText({ file, pointer, before, after }: PolicyWrite, { bytes }: FileNow): Promise<string | Refused> {
  const decoded = decodedText(bytes);
  if (decoded === undefined) return { kind: 'problems', reason: `${file} is not UTF-8` };
  const sheet = await sheetOf(file, decoded.text);
  if (sheet === undefined) return { kind: 'changed', reason: `${file} cannot be read any more; mend it first` };
  const found = atPointer(sheet.value, pointer);
  if (found === undefined || canonicalJson(found) !== canonicalJson(before)) return CHANGED;
  const wanted = withAt(sheet.value, stepsOf(pointer), after);
  try {
    const text = changedText(sheet, wanted);
    const again = await sheetOf(file, text);
    const isSo = again !== undefined && canonicalJson(again.value) === canonicalJson(wanted);
    return isSo ? decoded.mark + text : byHand(file, 'it is written in a way that cannot be changed in part');
  } catch (fault) {
    if (fault instanceof Unchangeable) return byHand(file, fault.message);
    throw fault;
  }
}

function unwritable(file: string, why: string): Refused {
  return { kind: 'unwritable', reason: `${file} ${why}; let the gateway write there, or change the file by hand` };
}

function byHand(file: string, why: string): Refused {
  return { kind: 'problems', reason: `${file}: ${why}; change it by hand` };
}

const MARK = '\uFEFF';

/** The text without the mark that some editors put before it. */
function decodedText(bytes: Uint8Array): { readonly mark: string; readonly text: string } | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.startsWith(MARK) ? { mark: MARK, text: text.slice(1) } : { mark: '', text };
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function withAt(value: Json, steps: readonly string[], fresh: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return fresh;
  if (isArray(value)) return value.map((one, index) => (String(index) === step ? withAt(one, rest, fresh) : one));
  return isObject(value) ? withKeys(value, { [step]: withAt(value[step] ?? null, rest, fresh) }) : value;
}

/** Puts the new file in place if it says what it should, and loads; else says why not. */
async function put(write: PolicyWrite, beside: FileBeside): Promise<PolicyWriteOutcome> {
  const why = await whyNotGood(write, beside.path);
  if (why !== undefined) return { kind: 'problems', reason: why };
  const digests = {
    digestBefore: sha256(canonicalJson(write.before)),
    digestAfter: sha256(canonicalJson(write.after)),
  };
  const stop = await write.beforeReplaced?.(digests);
  if (stop !== undefined) return { kind: 'stopped', reason: stop };
  const replaced = await beside.replace(() => write.onReplaced?.(digests));
  if (replaced === 'replaced') return { kind: 'written', ...digests };
  return replaced === 'changed' ? CHANGED : unwritable(write.file, replaced.reason);
}

async function whyNotGood(
  { file, pointer, after, kinds = ['policy'], env = process.env }: PolicyWrite,
  fresh: string,
): Promise<string | undefined> {
  const read = await readDocument(fresh);
  if (read.kind === 'problem') return read.problem.message;
  const { value } = read.document;
  const found = atPointer(value, pointer);
  if (found === undefined || canonicalJson(found) !== canonicalJson(after))
    return 'the new version was not read as it was written';
  if (isConfiguration(value)) return whyNotLoaded(file, fresh, env);
  for (const kind of kinds) {
    const compiled = await compileNamed('new', found, kind);
    const [first] = compiled.kind === 'problems' ? compiled.problems : [];
    if (first !== undefined) return `the new version does not load: ${first.pointer} ${first.message}`;
  }
  return undefined;
}

/** Relative paths in a configuration begin at the folder of the name by which it is read, which may be a link elsewhere. */
async function whyNotLoaded(
  file: string,
  fresh: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const folder = dirname(resolve(file));
  const isBeside = folder === dirname(fresh);
  const tried = isBeside ? fresh : join(folder, basename(fresh));
  try {
    if (!isBeside) await copyFile(fresh, tried, constants.COPYFILE_EXCL);
    const loaded = await loadSettings(tried, env);
    const [first] = loaded.kind === 'problems' ? loaded.problems : [];
    return first && `the configuration would not load any more: ${first.pointer} ${first.message}`;
  } catch (error) {
    return whyUnwritten(error);
  } finally {
    if (!isBeside) await rm(tried, { force: true });
  }
}
