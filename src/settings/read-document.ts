import { isUtf8 } from 'node:buffer';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Json } from '../wire/json.ts';
import { readJsonSource } from './json-source.ts';
import { lineStarts, offsetOf, type Place, positionIn } from './place.ts';
import type { FileProblem } from './problem.ts';
import type { Guess, Source } from './source.ts';

/** A configuration or policy file as read: its value, and the way back to the places in its text. */
export interface FileDocument {
  readonly value: Json;
  /** Turns what was found at a JSON Pointer into a problem with file, line and column. */
  problem(pointer: string, message: string): FileProblem;
}

export type ReadDocument =
  | { readonly kind: 'document'; readonly document: FileDocument }
  | {
      readonly kind: 'problem';
      readonly problem: FileProblem;
      /** There when nothing but numbers is at fault. INVARIANT: nothing of it may come into force. */
      readonly guess?: GuessedDocument;
    };

/** A document with other numbers in place of those that cannot be read, and what is to be told of these. */
interface GuessedDocument {
  readonly document: FileDocument;
  readonly problems: readonly FileProblem[];
}

const MAX_BYTES = 16 * 1024 * 1024;

/** Reads a `.json`, `.jsonc`, `.yaml` or `.yml` file strictly. Never rejects. */
export async function readDocument(file: string): Promise<ReadDocument> {
  const parse = await parserFor(file);
  if (parse === undefined) {
    return whole(file, 'the name must end in .json, .jsonc, .yaml or .yml');
  }
  const bytes = await readBytes(file);
  if (typeof bytes === 'string') return whole(file, bytes);
  if (!isUtf8(bytes)) {
    const problem = {
      file,
      line: firstBrokenLine(bytes),
      column: 1,
      pointer: '',
      message: 'not UTF-8; save the file as UTF-8',
    };
    return { kind: 'problem', problem };
  }
  const text = new TextDecoder().decode(bytes);
  const source = parse(text);
  if (source.kind === 'fault') {
    const place = positionIn(lineStarts(text), source.at);
    const guess = source.guess && guessed(file, text, source.guess);
    const problem = guess?.problems[0] ?? { file, ...place, pointer: '', message: source.reason };
    return guess === undefined ? { kind: 'problem', problem } : { kind: 'problem', problem, guess };
  }
  return { kind: 'document', document: { value: source.value, problem: problemMaker(file, text, source.places) } };
}

function guessed(file: string, text: string, { value, numbers, places }: Guess): GuessedDocument {
  const document: FileDocument = { value, problem: problemMaker(file, text, places) };
  return { document, problems: [...numbers].map(([pointer, message]) => document.problem(pointer, message)) };
}

/** What can be looked through for problems, and the problems that it begins with: those keep it from coming into force. */
export function readableIn(read: ReadDocument): {
  readonly document: FileDocument | undefined;
  readonly problems: readonly FileProblem[];
} {
  if (read.kind === 'document') return { document: read.document, problems: [] };
  return read.guess ?? { document: undefined, problems: [read.problem] };
}

/** The problems of numbers that could not be read, with what else was found, in the order of the text. */
export function besideNumbers(numbers: readonly FileProblem[], found: readonly FileProblem[]): readonly FileProblem[] {
  const placeOf = ({ file, pointer }: FileProblem): string => JSON.stringify([file, pointer]);
  const told = new Set(numbers.map(placeOf));
  // What is said of a number that only stands in is not to the point.
  return [...numbers, ...found.filter((problem) => !told.has(placeOf(problem)))].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  );
}

function problemMaker(file: string, text: string, places: () => Place): FileDocument['problem'] {
  let known: { readonly root: Place; readonly starts: readonly number[] } | undefined;
  return (pointer, message) => {
    known ??= { root: places(), starts: lineStarts(text) };
    return { file, ...positionIn(known.starts, offsetOf(known.root, pointer)), pointer, message };
  };
}

/** The YAML parser takes longer to load than all the rest: only who writes YAML waits for it. */
async function parserFor(file: string): Promise<((text: string) => Source) | undefined> {
  switch (extname(file).toLowerCase()) {
    case '.json':
    case '.jsonc':
      return readJsonSource;
    case '.yaml':
    case '.yml':
      return (await import('./yaml-source.ts')).readYamlSource;
    default:
      return undefined;
  }
}

function whole(file: string, message: string): ReadDocument {
  return { kind: 'problem', problem: { file, line: 0, column: 0, pointer: '', message } };
}

async function readBytes(file: string): Promise<Uint8Array | string> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK a named pipe would be waited for.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return 'cannot be read: it is not a regular file';
    if (stat.size > MAX_BYTES) return `cannot be read: it is larger than ${MAX_BYTES} bytes`;
    return await handle.readFile();
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  } finally {
    await handle?.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    default:
      return String(code ?? error);
  }
}

/** A line feed is never part of a longer UTF-8 sequence, so lines can be judged one by one. */
function firstBrokenLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
