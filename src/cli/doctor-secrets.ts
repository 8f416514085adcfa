import { isObject, type Json } from '../wire/json.ts';
import { type Finding, finding, named } from './doctor-finding.ts';
import type { LookedConfiguration } from './doctor-surroundings.ts';

type Configured = Extract<LookedConfiguration, { readonly kind: 'settings' }>;

/** Tokens of agents and credentials for servers that stand in the configuration as they are. Those of people are told with them. */
export function secretFindings({ file, document, settings }: Configured): readonly Finding[] {
  const grants = [...settings.grants.keys()].filter((name) => isInTheClear(document, ['grants', name, 'token']));
  const servers = [...settings.servers.keys()].filter((name) =>
    ['headers', 'env'].some((key) => holdsClearText(below(document, ['servers', name, key]))),
  );
  const exports = [...settings.audit.exports.keys()].filter((name) =>
    holdsClearText(below(document, ['audit', 'export', name, 'headers'])),
  );
  return [
    ...(grants.length === 0
      ? []
      : [
          finding(
            'note',
            `Tokens of grants stand in the clear in ${file}: ${named(grants)}. An agent with a shell on this account could call as another grant.`,
            'take them out, and the gateway makes its own and keeps their hashes; or run agents on another account',
          ),
        ]),
    ...(servers.length === 0
      ? []
      : [
          finding(
            'note',
            `Headers or variables for servers stand in the clear in ${file}: ${named(servers)}. If they are credentials, an agent with a shell on this account could use them without the gateway.`,
            `write \${NAME} for what is secret, and run agents on another account`,
          ),
        ]),
    ...(exports.length === 0
      ? []
      : [
          finding(
            'note',
            `Headers for exports of the log stand in the clear in ${file}: ${named(exports)}. If they are credentials, who reads them can write to its receivers.`,
            `write \${NAME} for what is secret`,
          ),
        ]),
  ];
}

/** Whether the text at a place of a configuration says all itself, and nothing of it comes from the environment. */
export function isInTheClear(document: Json, path: readonly string[]): boolean {
  const text = below(document, path);
  return typeof text === 'string' && !text.replaceAll('$${', '').includes('${');
}

function holdsClearText(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).some((key) => isInTheClear(value, [key]));
}

function below(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}
