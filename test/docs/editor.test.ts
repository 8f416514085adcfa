import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getLanguageService as jsonService, TextDocument } from 'vscode-json-languageservice';
import { getLanguageService as yamlService } from 'yaml-language-server';
import { OPERATORS } from '../../src/policy/operators.ts';
import { CONDITION, LIMIT, RULES_OF_OTHERS, RULES_SHAPE } from '../../src/policy/rule-vocabulary.ts';
import { keysOf, type Shape } from '../../src/policy/shape.ts';
import { DOCUMENT } from '../../src/policy/vocabulary.ts';
import { CLASSES, WINDOWS } from '../../src/policy/words.ts';
import { GRANT, SERVER } from '../../src/settings/vocabulary.ts';
import { type Published, published, ROOT } from './schemas.ts';

/** Where the cursor is, or the mouse. */
const CURSOR = '‸';

interface Seen {
  readonly complaints: readonly { readonly message: string; readonly at: string; readonly line: number }[];
  readonly proposals: readonly string[];
  readonly told: string;
}

/** What VS Code shows of a JSON file: its own engine, asked as VS Code asks it. */
async function inJson(schema: Published, text: string): Promise<Seen> {
  const service = jsonService({ schemaRequestService: async () => JSON.stringify(published(schema)) });
  service.configure({
    validate: true,
    schemas: [{ uri: 'file:///s.json', fileMatch: ['*'], schema: published(schema) }],
  });
  const document = TextDocument.create('file:///policy.json', 'json', 1, text.replace(CURSOR, ''));
  const json = service.parseJSONDocument(document);
  const at = document.positionAt(Math.max(0, text.indexOf(CURSOR)));
  const found = await service.doValidation(document, json);
  const proposed = await service.doComplete(document, at, json);
  const hover = await service.doHover(document, at, json);
  return {
    complaints: found.map(({ message, range }) => ({
      message: plain(message),
      at: document.getText(range),
      line: range.start.line,
    })),
    proposals: (proposed?.items ?? []).map(({ label }) => label.replaceAll('"', '')),
    told: plain(hover?.contents),
  };
}

let documents = 0;

/** The same of a YAML file, which names its schema in a comment, by the engine of the YAML extension. */
async function inYaml(schema: Published, text: string): Promise<Seen> {
  const uri = `file://${ROOT}schema/${schema}.json`;
  const service = yamlService({
    schemaRequestService: async (asked) => readFileSync(new URL(asked), 'utf8'),
    workspaceContext: { resolveRelativePath: (path, base) => new URL(path, base).href },
  });
  service.configure({ validate: true, hover: true, completion: true, schemas: [] });
  const head = `# yaml-language-server: $schema=${uri}\n`;
  // It remembers documents by their name.
  const name = `file:///policy-${++documents}.yaml`;
  const document = TextDocument.create(name, 'yaml', 1, head + text.replace(CURSOR, ''));
  const at = document.positionAt(head.length + Math.max(0, text.indexOf(CURSOR)));
  const found = await service.doValidation(document, false);
  const proposed = await service.doComplete(document, at, false);
  const hover = await service.doHover(document, at);
  return {
    complaints: found.map(({ message, range }) => ({
      message: plain(message),
      at: document.getText(range),
      line: range.start.line - 1,
    })),
    proposals: proposed.items.map(({ label }) => label),
    told: plain(hover?.contents),
  };
}

function plain(contents: unknown): string {
  const text = typeof contents === 'object' && contents !== null && 'value' in contents ? contents.value : contents;
  return String(text ?? '').replaceAll(/\\(.)/g, '$1');
}

function policy(rest: string): string {
  return `{"version": "1", "default": "deny", ${rest}}`;
}

function condition(text: string): string {
  return policy(`"tools": {"t": {"deny_if": [{"conditions": [${text}]}]}}`);
}

