import { describe, expect, it } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { unrecordedCalls } from './journal.ts';
import { calm, openWorld, type World } from './world.ts';

type Port = 'clock' | 'crypto' | 'store' | 'gate';
type Functions = Record<string, (...given: never[]) => unknown>;

interface Tried {
  readonly world: World;
  /** How often the function was used. */
  readonly uses: number;
  readonly settled: 'answered' | 'failed' | 'never';
  readonly answer: Obj | undefined;
}

/** Makes one call during which the `nth` use of one function of a port fails; 0 for none. */
async function callWith(port: Port, name: string, nth: number, fault: Error): Promise<Tried> {
  const world = await openWorld();
  const owner: object = port === 'gate' ? world.gate : world.gate[port];
  const functions = owner as Functions;
  const working = functions[name];
  let uses = 0;
  const isAsync = port === 'store';
  functions[name] = (...given) => {
    uses += 1;
    if (uses !== nth) return working?.(...given);
    if (isAsync) return Promise.reject(fault);
    throw fault;
  };
  const call = world.call(1, 'send', { n: nth }).then(
    (answer) => ({ settled: 'answered' as const, answer }),
    () => ({ settled: 'failed' as const, answer: undefined }),
  );
  const never = calm()
    .then(calm)
    .then(() => ({ settled: 'never' as const, answer: undefined }));
  return { world, ...(await Promise.race([call, never])), uses };
}

const STEPS: readonly (readonly [Port, string])[] = [
  ['crypto', 'id'],
  ['crypto', 'digest'],
  ['clock', 'now'],
  ['clock', 'tick'],
  ['clock', 'elapsed'],
  ['clock', 'after'],
  ['gate', 'standing'],
  ['gate', 'audit'],
  ['store', 'commit'],
  ['store', 'append'],
];

describe('a fault in any port, at every use of it during a call (laws 10 and 11)', () => {
  it.each(STEPS)(
    '%s.%s: nothing goes out unrecorded, nobody waits for ever, nothing stays open',
    async (port, name) => {
      const { uses } = await callWith(port, name, 0, new Error('unused'));
      expect(uses).toBeGreaterThan(0);
      for (const fault of [new StoreFault('the disk is full'), new TypeError('unforeseen')]) {
        for (let nth = 1; nth <= uses; nth += 1) {
          const { world, settled, answer } = await callWith(port, name, nth, fault);
          await calm();
          expect(settled).not.toBe('never');
          expect(unrecordedCalls(world.journal)).toEqual([]);
          expect(world.journal.got('tools/call').length).toBeLessThanOrEqual(world.store.used('sends'));
          expect(world.session.exchanges.size).toBe(0);
          // An answer that says yes exists only where the server gave one.
          const heard = world.journal.got('tools/call').length;
          const isYes = JSON.stringify(answer?.['result']) === '{"content":[]}';
          expect(heard).toBeGreaterThanOrEqual(isYes ? 1 : 0);
        }
      }
    },
  );

  it('after each of them, the next call of the session passes as if nothing had been', async () => {
    for (const [port, name] of STEPS) {
      const { world } = await callWith(port, name, 1, new StoreFault('the disk is full'));
      expect(await world.call(2, 'read')).toMatchObject({ id: 2, result: { content: [] } });
    }
  });
});
