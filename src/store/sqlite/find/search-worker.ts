import { parentPort, workerData } from 'node:worker_threads';
import { searchDesk } from '../../../gateway/audit/find/search-desk.ts';
import { openSearch } from './open-search.ts';
import type { SearchAnswer, SearchRequest } from './search-thread.ts';
import type { SqliteSearch } from './sqlite-search.ts';

/** Records indexed in one transaction: some ten milliseconds. */
const BATCH = 1_000;
const LOOK_EVERY_MS = 400;
const TRY_AGAIN_MS = 5_000;
/** How long is paused after each batch, in the time that it took: calls go before. */
const PAUSES = 3;

// Runs as a thread of its own with connections of its own: `workerData` is the data folder. It keeps the index up to date, and answers.
const folder: unknown = workerData;
if (typeof folder !== 'string' || parentPort === null) throw new Error('the search needs a folder and a parent');
const port = parentPort;
const search: SqliteSearch = openSearch(folder);
const desk = searchDesk(search);
let timer = setTimeout(keepUp, 0);

port.on('message', (request: SearchRequest | 'close') => {
  if (request === 'close') {
    clearTimeout(timer);
    void search.close();
    port.close();
    return;
  }
  void answer(request).then((answered) => port.postMessage(answered));
});

async function answer({ ticket, ask }: SearchRequest): Promise<SearchAnswer> {
  try {
    return { ticket, kind: 'done', value: await (ask.kind === 'page' ? desk.page(ask.wish) : desk.one(ask.id)) };
  } catch (error) {
    return { ticket, kind: 'fault', words: error instanceof Error ? error.message : String(error) };
  }
}

function keepUp(): void {
  const began = performance.now();
  const step = indexed();
  const took = performance.now() - began;
  timer = setTimeout(keepUp, waitAfter(step, took));
}

/** A log that cannot be read now is told of by those who write it. */
function indexed(): ReturnType<SqliteSearch['indexSome']> {
  try {
    return search.indexSome(BATCH);
  } catch {
    return 'unwritable';
  }
}

function waitAfter(step: ReturnType<SqliteSearch['indexSome']>, took: number): number {
  switch (step) {
    case 'more':
      return PAUSES * took;
    case 'done':
    case 'busy':
      return LOOK_EVERY_MS;
    case 'unwritable':
      return TRY_AGAIN_MS;
  }
}
