import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** What each folder of src may import of the others, and why the rest is forbidden. */
const WALLS: { readonly [folder: string]: { readonly may: readonly string[]; readonly why: string } } = {
  policy: { may: ['wire'], why: 'the judge knows nothing: value in, value out' },
  wire: { may: [], why: 'reading and writing messages needs nobody' },
  catalogue: {
    may: ['policy', 'wire'],
    why: 'what a tool can do is told from its definition alone, the same everywhere',
  },
  gateway: { may: ['catalogue', 'policy', 'wire'], why: 'the path sees the world only through ports.ts' },
  replay: { may: ['gateway', 'policy', 'wire'], why: 'the past is read, and judged by the same judge, without I/O' },
  store: { may: ['gateway', 'policy'], why: 'a store keeps what it is given and judges nothing' },
  inbound: { may: ['gateway', 'wire'], why: 'a front neither judges nor stores nor knows what is behind' },
  admin: {
    may: ['catalogue', 'gateway', 'policy', 'wire'],
    why: 'people are shown and answered through the desk, and nothing else is reached',
  },
  upstream: { may: ['gateway', 'wire'], why: 'a transport carries what was permitted and decides nothing' },
  post: { may: [], why: 'handing a message over by HTTP needs nobody' },
  export: {
    may: ['gateway', 'wire', 'post'],
    why: 'what hands the log over knows neither where it is kept nor who is configured',
  },
  notices: {
    may: ['gateway', 'wire', 'post'],
    why: 'what carries news knows neither where they are kept nor who is configured',
  },
  settings: { may: ['catalogue', 'gateway', 'policy', 'wire'], why: 'settings are read before anything runs' },
  cli: {
    may: ['catalogue', 'gateway', 'policy', 'wire', 'replay', 'settings'],
    why: 'commands reach the world through World only',
  },
  attacks: {
    may: ['catalogue', 'gateway', 'policy', 'wire', 'settings'],
    why: 'an attack knows servers, clients and the real gateway from outside, nothing of its inside',
  },
  compose: {
    may: [
      'attacks',
      'catalogue',
      'gateway',
      'policy',
      'wire',
      'replay',
      'settings',
      'store',
      'inbound',
      'admin',
      'upstream',
      'notices',
      'export',
      'cli',
    ],
    why: 'the one place that names concrete things',
  },
  '.': {
    may: ['attacks', 'catalogue', 'compose', 'cli', 'gateway', 'policy', 'wire', 'settings', 'store'],
    why: 'the doors of the package',
  },
};
const PURE = ['policy', 'wire', 'catalogue', 'gateway', 'replay'];
/** Packages that pure folders may use: small, pure, no I/O. */
const PURE_PACKAGES = ['re2js'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(
    /(?:^|\s)(?:import|export)\s[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'|^import\s+'([^']+)'/gm,
  );
  return [...found].map((match) => ({ file: relative(SRC, path), target: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function folderOf(file: string): string {
  const [first = '.', ...rest] = file.split('/');
  return rest.length === 0 ? '.' : first;
}

function landing({ file, target }: Import): string {
  return folderOf(normalize(join(dirname(file), target)));
}

const imports = sources(SRC).flatMap(importsOf);

describe('the walls between the folders of src', () => {
  it('are drawn for every folder there is', () => {
    const folders = new Set(sources(SRC).map((path) => folderOf(relative(SRC, path))));
    expect([...folders].filter((folder) => WALLS[folder] === undefined)).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it.each(Object.entries(WALLS))('%s', (folder, { may, why }) => {
    const wrong = imports
      .filter(({ file, target }) => folderOf(file) === folder && target.startsWith('.'))
      .filter((found) => landing(found) !== folder && !may.includes(landing(found)))
      .map(({ file, target }) => `${file} imports ${target}, but ${why}`);
    expect(wrong).toEqual([]);
  });

  it.each(PURE)('%s is pure: no node module, and no package but re2js', (folder) => {
    const wrong = imports.filter(
      ({ file, target }) => folderOf(file) === folder && !target.startsWith('.') && !PURE_PACKAGES.includes(target),
    );
    expect(wrong).toEqual([]);
  });
});

describe('what only one place may do', () => {
  const importers = (target: string): string[] =>
    imports.filter((found) => found.target.endsWith(target)).map(({ file }) => file);

  it('a permit is made where the call was committed, and nowhere else', () => {
    const makers = sources(SRC).filter((path) =>
      /\bimport \{[^}]*\bpermit\b[^}]*\} from/.test(readFileSync(path, 'utf8')),
    );
    expect(makers.map((path) => relative(SRC, path))).toEqual(['gateway/handle.ts']);
  });

  it('a passage is made inside the gateway only', () => {
    const makers = sources(SRC).filter((path) =>
      /\bimport \{[^}]*\bpassage\b[^}]*\} from/.test(readFileSync(path, 'utf8')),
    );
    expect(makers.map((path) => folderOf(relative(SRC, path))).filter((folder) => folder !== 'gateway')).toEqual([]);
  });

  it('a permit is put into other words by the bridge between the eras only', () => {
    const users = importers('/redress.ts').filter((file) => !file.startsWith('gateway/bridge/'));
    expect(users).toEqual([]);
  });

  it('node:sqlite is named in one file, since its class is renamed in newer Node', () => {
    expect(importers('node:sqlite')).toEqual(['store/sqlite/driver.ts']);
  });

  it('only the gateway asks the judge of a call', () => {
    const askers = importers('policy/decide.ts').filter((file) => !['policy', '.'].includes(folderOf(file)));
    // What is recommended is tried on calls that nobody made.
    expect(askers.sort()).toEqual(['catalogue/recommend/prove.ts', 'gateway/judge.ts']);
    const explainers = importers('policy/explain.ts').filter((file) => folderOf(file) !== 'policy');
    expect(explainers).toContain('cli/policy-explain.ts');
    // The library hands it on; nothing else inside may ask.
    expect(explainers.filter((file) => folderOf(file) !== 'cli')).toEqual(['index.ts']);
  });
});

it('files stay small enough to read in one sitting', () => {
  const long = sources(SRC)
    .map((path) => ({ file: relative(SRC, path), lines: readFileSync(path, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});
