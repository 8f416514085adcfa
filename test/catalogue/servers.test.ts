import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../src/catalogue/classification.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { CLASSES } from '../../src/policy/words.ts';
import { sqlParsersFor } from '../../src/settings/sql-parsers.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';

const FOLDER = fileURLToPath(new URL('../../catalogue/', import.meta.url));
const SERVER_KEYS = ['name', 'title', 'source', 'origin', 'version', 'license', 'checked', 'notes', 'results', 'tools'];
const TOOL_KEYS = ['name', 'class', 'severity', 'reason', 'definition', 'rules', 'listing', 'examples'];
const DEFINITION_KEYS = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'];
const EXAMPLE_KEYS = ['allowed', 'asked', 'refused'];

function read(file: string): JsonObject {
  const found = readJson(readFileSync(join(FOLDER, file), 'utf8'), STRICT);
  if (found.kind === 'fault') throw new Error(`${file}: ${found.reason} at ${found.at}`);
  if (!isObject(found.value)) throw new Error(`${file} is no object`);
  return found.value;
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

/** What is wrong with the keys of an object. */
function strangers(object: Json | undefined, known: readonly string[]): readonly string[] {
  return isObject(object) ? Object.keys(object).filter((key) => !known.includes(key)) : [];
}

function faultsOf(server: JsonObject, file: string): readonly string[] {
  const tools = objects(server['tools']);
  const names = tools.map(({ name }) => name);
  const isText = (value: Json | undefined): boolean => typeof value === 'string' && value.trim() !== '';
  return [
    ...strangers(server, SERVER_KEYS).map((key) => `unknown key ${key}`),
    ...['title', 'source', 'origin'].filter((key) => !isText(server[key])).map((key) => `${key} is missing`),
    ...(`${String(server['name'])}.json` === file ? [] : ['its name is not that of its file']),
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(String(server['name'])) ? [] : ['its name is no name of the catalogue']),
    ...(['hand', 'labels'].includes(String(server['checked'])) ? [] : ['"checked" is neither hand nor labels']),
    ...(isArray(server['notes']) && server['notes'].every(isText) ? [] : ['"notes" must be sentences']),
    ...(tools.length > 0 ? [] : ['it has no tools']),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${String(name)} stands twice`),
    ...tools.flatMap((tool) => toolFaults(tool).map((fault) => `${String(tool['name'])}: ${fault}`)),
  ];
}

function toolFaults(tool: JsonObject): readonly string[] {
  const { name, definition, examples } = tool;
  return [
    ...strangers(tool, TOOL_KEYS).map((key) => `unknown key ${key}`),
    ...strangers(definition, DEFINITION_KEYS).map((key) => `unknown key ${key} of its definition`),
    ...strangers(examples, EXAMPLE_KEYS).map((key) => `unknown key ${key} of its examples`),
    ...(typeof name === 'string' && name !== '' ? [] : ['it has no name']),
    ...(CLASSES.some((word) => word === tool['class']) ? [] : [`there is no class ${String(tool['class'])}`]),
    ...(SEVERITIES.some((word) => word === tool['severity'])
      ? []
      : [`there is no severity ${String(tool['severity'])}`]),
    ...(/^\S.*[.]$/.test(String(tool['reason'])) ? [] : ['its reason is no sentence']),
    ...(isObject(definition) ? [] : ['it has no definition']),
  ];
}

const FILES = readdirSync(join(FOLDER, 'servers')).sort();

describe('the catalogue', () => {
  it('knows ninety servers and more', () => {
    expect(FILES.length).toBeGreaterThan(90);
    expect(FILES.filter((file) => !file.endsWith('.json'))).toEqual([]);
  });

  it('says of every server and tool what is known of it, in the words there are, once', async () => {
    const faults: string[] = [];
    for (const file of FILES) {
      const server = read(`servers/${file}`);
      faults.push(...faultsOf(server, file).map((fault) => `${file}: ${fault}`));
      const byHand = objects(server['tools']).flatMap(({ name, rules }): readonly (readonly [string, Json])[] =>
        rules === undefined ? [] : [[String(name), rules]],
      );
      const results = server['results'];
      const document = objectOf([
        ['version', '1'],
        ['default', 'deny'],
        ['tools', objectOf(byHand)],
        ...(results === undefined ? [] : [['results', results] as const]),
      ]);
      const compiled = compilePolicy(document, 'policy', await sqlParsersFor(document));
      if (compiled.kind === 'problems') {
        faults.push(...compiled.problems.map(({ pointer, message }) => `${file}: ${pointer} ${message}`));
      }
    }
    expect(faults).toEqual([]);
  });

  it('knows packages of servers that there are only', () => {
    for (const [name, server] of Object.entries(read('packages.json'))) {
      expect(name).toMatch(/^(?:npm|pypi):[@\w./-]+$/);
      expect(FILES).toContain(`${String(server)}.json`);
    }
  });

  it('costs less than 30 MB when all of it is loaded', () => {
    const program = fileURLToPath(new URL('load-all.ts', import.meta.url));
    const ran = spawnSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    const { servers, tools, heapMb } = JSON.parse(ran.stdout);
    expect(servers).toBe(FILES.length);
    expect(tools).toBeGreaterThan(2500);
    expect(heapMb).toBeLessThan(30);
  });
});
