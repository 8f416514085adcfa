// Writes the JSON Schemas under schema/ from the tables by which the readers check.
import { mkdirSync, writeFileSync } from 'node:fs';
import { policySchema } from '../src/policy/policy-schema.ts';
import { configurationSchema } from '../src/settings/configuration-schema.ts';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries({ policy: policySchema(), configuration: configurationSchema() })) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, undefined, 2)}\n`);
}
