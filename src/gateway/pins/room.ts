import type { ServerPins, ToolPin } from './server-pins.ts';

/** Definitions that wait to be accepted, of one server: a hostile one cannot fill the disk with new names. */
const MOST_WAITING = 2_000;
const MOST_CHARACTERS = 8 * 1_048_576;

/** Keeps account of what waits to be accepted while a plan is made. */
export interface Room {
  /** Takes the place of `before` for a definition of so many characters; false when there is none left. */
  take(characters: number, before: ToolPin | undefined): boolean;
  free(before: ToolPin): void;
}

export function roomIn(now: ServerPins): Room {
  let waiting = 0;
  let characters = 0;
  const add = (pin: ToolPin | undefined, sign: 1 | -1): void => {
    if (pin?.candidate === undefined) return;
    waiting += sign;
    characters += sign * pin.candidate.text.length;
  };
  for (const pin of now.tools.values()) add(pin, 1);
  return {
    take(more, before) {
      const [atOnce, size] = before?.candidate === undefined ? [1, more] : [0, more - before.candidate.text.length];
      if (waiting + atOnce > MOST_WAITING || characters + size > MOST_CHARACTERS) return false;
      waiting += atOnce;
      characters += size;
      return true;
    },
    free: (before) => add(before, -1),
  };
}
