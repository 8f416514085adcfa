import { basename, join } from 'node:path';
import { slugOf } from '../catalogue/known-as.ts';
import type { Trial } from '../catalogue/recommend/trials.ts';
import { below } from '../policy/problem.ts';
import { visibleJson } from '../settings/visible.ts';
import { annotatedJson } from '../settings/write-policy/annotated.ts';
import { type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import type { Scanned } from './scanned.ts';

/** A policy and the calls that show what it does, with the places at which they are to be written. */
export interface PolicyFiles {
  readonly server: Scanned;
  readonly policy: { readonly place: string; readonly text: string };
  readonly cases: { readonly place: string; readonly text: string };
}

const ENDING = /\.jsonc?$/;

/**
 * What is to be written at `out`: for one server a policy of that name and its cases beside it; for several, or into a folder, two files for
 * each that are named for it. Throws `UsageFault`.
 */
export function scanFiles(out: string, kind: 'file' | 'folder', servers: readonly Scanned[]): readonly PolicyFiles[] {
  const [only, second] = servers;
  if (kind === 'file' && only !== undefined && second === undefined) {
    if (!ENDING.test(out)) throw new UsageFault(`--write ${out}: the name must end in .json or .jsonc`);
    return [filesFor(only, out)];
  }
  if (kind === 'file' && ENDING.test(out)) {
    throw new UsageFault(
      `--write ${out} is one file, and a policy is for one of the ${servers.length} servers: choose one with --server NAME, or name a folder`,
    );
  }
  const taken = new Set<string>();
  return servers.map((server) => filesFor(server, join(out, `${freshName(server.name, taken)}.policy.jsonc`)));
}

function freshName(server: string, taken: Set<string>): string {
  const wanted = slugOf(server) || 'server';
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}

function filesFor(server: Scanned, place: string): PolicyFiles {
  const stem = place.replace(ENDING, '').replace(/\.policy$/, '');
  return {
    server,
    policy: { place, text: place.endsWith('.jsonc') ? annotated(server) : prettyJson(server.policy) },
    cases: { place: `${stem}.test.json`, text: casesText(server, basename(place)) },
  };
}

/** The policy with why each entry is there above it. */
function annotated({ policy, notes, known, tools }: Scanned): string {
  const above = new Map<string, readonly string[]>([['', [...notes, ...(known?.notes ?? [])]]]);
  for (const { name, recommendation, classification, notes: own } of tools) {
    if (recommendation === undefined) continue;
    const head = `${classification.class}, ${classification.severity}: ${classification.reason}`;
    above.set(below('/tools', name), [head, ...own]);
  }
  return annotatedJson(policy, above);
}

/** A file for `toolgate policy test`, with a case on each line. */
function casesText(server: Scanned, policy: string): string {
  const tools = server.tools.flatMap(({ name, tool, recommendation }): readonly (readonly [string, Json])[] => {
    const isChecked = recommendation?.rules['validate'] !== undefined;
    const schema = isChecked ? tool['inputSchema'] : undefined;
    return recommendation === undefined
      ? []
      : [[name, objectOf(schema === undefined ? [] : [['inputSchema', schema]])]];
  });
  const stranger = objectOf([
    ['name', 'a tool that the server adds later'],
    ['call', objectOf([['tool', freeName(server)]])],
    ['want', 'deny'],
  ]);
  const lines = [
    `  "description": ${line(`What the policy recommended for ${server.name} says to calls.`)},`,
    `  "policy": ${line(policy)},`,
    '  "tools": {',
    ...tools.map(([name, tool], at) => `    ${line(name)}: ${line(tool)}${at < tools.length - 1 ? ',' : ''}`),
    '  },',
    '  "cases": [',
    ...[...server.trials.map(caseOf), stranger].map(
      (one, at, all) => `    ${line(one)}${at < all.length - 1 ? ',' : ''}`,
    ),
    '  ]',
  ];
  return `{\n${lines.join('\n')}\n}\n`;
}

function freeName({ tools }: Scanned): string {
  let name = 'added_later';
  while (tools.some((one) => one.name === name)) name += '_';
  return name;
}

function caseOf({ name, tool, args, earlier, want }: Trial): JsonObject {
  const call = objectOf([
    ['tool', tool],
    ['args', args],
  ]);
  return objectOf([
    ['name', name],
    ...(earlier === 0
      ? []
      : [
          [
            'earlier',
            [
              objectOf([
                ['tool', tool],
                ['args', args],
                ['times', earlier],
              ]),
            ],
          ] as const,
        ]),
    ['call', call],
    ['want', objectOf(Object.entries(want).filter(([, value]) => value !== undefined))],
  ]);
}

function line(value: Json): string {
  return visibleJson(JSON.stringify(value));
}
