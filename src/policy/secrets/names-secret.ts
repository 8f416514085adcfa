import type { JsonObject } from '../../wire/json.ts';
import { isSecretKey } from './secret-key.ts';

/** Whether an object is a pair whose value is a secret: `{"name": "X-Api-Key", "value": …}`, where the secret's key is a value itself. */
export function namesSecret(object: JsonObject, reader: Parameters<typeof isSecretKey>[1]): boolean {
  if (object['value'] === undefined) return false;
  const name = object['name'] ?? object['key'];
  return typeof name === 'string' && isSecretKey(name, reader);
}
