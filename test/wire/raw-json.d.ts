// What the library's types do not know yet; src/ambient.d.ts holds the same for the product.
interface JSON {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
