/** The digits and power of ten of a JSON number, so that equal values have equal forms: `1.50e1` → `15`, `0`. */
function decimal(text: string): string {
  const negative = text.startsWith('-');
  const [mantissa = '', power = '0'] = (negative ? text.slice(1) : text).toLowerCase().split('e');
  const point = mantissa.indexOf('.');
  const fraction = point < 0 ? '' : mantissa.slice(point + 1);
  let digits = (point < 0 ? mantissa : mantissa.slice(0, point)) + fraction;
  let start = 0;
  while (start < digits.length && digits[start] === '0') start++;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end--;
  const exponent = Number(power) - fraction.length + (digits.length - end);
  digits = digits.slice(start, end);
  if (digits === '') return '0';
  return `${negative ? '-' : ''}${digits}e${exponent}`;
}

/**
 * Whether a double carries this JSON number without changing its value: `0.1`, `1.0`, `1e2` do;
 * `9007199254740993`, `1e400`, `0.10000000000000001` do not.
 */
export function isExact(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const written = String(value);
  return written === text || decimal(written) === decimal(text);
}
