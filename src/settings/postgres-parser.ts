import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { PgQuery } from 'libpg-query/wasm/libpg-query.js';
import type { SqlParse } from '../policy/sql/parsers.ts';
import type { Json } from '../wire/json.ts';

/** Memory that is taken away from the parser, so that a text whose tree explodes ends early: about 15 MB remain. */
const BALLAST = 80 * 1024 * 1024;
/** The longest tree that is read. */
const MAX_TREE = 8 * 1024 * 1024;

/**
 * Starts PostgreSQL's own parser. A text that overflows its stack or memory does not parse; the instance that it may have
 * broken is thrown away, and the next one is there before the next turn of the event loop.
 */
export async function startPostgresParser(): Promise<SqlParse> {
  const { default: create } = await import('libpg-query/wasm/libpg-query.js');
  const file = createRequire(import.meta.url).resolve('libpg-query/wasm/libpg-query.wasm');
  const module = await WebAssembly.compile(await readFile(file));
  let current: PgQuery | undefined = await start();
  let mayRetry = false;

  async function start(): Promise<PgQuery> {
    const parser = await create({
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports);
        keepSize(instance);
        done(instance);
        return {};
      },
      print() {},
      printErr() {},
    });
    parser._malloc(BALLAST);
    return parser;
  }

  function replace(): void {
    current = undefined;
    start().then(
      (started) => {
        current = started;
      },
      // Without memory for a new one nothing parses; the next text tries again.
      () => {
        mayRetry = true;
      },
    );
  }

  return (text) => {
    // The parser gives no result for no text, as it does without memory.
    if (text === '') return undefined;
    if (current === undefined) {
      if (mayRetry) {
        mayRetry = false;
        replace();
      }
      return undefined;
    }
    // The parser's `exit` would set it: a hostile text must not change how this process ends.
    const { exitCode } = process;
    try {
      return parseWith(current, text);
    } catch {
      process.exitCode = exitCode;
      replace();
      return undefined;
    }
  };
}

/** One more page would be one more way to use up the memory of the whole process. */
function keepSize(instance: WebAssembly.Instance): void {
  for (const exported of Object.values(instance.exports)) {
    if (!(exported instanceof WebAssembly.Memory)) continue;
    exported.grow = () => {
      throw new RangeError('the parser has all the memory that it gets');
    };
  }
}

/** Undefined if the text does not parse; throws when the instance is no longer to be trusted. */
function parseWith(parser: PgQuery, text: string): Json | undefined {
  const size = parser.lengthBytesUTF8(text) + 1;
  const query = parser._malloc(size);
  if (query === 0) throw new RangeError('no memory');
  parser.stringToUTF8(text, query, size);
  // { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
  const result = parser._wasm_parse_query_raw(query);
  if (result === 0) throw new RangeError('no memory');
  const tree = parser.getValue(result, 'i32');
  const isParsed = parser.getValue(result + 8, 'i32') === 0 && tree !== 0;
  const json = isParsed ? textAt(parser, tree) : undefined;
  parser._wasm_free_parse_result(result);
  parser._free(query);
  return json === undefined ? undefined : (JSON.parse(json) as Json);
}

function textAt(parser: PgQuery, pointer: number): string | undefined {
  const end = parser.HEAPU8.indexOf(0, pointer);
  return end - pointer > MAX_TREE ? undefined : parser.UTF8ToString(pointer);
}
