const UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

/** A size in words: `512KiB`, `4 MiB`. */
export const SIZE: RegExp = /^(\d{1,12}) ?(B|KiB|MiB|GiB)$/;

/** The bytes that a size in words stands for; undefined for what is no such size. */
export function bytesOfSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = SIZE.exec(text) ?? [];
  const bytes = UNITS.get(unit);
  return bytes === undefined ? undefined : Number(digits) * bytes;
}

/** A number of bytes in the greatest unit that leaves no rest: `4MiB`, `1500B`. */
export function sizeWords(bytes: number): string {
  const [unit = 'B', of = 1] = [...UNITS].reverse().find(([, each]) => bytes >= each && bytes % each === 0) ?? [];
  return `${bytes / of}${unit}`;
}
