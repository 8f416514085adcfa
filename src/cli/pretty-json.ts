import { visibleJson } from '../settings/visible.ts';

/** JSON of several lines, ending in a line feed, in which nothing does anything to a terminal. */
export function prettyJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(visibleJson).join('\n')}\n`;
}
