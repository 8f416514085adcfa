import { beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk } from '../../test/kit/command-line.ts';
import type { AttackRun, AttackTrial } from '../catalogue/attack-run.ts';

const NONE: AttackTrial = { between: 'nothing', steps: [], record: [], harm: undefined, stoppedBy: [], faults: [] };

/** What would be seen if pins did this to a rug pull. */
function ran(name: string, guarded: Partial<AttackTrial>, without: Partial<AttackTrial> = { harm: 'the key is gone' }) {
  async function* carryOut(): AsyncGenerator<AttackRun> {
    yield { name, without: { ...NONE, ...without }, with: { ...NONE, ...guarded } };
  }
  return { carryOut };
}

let at: Desk;
beforeAll(async () => {
  at = await desk();
});

describe('toolgate attacks run', () => {
  it('is content when the attack succeeds without, and is stopped by its rule', async () => {
    const step = { who: 'agent', does: 'calls x\u{e0041}', answer: 'a\nb' } as const;
    const record = ['called: x', 'did: y', 'called: x'];
    const { code, out } = await at.toolgate(
      ['attacks', 'run', 'rug-pull'],
      ran('rug-pull', { stoppedBy: ['(pin)'], steps: [step, step], record }),
    );
    expect(code).toBe(0);
    expect(out).toContain('rug-pull: Rug pull (critical)\n  works so  A server behaves until it is trusted.');
    expect(out).toContain('  without: nothing\n    => HARM: the key is gone\n');
    expect(out).toContain(
      '    agent     calls x\\u{e0041} -> a | b (2 times)\n    server    called: x (2 times)\n    server    did: y\n',
    );
    expect(out).toContain('    => no harm was done; stopped by (pin)\n');
    expect(out).toContain('1 attack carried out: each succeeds without what stops it, and fails with it.\n');
  });

  it.each([
    [
      'the harm is done all the same',
      { harm: 'gone too', stoppedBy: ['(pin)'] },
      undefined,
      'succeeds with what should stop it',
    ],
    ['something else stopped it', { stoppedBy: ['(default deny)'] }, undefined, 'it should have been stopped by (pin)'],
    ['it does not work at all', { stoppedBy: ['(pin)'] }, {}, 'does not succeed even without'],
    [
      'ordinary work failed',
      { stoppedBy: ['(pin)'], faults: ['x should have worked'] },
      undefined,
      'but: x should have worked',
    ],
  ])('says no when %s', async (_what, guarded, without, why) => {
    const { code, out } = await at.toolgate(['attacks', 'run', 'rug-pull'], ran('rug-pull', guarded, without));
    expect(code).toBe(1);
    expect(out).toContain(why);
    expect(out).toContain('1 did not show the difference');
  });

  it('says no when nothing was carried out, and as JSON too', async () => {
    const none = { carryOut: async function* (): AsyncGenerator<AttackRun> {} };
    const { code, out } = await at.toolgate(['attacks', 'run', 'rug-pull', '--json'], none);
    expect([code, JSON.parse(out)]).toEqual([1, { attacks: [] }]);
  });

  it('knows the names', async () => {
    const { code, err } = await at.toolgate(['attacks', 'run', 'rug-pul']);
    expect(code).toBe(2);
    expect(err).toContain('there is no attack "rug-pul" — did you mean "rug-pull"?');
  });
});

describe('toolgate attacks list', () => {
  it('tells each with what stops it', async () => {
    const { code, out } = await at.toolgate(['attacks', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^rug-pull +critical +Rug pull +\(pin\)$/m);
  });

  it('gives all that the files say as JSON', async () => {
    const { out } = await at.toolgate(['attacks', 'list', '--json']);
    const { attacks } = JSON.parse(out) as { readonly attacks: readonly { readonly limits: string }[] };
    expect(attacks.every(({ limits }) => limits.length > 20)).toBe(true);
  });
});
