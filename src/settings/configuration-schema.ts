import { DIALECT, policyDefinitions } from '../policy/policy-schema.ts';
import { schemaOf } from '../policy/shape.ts';
import { DOCUMENT } from '../policy/vocabulary.ts';
import { EXPORT } from './export-vocabulary.ts';
import { LIMITS } from './limit-shape.ts';
import { HOOK, PERSON, QUESTIONS } from './people-vocabulary.ts';
import { AUDIT, CHECKPOINT, CONFIGURATION, GRANT, KEEP, KEY_PLACE, SERVER, VALUES } from './vocabulary.ts';

/** The JSON Schema (draft-07) of a configuration with the policies in it, for editors. */
export function configurationSchema(): object {
  return {
    $schema: DIALECT,
    $id: 'urn:toolgate:schema:configuration:1',
    title: 'Toolgate configuration',
    description: CONFIGURATION.says,
    ...schemaOf(CONFIGURATION),
    definitions: {
      server: schemaOf(SERVER),
      grant: schemaOf(GRANT),
      person: schemaOf(PERSON),
      questions: schemaOf(QUESTIONS),
      hook: schemaOf(HOOK),
      audit: schemaOf(AUDIT),
      checkpoint: schemaOf(CHECKPOINT),
      values: schemaOf(VALUES),
      key: schemaOf(KEY_PLACE),
      export: schemaOf(EXPORT),
      keep: schemaOf(KEEP),
      limits: schemaOf(LIMITS),
      policy: schemaOf(DOCUMENT),
      ...policyDefinitions(),
    },
  };
}
