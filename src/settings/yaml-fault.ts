import type { YAMLError } from 'yaml';

const STAR = 'a name or text that begins with * needs quotes, such as "*_list"';
const BRACKET =
  "a text that holds [ or { needs quotes within [ ] and { }: write 'args.to[*]', in single quotes if double ones are in it";
const ESCAPE =
  'this is no escape of a text in double quotes; put it in single quotes, within which a backslash stands for itself';

/** What is wrong where the parser stumbles, and what to write instead. INVARIANT: the text itself, perhaps a token, is not repeated. */
export function yamlFault({ code, message, pos: [at] }: YAMLError, text: string): string {
  // The parser may quote the text that it stumbles over.
  const said = message.replace(/:? ["'].*$/s, '').replace(/[\r\n].*$/s, '');
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; a file holds one';
    case 'RESOURCE_EXHAUSTION':
      return 'nested deeper than allowed';
    case 'NON_STRING_KEY':
      return text[at] === '*' ? STAR : 'a key must be a string';
    case 'BAD_ALIAS':
      return said.startsWith('Alias') ? STAR : 'a text that begins with & needs quotes';
    case 'BAD_DQ_ESCAPE':
      return ESCAPE;
    case 'BAD_SCALAR_START':
      return `${said}; put it in quotes`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return `${said}; a text that holds a colon and a blank needs quotes`;
    case 'UNEXPECTED_TOKEN':
    case 'MISSING_CHAR':
      if (/[[{]/.test(text[at] ?? '') && /[^\s,:[\]{}"']/.test(text[at - 1] ?? '')) return BRACKET;
      return isBehindAlias(text, at) ? STAR : said;
    default:
      return said;
  }
}

/** Whether what is unexpected follows an alias in its line. */
function isBehindAlias(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 200), at);
  return /(?:^|[\s[{,])\*\S*\s*$/.test(line);
}
