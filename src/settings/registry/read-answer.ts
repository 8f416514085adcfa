import { quoted } from '../../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';

const OFFICIAL = 'io.modelcontextprotocol.registry/official';
const MOST_NAMED = 8;

/** A `server.json`, and what the registry says of it. */
export type Answer =
  | {
      readonly kind: 'server';
      readonly server: JsonObject;
      /** `active`, `deprecated`, `deleted` …; undefined where nobody says. */
      readonly status: string | undefined;
      readonly statusMessage: string | undefined;
      /** Whether the registry knows of a later version. */
      readonly isOld: boolean;
    }
  | { readonly kind: 'fault'; readonly reason: string };

/** Finds the one server in a `server.json`, or in what the registry answers around it. Which version is meant is for the user to say. */
export function readAnswer(value: Json, version: string | undefined): Answer {
  if (!isObject(value)) return fault('is no JSON object; a server.json, or an answer of the registry, is wanted');
  const { servers } = value;
  if (!isArray(servers)) return single(value, version);
  const entries = servers.filter(isObject);
  const names = new Set(entries.map((entry) => textOf(entry, 'name')));
  if (names.size > 1) {
    const some = [...names].slice(0, MOST_NAMED).map(quoted).join(', ');
    return fault(`holds ${names.size} servers (${some}${names.size > MOST_NAMED ? ' …' : ''}); import them one by one`);
  }
  const meant = version === undefined ? entries : entries.filter((entry) => textOf(entry, 'version') === version);
  const [only, other] = meant;
  if (only !== undefined && other === undefined) return single(only, version);
  const versions = entries.map((entry) => quoted(textOf(entry, 'version'))).slice(0, MOST_NAMED);
  if (entries.length === 0) return fault('holds no server');
  return fault(`holds the versions ${versions.join(', ')}; say which with --version`);
}

function single(entry: JsonObject, version: string | undefined): Answer {
  const inner = entry['server'];
  const server = isObject(inner) ? inner : entry;
  if (version !== undefined && server['version'] !== version) {
    return fault(`is version ${quoted(String(server['version']))}, not ${quoted(version)}`);
  }
  const meta = isObject(entry['_meta']) ? entry['_meta'][OFFICIAL] : undefined;
  const said = isObject(meta) ? meta : {};
  const { status, statusMessage, isLatest } = said;
  return {
    kind: 'server',
    server,
    status: typeof status === 'string' ? status : undefined,
    statusMessage: typeof statusMessage === 'string' ? statusMessage : undefined,
    isOld: isLatest === false,
  };
}

function textOf(entry: JsonObject, key: string): string {
  const server = isObject(entry['server']) ? entry['server'] : entry;
  return String(server[key] ?? '');
}

function fault(reason: string): Answer {
  return { kind: 'fault', reason };
}
