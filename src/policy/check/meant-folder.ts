const EXAMPLE = '/data';
/** Behind the plain letters: the end, anything, or another step. */
const ENDED = /^(?:$|\.\*|\$|\\b|\\z|\[\\?\/|\(?(?:\?:)?(?:\\?\/|\$))/;

/** The folder that a pattern most likely means by the letters that it begins with; an example where they name none. */
export function folderOfPattern(pattern: string): string {
  const body = pattern.replace(/^\^(?:\(\?:|\()?/, '');
  const [start = ''] = /^(?:[\w/:@~ -]|\\[^A-Za-z0-9])*/.exec(body) ?? [];
  const letters = start.replace(/\\(.)/gs, '$1');
  if (ENDED.test(body.slice(start.length))) return folderOfText(letters);
  // What follows may belong to the last name.
  return folderOfText(letters.slice(0, Math.max(letters.lastIndexOf('/'), letters.lastIndexOf('\\')) + 1));
}

/** The folder that a text begins with; an example where it names none. */
export function folderOfText(text: string): string {
  const folder = text.replace(/[\\/]$/, '');
  return /^(?:\/|[A-Za-z]:[\\/])/.test(folder) && !folder.includes('..') ? folder : EXAMPLE;
}
