import { DEFAULT_LIMITS } from '../gateway/limits.ts';
import type { Shape } from '../policy/shape.ts';
import { LIMIT_KEYS, type LimitKey } from './limit-keys.ts';
import { SIZE, sizeWords } from './size.ts';

export const LIMITS: Shape = {
  says: 'How much anybody may send, ask, keep open or leave waiting. What goes beyond is refused.',
  keys: Object.fromEntries(Object.entries(LIMIT_KEYS).map(([key, bounds]) => [key, keyOf(bounds)])),
  required: [],
};

function keyOf(bounds: LimitKey): Shape['keys'][string] {
  return { says: bounds.says, schema: schemaOf(bounds) };
}

function schemaOf({ sets, unit, least, most }: LimitKey): object {
  const standard = DEFAULT_LIMITS[sets];
  const bounds = { minimum: least, maximum: most };
  switch (unit) {
    case 'number':
      return { type: 'integer', ...bounds, default: standard };
    case 'seconds':
      return { type: 'number', ...bounds, default: standard / 1000 };
    case 'bytes':
      return {
        type: ['integer', 'string'],
        ...bounds,
        pattern: SIZE.source,
        patternErrorMessage: 'Write a number of bytes, or a size such as "512KiB" or "4MiB".',
        default: sizeWords(standard),
      };
  }
}
