import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCENARIO_NAMES } from '../attacks/scenarios.ts';
import { compilePolicy } from '../policy/compile.ts';
import { loadAttacks } from './load-attacks.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { sqlParsersFor } from './sql-parsers.ts';

const attacks = loadAttacks();
const WANTED = [
  'budget-refill',
  'compromised-package',
  'confused-deputy',
  'credentials-in-errors',
  'definition-change-after-approval',
  'destructive-action-without-a-human',
  'exfiltration-by-chaining',
  'hidden-tool-leak',
  'indirect-prompt-injection',
  'injection-through-results',
  'parser-smuggling',
  'path-escape-through-ids',
  'replayed-request-forgery',
  'rug-pull',
  'runaway-loop',
  'self-approval',
  'token-mis-redemption',
  'tool-poisoning',
  'typosquatted-server',
];

describe('the attack patterns of the package', () => {
  it('are all there, each with a scenario, and each scenario with its pattern', () => {
    const names = attacks.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(WANTED));
    expect([...SCENARIO_NAMES].sort()).toEqual(names);
  });

  it.each(attacks)('$name: its case can be looked up', ({ case: { reference, url } }) => {
    // An advisory, an issue, a release, or a write-up: who, and under which title.
    const forms = [
      /\b(CVE-\d{4}-\d{4,}|GHSA(-[a-z0-9]{4}){3})\b/,
      /^[\w.-]+\/[\w.-]+(#\d+| \d+\.\d+\.\d+, \w+)$/,
      /^[A-Z][\w ]+, \S.{10,}$/,
      /^\S+ \d+\.\d+\.\d+ on \w+, found by [A-Z]/,
    ];
    expect(forms.filter((form) => form.test(reference))).not.toEqual([]);
    expect(new URL(url).protocol).toBe('https:');
  });

  it.each(attacks)('$name: its policy is valid', async ({ stops: { policy } }) => {
    if (policy === undefined) return;
    expect(compilePolicy(policy, 'policy', await sqlParsersFor(policy)).kind).toBe('policy');
  });

  it('name only tools that the catalogue knows', () => {
    const catalogue = loadCatalogue();
    const unknown = attacks
      .flatMap(({ abuses }) => abuses.tools)
      .filter((known) => {
        const [server = '', tool = ''] = known.split('/');
        return catalogue.server(server)?.tools.has(tool) !== true;
      });
    expect(unknown).toEqual([]);
  });
});

describe('a file that somebody edited', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'toolgate-attack-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const whole = {
    name: 'mine',
    title: 'Mine',
    severity: 'low',
    how: 'So.',
    case: { what: 'There.', reference: 'CVE-2026-1234', url: 'https://example.com/x', seen: 'product' },
    abuses: { classes: ['read'], signals: ['path'], tools: [] },
    stops: { says: 'Thus.', server: { pins: 'hold' }, by: '(pin)' },
    limits: 'None.',
    besides: [],
  };
  const load = (content: unknown): string => {
    writeFileSync(join(folder, 'mine.json'), typeof content === 'string' ? content : JSON.stringify(content));
    try {
      return `${loadAttacks(folder).length} read`;
    } catch (fault) {
      return String(fault);
    }
  };

  it('is read when it is whole', () => {
    expect(load(whole)).toBe('1 read');
  });

  it.each([
    [
      'an unknown key',
      { ...whole, sevrity: 'low' },
      'mine.json: /sevrity: unknown key "sevrity" — did you mean "severity"?',
    ],
    [
      'an unknown signal',
      { ...whole, abuses: { ...whole.abuses, signals: ['paths'] } },
      '/abuses/signals/0 must be one of bulk',
    ],
    [
      'nothing that stops it',
      { ...whole, stops: { says: 'Thus.', by: 'x' } },
      '/stops needs "policy", "server", or both',
    ],
    ['no words', { ...whole, how: ' ' }, '/how must be a text that says something'],
    ['a name that is not that of the file', { ...whole, name: 'yours' }, '/name must be mine, as the file is called'],
    [
      'an address that nobody can open',
      { ...whole, case: { ...whole.case, url: 'x' } },
      '/case/url must be an https URL',
    ],
    ['equal keys', '{"name": "mine", "name": "mine"}', 'mine.json: '],
  ])('is refused with its place: %s', (_what, content, place) => {
    expect(load(content)).toContain(place);
  });
});
