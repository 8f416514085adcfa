import type { JsonObject } from './json.ts';

/** What stands before and between the values of an expression, by its operator, and whether each has its name. Source: RFC 6570, appendix A. */
const OPERATORS: { readonly [operator: string]: readonly [first: string, between: string, kind: 'bare' | 'named'] } = {
  '': ['', ',', 'bare'],
  '+': ['', ',', 'bare'],
  '#': ['#', ',', 'bare'],
  '.': ['.', '.', 'bare'],
  '/': ['/', '/', 'bare'],
  ';': [';', ';', 'named'],
  '?': ['?', '&', 'named'],
  '&': ['&', '&', 'named'],
};

/** A longer value makes a URI that is too long to be called, however much of it is there; many such must not fill the memory. */
const ENOUGH = 2_000;

/** A URI template with the values that are known in their places, unencoded; an expression of which nothing is known stays as it is. */
export function filledTemplate(template: string, known: JsonObject): string {
  return template.replace(/\{([+#./;?&]?)([^{}]*)\}/g, (whole, operator: string, list: string) => {
    const names = list.split(',').map((part) => part.replace(/(?:\*|:\d{1,4})$/, ''));
    if (!names.some((name) => typeof known[name] === 'string')) return whole;
    const [first, between, kind] = OPERATORS[operator] ?? ['', ',', 'bare'];
    const values = names.map((name) => {
      const value = known[name];
      const told = typeof value === 'string' ? value.slice(0, ENOUGH) : `{${name}}`;
      return kind === 'named' ? `${name}=${told}` : told;
    });
    return first + values.join(between);
  });
}
