import { expect, vi } from 'vitest';

/** A test of a file, with its full name. */
export interface CollectedTest {
  readonly name: string;
  readonly run: () => unknown;
}

type Body = (...given: readonly unknown[]) => unknown;
type Each = (rows: readonly unknown[]) => (title: string, ...rest: readonly unknown[]) => void;
type Declare = ((title: string, ...rest: readonly unknown[]) => void) & { readonly each: Each };

/** Stands for Vitest while the body of a test file runs: gathers its tests; expectations are Vitest's own. */
export function gatherer(): { readonly vitest: Readonly<Record<string, unknown>>; readonly tests: CollectedTest[] } {
  const tests: CollectedTest[] = [];
  const titles: string[] = [];
  const after: (() => unknown)[] = [];
  const taken = new Map<string, number>();

  function test(title: string, body: Body): void {
    const name = [...titles, title].join(' > ');
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    const hooks = after;
    const run = async (): Promise<void> => {
      try {
        await body();
      } finally {
        for (const hook of hooks) await hook();
      }
    };
    tests.push({ name: times === 1 ? name : `${name} (${times})`, run });
  }

  function describe(title: string, body: Body): void {
    titles.push(title);
    body();
    titles.pop();
  }

  const vitest = {
    expect,
    vi,
    test: withEach(test),
    it: withEach(test),
    describe: withEach(describe),
    afterEach: (hook: () => unknown) => after.push(hook),
  };
  return { vitest, tests };
}

function withEach(declare: (title: string, body: Body) => void): Declare {
  const each: Each =
    (rows) =>
    (title, ...rest) => {
      const body = bodyOf(rest);
      for (const row of rows) {
        const given: readonly unknown[] = Array.isArray(row) ? row : [row];
        declare(filled(title, given), () => body(...given));
      }
    };
  return Object.assign((title: string, ...rest: readonly unknown[]) => declare(title, bodyOf(rest)), { each });
}

/** Options may stand on either side of the body. */
function bodyOf(rest: readonly unknown[]): Body {
  return rest.find((one) => typeof one === 'function') as Body;
}

function filled(title: string, given: readonly unknown[]): string {
  let next = 0;
  return title.replace(/%[a-z]/g, () => {
    const value = given[next++];
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  });
}
