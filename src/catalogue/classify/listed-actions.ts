import type { Act } from './act.ts';
import { readName } from './read-name.ts';

/** `Actions: list, create, delete`, `operations include …`, `action='delete'`. */
const LIST = /\b(?:actions?|operations?|commands?|subcommands?|modes?) ?(?:[:=(]|include:?|are:?) ?([^.;\n]{1,300})/gi;
const LONGEST = 4_000;
const MOST_LISTS = 20;
const MOST_ITEMS = 40;

/** What a description lists as the actions of its tool. */
export function listedActions(description: string, near: ReadonlySet<string>): readonly Act[] {
  const lists = [...description.slice(0, LONGEST).matchAll(LIST)].slice(0, MOST_LISTS);
  return lists.flatMap(([whole = '', list = '']) => itemsOf(whole, list).flatMap((item) => actOf(item, near)));
}

/** All that is listed behind a colon; the one word behind an equals sign. */
function itemsOf(whole: string, list: string): readonly string[] {
  const isOne = /^\w+ ?=/.test(whole) && !/^ ?['"`]?\w+['"`]? ?[,|/]/.test(list);
  return list.split(isOne ? /[^\w'"`-]/ : /,|\||\/| or | and /).slice(0, isOne ? 1 : MOST_ITEMS);
}

function actOf(item: string, near: ReadonlySet<string>): readonly Act[] {
  const word = item
    .replace(/\([^()]*\)?/, '')
    .replace(/[^\w -]/g, '')
    .trim();
  if (word === '' || word.split(' ').length > 2) return [];
  return readName(word, near)
    .slice(0, 1)
    .map((act) => ({
      ...act,
      evidence: { from: 'description', quote: item.trim().slice(0, 80), says: `one of its actions: ${act.class}` },
    }));
}
