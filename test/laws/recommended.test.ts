import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Classification, Signal, SignalKind } from '../../src/catalogue/classification.ts';
import { classify } from '../../src/catalogue/classify.ts';
import { overrule } from '../../src/catalogue/overrule.ts';
import type { Wishes } from '../../src/catalogue/recommend.ts';
import { type JudgedTool, recommendPolicy } from '../../src/catalogue/recommend-policy.ts';
import { loadCatalogue } from '../../src/settings/load-catalogue.ts';
import { sqlParsersFor } from '../../src/settings/sql-parsers.ts';
import { isObject, type JsonObject } from '../../src/wire/json.ts';
import { saidTo } from '../kit/said-to.ts';
import { value } from './arbitrary-value.ts';
import { PATIENCE, RUNS, SEED, TRIALS } from './runs.ts';

const parsers = await sqlParsersFor('sql_only');
const catalogue = loadCatalogue();

/** Signals are drawn at random: what is recommended must be sound whatever the classifier sees in a definition. */
const KINDS: readonly SignalKind[] = [
  'path',
  'url',
  'sql',
  'amount',
  'id-in-path',
  'widens-when-absent',
  'recipient',
  'code',
];
const WHOLE: readonly SignalKind[] = ['approves', 'lists-tools', 'credential-out', 'bulk'];
const CLASSES = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'] as const;

const wishes: fc.Arbitrary<Wishes> = fc.record({
  destructive: fc.constantFrom('hide', 'approve'),
  roots: fc.constantFrom([], ['/srv/data'], ['/srv/data', 'C:\\data']),
  hosts: fc.constantFrom([], ['example.com'], ['example.com', '*.api.example.com']),
  server: fc.constantFrom('shop', 'postgres', 'mysql'),
});

interface Drawn {
  readonly server: string;
  readonly judged: readonly JudgedTool[];
}

/** Some tools of a known server as they are, with signals and classes that somebody else might have found. */
const drawn: fc.Arbitrary<Drawn> = fc.constantFrom(...catalogue.names()).chain((server) => {
  const tools = [...(catalogue.server(server)?.tools.values() ?? [])];
  return fc
    .subarray(tools, { minLength: 1, maxLength: Math.min(6, tools.length) })
    .chain((chosen) => fc.tuple(...chosen.map((known) => judgedAs(known.definition()))))
    .map((judged) => ({ server, judged }));
});

function judgedAs(tool: JsonObject): fc.Arbitrary<JudgedTool> {
  const signs = fc.tuple(
    ...parametersOf(tool).map((parameter) => fc.option(fc.constantFrom(...KINDS)).map((kind) => ({ kind, parameter }))),
  );
  return fc
    .record({ signs, whole: fc.option(fc.constantFrom(...WHOLE)), class: fc.constantFrom(...CLASSES) })
    .map(({ signs: found, whole, class: riskClass }) => {
      const signals = found.flatMap(({ kind, parameter }): readonly Signal[] =>
        kind === null ? [] : [{ kind, parameter }],
      );
      const more: readonly Signal[] = whole === null ? [] : [{ kind: whole, parameter: undefined }];
      const classification: Classification = { ...classify(tool), class: riskClass, signals: [...signals, ...more] };
      return { tool, classification, known: undefined };
    });
}

function parametersOf({ inputSchema }: JsonObject): readonly string[] {
  const properties = isObject(inputSchema) ? inputSchema['properties'] : undefined;
  return isObject(properties) ? Object.keys(properties) : [];
}

/** Each judges several tools a few times. */
const FEWER = Math.ceil(RUNS / 5);

describe(`recommended policies (${TRIALS})`, () => {
  test('hold as they were meant, and each of their calls comes out as it says', { timeout: PATIENCE }, () => {
    let tried = 0;
    let untold = 0;
    fc.assert(
      fc.property(drawn, wishes, ({ server, judged }, wished) => {
        const made = recommendPolicy({ name: server, known: undefined }, judged, wished, parsers);
        const shown = new Set(made.trials);
        for (const { notes, recommendation, name } of made.tools) {
          expect(notes.filter((note) => note.startsWith('What was meant for it does not hold'))).toEqual([]);
          const dropped = recommendation?.trials.filter((trial) => !shown.has(trial)) ?? [];
          // No value satisfies both a pattern of the schema and a rule that reads SQL: what cannot be shown is told.
          expect(
            notes.some((note) => note.startsWith('No call could be made up')),
            name,
          ).toBe(dropped.length > 0);
          expect(recommendation?.trials.length, name).toBeGreaterThan(0);
          tried += recommendation?.trials.length ?? 0;
          untold += dropped.length;
        }
        const say = saidTo(made, parsers);
        for (const { tool, args, earlier, want } of made.trials) {
          expect(say(tool, Object.fromEntries(Object.entries(args)), earlier).split(' ')[0]).toBe(want.effect);
        }
      }),
      { numRuns: FEWER, seed: SEED },
    );
    expect(untold / tried).toBeLessThan(0.01);
  });

  test('whatever the arguments, no class gets more than it is given', { timeout: PATIENCE }, () => {
    fc.assert(
      fc.property(drawn, wishes, fc.array(value, { maxLength: 8 }), ({ server, judged }, wished, some) => {
        const made = recommendPolicy({ name: server, known: undefined }, judged, wished, parsers);
        const say = saidTo(made, parsers);
        for (const { name, classification, tool } of made.tools) {
          const args = Object.fromEntries(parametersOf(tool).map((key, at) => [key, some[at] ?? null]));
          const said = say(name, args).split(' ')[0] ?? '';
          if (classification.class === 'financial' || classification.class === 'unknown')
            expect(said).not.toBe('allow');
          if (classification.class === 'destructive') expect(said).not.toBe('allow');
          if (classification.class === 'write') expect(say(name, args, 30).split(' ')[0]).not.toBe('allow');
          if (classification.class === 'execute') expect(say(name, args, 10).split(' ')[0]).not.toBe('allow');
        }
        expect(say('a tool that nobody listed')).toBe('deny (unknown)');
      }),
      { numRuns: FEWER, seed: SEED },
    );
  });

  test('of every known server in turn, as it is classified and labelled', { timeout: PATIENCE }, () => {
    // A slice in CI, all of them with more runs.
    const names = catalogue.names().filter((_, at) => RUNS >= 1000 || at % 8 === SEED % 8);
    for (const name of names) {
      const judged = [...(catalogue.server(name)?.tools.values() ?? [])].map((known) => {
        const tool = known.definition();
        return { tool, classification: overrule(classify(tool), tool, known, undefined), known };
      });
      for (const destructive of ['hide', 'approve'] as const) {
        const made = recommendPolicy(
          { name, known: catalogue.server(name) },
          judged,
          { destructive, roots: [], hosts: [] },
          parsers,
        );
        const odd = made.tools.filter(({ notes }) =>
          notes.some((note) => /does not hold|No call could|stays refused/.test(note)),
        );
        expect(odd.map((one) => `${name}/${one.name}`)).toEqual([]);
      }
    }
  });
});
