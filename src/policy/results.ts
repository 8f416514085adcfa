import type { JsonObject } from '../wire/json.ts';
import type { Draft } from './draft.ts';

export interface ResultRules {
  readonly document: 'policy' | 'baseline';
}

export function compileResults(_draft: Draft, _root: JsonObject): ResultRules | undefined {
  return undefined;
}
