import { bytePile } from './byte-pile.ts';

export interface LineEvents {
  /** One line without its line feed. */
  line(bytes: Buffer): void;
  /** More than the limit without a line feed: `stop` reads nothing any more, `skip` goes on with the next line. */
  tooLong(start: Buffer): 'stop' | 'skip';
}

export interface LineReader {
  push(chunk: Buffer): void;
  /** The end: what stands after the last line feed; empty if nothing. */
  rest(): Buffer;
}

/** Splits bytes into lines at `\n` alone. Keeps at most `maxBytes` of an unfinished line, and one chunk. */
export function lineReader(maxBytes: number, events: LineEvents): LineReader {
  const pile = bytePile();
  let state: 'reading' | 'skipping' | 'stopped' = 'reading';

  function keep(piece: Buffer): void {
    if (state !== 'reading') return;
    pile.add(piece);
    if (pile.size > maxBytes) state = events.tooLong(pile.take()) === 'stop' ? 'stopped' : 'skipping';
  }

  return {
    push(chunk) {
      let from = 0;
      for (;;) {
        const end = chunk.indexOf(10, from);
        keep(chunk.subarray(from, end < 0 ? chunk.length : end));
        if (end < 0 || state === 'stopped') return;
        if (state === 'reading') events.line(pile.take());
        state = 'reading';
        from = end + 1;
      }
    },
    rest: () => pile.take(),
  };
}