describe('VS Code, in a JSON file', () => {
  it.each<[string, Shape, string]>([
    ['the document', DOCUMENT, `{${CURSOR}}`],
    ['rules of a tool', RULES_SHAPE, policy(`"tools": {"t": {${CURSOR}}}`)],
    ['rules of a class', RULES_SHAPE, policy(`"classes": {"read": {${CURSOR}}}`)],
    ['rules of a prompt', RULES_OF_OTHERS, policy(`"prompts": {"p": {${CURSOR}}}`)],
    ['a condition', CONDITION, condition(`{${CURSOR}}`)],
    ['a condition within a condition', CONDITION, condition(`{"any": [{"not": {${CURSOR}}}]}`)],
    ['a limit', LIMIT, policy(`"tools": {"t": {"limits": [{${CURSOR}}]}}`)],
  ])('proposes every key of %s', async (_, shape, text) => {
    const { proposals } = await inJson('policy', text);
    expect(proposals.toSorted()).toEqual(keysOf(shape).toSorted());
  });

  it.each<[string, readonly string[], string]>([
    ['operators', OPERATORS.map(({ name }) => name), condition(`{"path": "args.a", "op": ${CURSOR}}`)],
    ['classes', CLASSES, condition(`{"path": "tool.class", "op": "eq", "value": ${CURSOR}}`)],
    ['windows', WINDOWS, policy(`"all_tools": {"limits": [{"window": ${CURSOR}}]}`)],
  ])('proposes %s', async (_, words, text) => {
    expect((await inJson('policy', text)).proposals).toEqual(expect.arrayContaining([...words]));
  });

  it.each<[string, string, string]>([
    ['a key', RULES_SHAPE.keys['rate_limit']?.says ?? '', policy(`"all_tools": {"rate${CURSOR}_limit": {}}`)],
    ['a key of the document', DOCUMENT.keys['all_tools']?.says ?? '', policy(`"all${CURSOR}_tools": {}`)],
    ['a word', 'A person is asked.', policy(`"all_tools": {"action": "require${CURSOR}_approval"}`)],
    [
      'what an operator wants',
      OPERATORS.find(({ name }) => name === 'lt')?.says ?? '',
      condition(`{"path": "args.a", "op": "lt", "val${CURSOR}ue": 5}`),
    ],
  ])('tells what %s means', async (_, says, text) => {
    expect(says).not.toBe('');
    expect((await inJson('policy', text)).told).toContain(says);
  });

  it.each<[string, string, string, RegExp]>([
    ['a misspelt key', policy(`"tools": {"t": {"limts": []}}`), '"limts"', /limts is not allowed/],
    [
      'a misspelt operator',
      condition('{"path": "args.a", "op": "exist", "value": true}'),
      '"exist"',
      /Valid values: .*"exists"/,
    ],
    [
      'a value of the wrong type',
      condition('{"path": "args.a", "op": "lt", "value": "5"}'),
      '"5"',
      /Expected "number"/,
    ],
    [
      'a day that no week has',
      condition('{"path": "time.weekday", "op": "eq", "value": "Monday"}'),
      '"Monday"',
      /"monday"/,
    ],
    [
      'case where values compare exactly',
      condition('{"path": "args.a", "op": "eq", "value": "x", "ignore_case": true}'),
      '"ignore_case"',
      /eq compares exactly/,
    ],
    [
      'a zone beside an argument',
      condition('{"path": "args.a", "op": "eq", "value": 1, "timezone": "UTC"}'),
      '"timezone"',
      /goes with time\.hour/,
    ],
    [
      'calls that are not counted',
      condition('{"path": "args.a", "op": "eq", "value": 1, "within": "1h"}'),
      '"within"',
      /goes with grant\.calls/,
    ],
    ['a path of no root', condition('{"path": "arg.a", "op": "eq", "value": 1}'), '"arg.a"', /Begin with args/],
    [
      'an unknown window',
      policy(`"all_tools": {"rate_limit": {"max": 1, "window": "fortnight"}}`),
      '"fortnight"',
      /Write one of second, minute/,
    ],
    [
      'the key of the schema, which the language does not have',
      policy('"$schema": "./policy.json"'),
      '"$schema"',
      /not allowed/,
    ],
  ])('underlines %s, and nothing else', async (_, text, at, message) => {
    const { complaints } = await inJson('policy', text);
    expect(complaints).toEqual([{ message: expect.stringMatching(message), at, line: 0 }]);
  });

  it('knows the configuration, and the policies in it', async () => {
    const server = await inJson('configuration', `{"servers": {"s": {${CURSOR}}}}`);
    expect(server.proposals.toSorted()).toEqual(keysOf(SERVER).toSorted());
    const grant = await inJson('configuration', `{"servers": {}, "grants": {"g": {${CURSOR}}}}`);
    expect(grant.proposals.toSorted()).toEqual(keysOf(GRANT).toSorted());
    const inner = await inJson('configuration', `{"servers": {}, "policies": {"p": {${CURSOR}}}}`);
    expect(inner.proposals.toSorted()).toEqual(keysOf(DOCUMENT).toSorted());
    const both = await inJson('configuration', '{"servers": {"s": {"command": ["x"], "url": "http://x"}}}');
    expect(both.complaints.map(({ at }) => at).toSorted()).toEqual(['"command"', '"url"']);
  });
});

describe('VS Code, in a YAML file whose first line names the schema', () => {
  const head = 'version: "1"\ndefault: deny\n';

  it('proposes every key of a tool that are not there yet', async () => {
    const { proposals } = await inYaml('policy', `${head}tools:\n  t:\n    ${CURSOR}\n`);
    expect(proposals.toSorted()).toEqual(keysOf(RULES_SHAPE).toSorted());
  });

  it('proposes the keys of a new condition, each once', async () => {
    const { proposals } = await inYaml(
      'policy',
      `${head}all_tools:\n  deny_if:\n    - conditions:\n        - ${CURSOR}\n`,
    );
    expect(proposals.toSorted()).toEqual(keysOf(CONDITION).toSorted());
  });

  it('tells what a key means', async () => {
    const { told } = await inYaml('policy', `${head}tools:\n  t:\n    deny${CURSOR}_if: []\n`);
    expect(told).toContain(RULES_SHAPE.keys['deny_if']?.says);
  });

  it('underlines what is wrong, where it stands', async () => {
    const { complaints } = await inYaml('policy', `${head}tools:\n  t:\n    limts: []\n    action: block\n`);
    const places = complaints.map(({ at, line }) => `${line} ${at}`);
    expect(places.toSorted()).toEqual(['4 limts', '5 block']);
  });

  it('finds nothing wrong with the example', async () => {
    const { complaints } = await inYaml('policy', readFileSync(`${ROOT}examples/policies/careful.yaml`, 'utf8'));
    expect(complaints).toEqual([]);
  });
});
