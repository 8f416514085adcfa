import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { isObject, type JsonObject, objectOf } from '../wire/json.ts';
import { classify } from './classify.ts';
import { overrule } from './overrule.ts';
import { recommend } from './recommend.ts';

const catalogue = loadCatalogue();
const PLAIN = { destructive: 'hide', roots: [], hosts: [] } as const;

function known(server: string, tool: string) {
  const found = catalogue.server(server)?.tools.get(tool);
  if (found === undefined) throw new Error(`${server} has no ${tool}`);
  return found;
}

/** What is said of the tool of a known server when it comes with another definition. */
function said(server: string, tool: string, change: (definition: JsonObject) => object) {
  const judged = known(server, tool);
  const definition = objectOf(Object.entries({ ...judged.definition(), ...change(judged.definition()) }));
  const classification = overrule(classify(definition), definition, judged, undefined);
  return { ...classification, ...recommend(definition, classification, judged, PLAIN) };
}

describe('a server that goes by the name of a known one', () => {
  test('is taken at the word of the catalogue where its tools are those that were judged', () => {
    expect(said('filesystem', 'read_file', () => ({}))).toMatchObject({ class: 'read', by: 'catalogue' });
  });

  test.each([
    ['Deletes the file for good after it was read.', 'destructive'],
    ['Runs the file as a shell script.', 'execute'],
  ])('keeps the worse of both where a tool says of itself: %s', (description, worse) => {
    expect(said('filesystem', 'read_file', () => ({ description }))).toMatchObject({ class: worse, by: 'classifier' });
  });

  test('keeps the rules that were written by hand where a tool only reads worse than it did', () => {
    const description = 'Runs the request again as a shell command, with sudo, in production, without any check.';
    const { class: riskClass, rules } = said('mitmproxy', 'replay_flow', () => ({ description }));
    expect(riskClass).toBe('execute');
    expect(rules).toEqual(known('mitmproxy', 'replay_flow').rules);
  });

  test('has an argument that came later judged beside the rules that were written by hand', () => {
    const { rules, notes } = said('mitmproxy', 'replay_flow', ({ inputSchema }) => {
      const properties = isObject(inputSchema) ? inputSchema['properties'] : undefined;
      const more = { ...(isObject(properties) ? properties : {}), target_url: objectOf([['type', 'string']]) };
      const schema = isObject(inputSchema) ? inputSchema : {};
      return { inputSchema: objectOf([...Object.entries(schema), ['properties', objectOf(Object.entries(more))]]) };
    });
    expect(JSON.stringify(rules)).toContain('target_url-scheme');
    expect(JSON.stringify(rules)).toContain('headers_json');
    expect(notes.join(' ')).toContain('did not take when that was written');
  });
});
