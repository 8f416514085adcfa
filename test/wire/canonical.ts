/** A value in the one form in which all readers tell what they read: keys in the order of code points, ASCII, numbers by value. */
export function canonical(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? decimal(String(value)) : String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  // A number that no double holds, kept as it was written.
  if (JSON.isRawJSON(value) && 'rawJSON' in value) return decimal(String(value.rawJSON));
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([one], [other]) => byCodePoint(one, other));
  return `{${entries.map(([key, member]) => `${quoted(key)}:${canonical(member)}`).join(',')}}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The sort of JavaScript puts U+10000 before U+FFFF, as nobody else does. */
function byCodePoint(one: string, other: string): number {
  if (!/[\ud800-\udfff]/.test(one + other)) return one < other ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function decimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text.toLowerCase());
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  const digits = (whole + fraction).replace(/0+$/, '');
  const kept = digits.replace(/^0+/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${BigInt(power) + BigInt(whole.length - digits.length)}`;
}
