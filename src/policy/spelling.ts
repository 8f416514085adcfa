import type { Json } from '../wire/json.ts';
import { plainLetters } from './typed/normal-form.ts';

export type Scalar = string | number | boolean | null;

export function isScalar(value: Json): value is Scalar {
  return typeof value !== 'object' || value === null;
}

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

export function typeOfScalar(value: Scalar): ScalarType {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'boolean';
}

const YES: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', 'on']);
const NO: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', 'off']);

/**
 * One form for all that servers commonly take for the same scalar: `5`, `"5"`, `" 5.0 "`; `true`, `"True"`, `"on"`, `1`; `null`, `"null"`.
 * It goes as far as the laxest known readers (pydantic, `Number()`), because it only ever decides what cannot be judged.
 */
export function spelling(value: Scalar): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  // With accents piled up it spells nothing that a scalar of another type is.
  const text = (plainLetters(value) ?? value).trim().toLowerCase();
  if (YES.has(text)) return '1';
  if (NO.has(text)) return '0';
  const number = text === '' ? Number.NaN : Number(text.replaceAll('_', ''));
  if (Number.isNaN(number)) return text;
  return number === 0 ? '0' : String(number);
}
