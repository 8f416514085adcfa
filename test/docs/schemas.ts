import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

export type Published = 'policy' | 'configuration';
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

/** A schema as it is published. */
export function published(name: Published): SchemaNode {
  return JSON.parse(readFileSync(`${ROOT}/schema/${name}.json`, 'utf8')) as SchemaNode;
}

/** A validator that refuses what it does not understand, but for what only editors read. */
export function strictAjv(): Ajv {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  return ajv.addVocabulary(['enumDescriptions', 'errorMessage', 'patternErrorMessage', 'doNotSuggest']);
}

export function validatorOf(name: Published): ValidateFunction {
  return strictAjv().compile(published(name));
}
