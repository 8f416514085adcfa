import { type JsonObject, objectOf } from './json.ts';

/** Who the gateway says that it is, as a client and where it answers for many servers. `version`: its own. */
export function ownName(version: string): JsonObject {
  return objectOf([
    ['name', 'toolgate'],
    ['version', version],
  ]);
}
