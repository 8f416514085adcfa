import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type CollectedTest, gatherer } from './gather-tests.ts';

/** A test file whose body can be run again and again, while the modules it imports stay loaded. */
export interface TestFile {
  readonly path: string;
  /** Runs the body, and gives the tests that it declares. */
  readonly gather: () => Promise<readonly CollectedTest[]>;
}

type Modules = readonly unknown[];
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...text: readonly string[]
) => (modules: Modules, url: string) => Promise<void>;

const IMPORT = /^import\s+(?:([^;'"]+?)\s+from\s+)?'([^']+)'[^;\n]*;/gm;

/** Loads what a test file imports and makes its body a function. Rejects where either fails. */
export async function openTestFile(path: string): Promise<TestFile> {
  const url = pathToFileURL(path).href;
  const specifiers: string[] = [];
  const body = stripTypeScriptTypes(readFileSync(path, 'utf8'))
    .replace(IMPORT, (_, clause: string | undefined, specifier: string) => {
      specifiers.push(specifier);
      return clause === undefined ? '' : constantsOf(clause, `__modules[${specifiers.length - 1}]`);
    })
    .replaceAll('import.meta.url', '__url')
    .replace(/^export /gm, '');
  const run = new AsyncFunction('__modules', '__url', `'use strict';${body}`);
  const modules: unknown[] = [];
  for (const specifier of specifiers) {
    if (specifier !== 'vitest')
      modules.push(await import(specifier[0] === '.' ? new URL(specifier, url).href : specifier));
    else modules.push(undefined);
  }
  return {
    path,
    gather: async () => {
      const { vitest, tests } = gatherer();
      await run(
        specifiers.map((specifier, index) => (specifier === 'vitest' ? vitest : modules[index])),
        url,
      );
      return tests;
    },
  };
}

/** `import a, { b as c } from …` as constants of a module that is loaded already. */
function constantsOf(clause: string, module: string): string {
  const star = /^\*\s+as\s+(\w+)$/.exec(clause.trim())?.[1];
  if (star !== undefined) return `const ${star} = ${module};`;
  const named = /\{[^}]*\}/.exec(clause)?.[0] ?? '{}';
  const alone = /^\w+/.exec(clause.trim())?.[0];
  const first = alone === undefined ? '' : `const ${alone} = ${module}.default;`;
  return `${first}const ${named.replaceAll(/\s+as\s+/g, ': ')} = ${module};`;
}
