import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../src/attacks/carry-out.ts';
import { type AttackRun, showsDifference } from '../../src/catalogue/attack-run.ts';
import { loadAttacks } from '../../src/settings/load-attacks.ts';
import { objectOf } from '../../src/wire/json.ts';
import { toolgate } from '../kit/gateway.ts';

const attacks = loadAttacks();

interface Shown extends AttackRun {
  readonly difference: boolean;
  readonly by: string;
}

describe('toolgate attacks run', () => {
  let temporary: string;
  let code: number | string;
  let shown: ReadonlyMap<string, Shown>;

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'toolgate-attacks-test-'));
    const ran = await toolgate(['attacks', 'run', '--json'], { env: { TMPDIR: temporary } });
    code = ran.code;
    const { attacks: all } = JSON.parse(ran.stdout) as { readonly attacks: readonly Shown[] };
    shown = new Map(all.map((one) => [one.name, one]));
  }, 120_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));

  it('carries all of them out, says that each showed the difference, and leaves nothing behind', () => {
    expect([...shown.keys()]).toEqual(attacks.map(({ name }) => name));
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each(attacks)('$name succeeds without what stops it, and fails with it', ({ name, stops }) => {
    const { without, with: guarded, difference } = shown.get(name) ?? nothing(name);
    expect({ faults: without.faults, harm: without.harm }).toEqual({ faults: [], harm: expect.any(String) });
    expect({ faults: guarded.faults, harm: guarded.harm }).toEqual({ faults: [] });
    expect(guarded.stoppedBy).toContain(stops.by);
    expect(difference).toBe(true);
  });

  it('shows no token of the gateway', () => {
    const redeemed = JSON.stringify(shown.get('token-mis-redemption'));
    expect(redeemed).toContain("learned Bearer (the agent's token)");
  });
});

describe('a pattern that does not stop its attack', () => {
  // One that a rule stops, one that pins, one that masking, one that the command.
  const some = ['budget-refill', 'compromised-package', 'credentials-in-errors', 'rug-pull'];
  const open = objectOf([
    ['version', '1'],
    ['default', 'allow'],
  ]);
  const server = objectOf([
    ['pins', 'off'],
    ['command', ['npx', '-y', 'mailer-mcp']],
  ]);

  it('is found out: the harm is done, and no difference is shown', async () => {
    const blunt = attacks
      .filter(({ name }) => some.includes(name))
      .map((attack) => ({ ...attack, stops: { ...attack.stops, policy: open, server } }));
    const found: (readonly [string, boolean, boolean])[] = [];
    for await (const run of carryOut(blunt)) {
      const by = blunt.find(({ name }) => name === run.name)?.stops.by ?? '';
      found.push([run.name, run.with.harm !== undefined, showsDifference(run, by)]);
    }
    expect(found).toEqual(some.map((name) => [name, true, false]));
  });
});

function nothing(name: string): never {
  throw new Error(`${name} was not carried out`);
}
