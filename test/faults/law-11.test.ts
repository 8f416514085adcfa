import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Committed, type ConnectionEvents, StoreFault } from '../../src/gateway/ports.ts';
import { PATIENCE, RUNS, SEED, TRIALS } from '../laws/runs.ts';
import { unrecordedCalls } from './journal.ts';
import { answerCall, calm, openWorld, type World } from './world.ts';

const POLICY = {
  version: '1',
  default: 'deny',
  tools: { send: { limits: [{ counter: 'sends', window: 'hour', max: 2 }] }, read: {} },
};

type Step =
  | { readonly do: 'call'; readonly tool: 'send' | 'read' | 'other' }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'commit'; readonly how: 'write' | 'write late' | 'fail' | 'write and fail' | 'break' }
  | { readonly do: 'release' }
  | { readonly do: 'serve'; readonly how: 'answer' | 'answer twice' | 'unsent' | 'lost' }
  | { readonly do: 'close' }
  | { readonly do: 'revoke' }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('call'), tool: fc.constantFrom('send', 'read', 'other') }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('cancel'), which: fc.nat(8) }) },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('commit'),
      how: fc.constantFrom('write', 'write', 'write late', 'fail', 'write and fail', 'break'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('release') }) },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('serve'),
      how: fc.constantFrom('answer', 'answer twice', 'unsent', 'lost'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1_000, 60_000) }) },
) as fc.Arbitrary<Step>;

interface Commit {
  readonly write: () => Committed;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (fault: Error) => void;
}

/** A world in which nothing happens at the ports until a step lets it, in the order of the steps. */
class Stage {
  readonly world: World;
  readonly #commits: Commit[] = [];
  readonly #late: (() => void)[] = [];
  readonly #calls: { readonly id: number; readonly events: ConnectionEvents }[] = [];
  readonly #settled = new Set<number>();
  /** Our ids of calls that the connection reported as unsent, while their session waited for them. */
  readonly unsent = new Set<number>();
  #made = 0;

  constructor(world: World) {
    this.world = world;
    world.store.onCommit = (write) =>
      new Promise((resolve, reject) => void this.#commits.push({ write, resolve, reject }));
    world.onCall = (message, events) => void this.#calls.push({ id: message['id'] as number, events });
  }

  get waiting(): number {
    return this.#made - this.#settled.size;
  }

  act(step: Step): void {
    switch (step.do) {
      case 'call': {
        const n = ++this.#made;
        const settle = (): unknown => this.#settled.add(n);
        void this.world.call(n, step.tool, { n }).then(settle, settle);
        return;
      }
      case 'cancel':
        return void this.world.cancel(step.which);
      case 'commit': {
        const next = this.#commits.shift();
        return next && this.#commit(next, step.how);
      }
      case 'release':
        return this.#late.shift()?.();
      case 'serve': {
        const next = this.#calls.shift();
        return next && this.#serve(next.id, next.events, step.how);
      }
      case 'close':
        return this.world.server().closed('the server went away');
      case 'revoke':
        this.world.isGranted = false;
        return void this.world.session.end('the grant is revoked');
      case 'wait':
        return this.world.clock.advance(step.ms);
    }
  }

  #commit({ write, resolve, reject }: Commit, how: Extract<Step, { do: 'commit' }>['how']): void {
    if (how === 'fail') return reject(new StoreFault('the disk is full'));
    if (how === 'break') return reject(new TypeError('unforeseen'));
    const committed = write();
    if (how === 'write') return resolve(committed);
    if (how === 'write late') return void this.#late.push(() => resolve(committed));
    reject(new StoreFault('written, but the answer of the store was lost'));
  }

  #serve(id: number, events: ConnectionEvents, how: Extract<Step, { do: 'serve' }>['how']): void {
    if (how === 'unsent' && this.world.session.exchanges.find(id)?.settle) this.unsent.add(id);
    if (how === 'unsent' || how === 'lost') return events.failed(id, how, 'the network');
    answerCall({ id }, events);
    if (how === 'answer twice') answerCall({ id }, events);
  }

  /** Lets all that still waits come to its end. */
  async finish(): Promise<void> {
    for (let round = 0; round < 200 && this.waiting > 0; round += 1) {
      this.act({ do: 'commit', how: 'write' });
      this.act({ do: 'release' });
      this.act({ do: 'serve', how: 'answer' });
      await calm();
    }
  }
}

describe(`calls, faults and cancellations in any order (${TRIALS})`, () => {
  it('law 11: nothing is sent without a recorded decision to allow it; law 10: a refund happens once, and only for what was not sent', {
    timeout: PATIENCE,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 40, size: 'max' }), async (steps) => {
        const stage = new Stage(await openWorld(POLICY));
        const { world } = stage;
        for (const [next, isHurried] of steps) {
          stage.act(next);
          await (isHurried ? undefined : calm());
        }
        await stage.finish();

        expect(stage.waiting).toBe(0);
        expect(world.session.exchanges.size).toBe(0);
        expect(unrecordedCalls(world.journal)).toEqual([]);
        const refunds = world.journal.refunds();
        expect(new Set(refunds).size).toBe(refunds.length);
        for (const n of refunded(world)) {
          const sent = world.journal
            .got('tools/call')
            .find((message) => JSON.stringify(message).includes(`{"n":${n}}`));
          if (sent) expect(stage.unsent.has(sent['id'] as number)).toBe(true);
        }
        const effects = world.journal.got('tools/call').filter(({ id, params }) => {
          return !stage.unsent.has(id as number) && JSON.stringify(params).includes('"send"');
        });
        expect(effects.length).toBeLessThanOrEqual(world.store.used('sends'));
        expect(world.store.used('sends')).toBeLessThanOrEqual(2);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

/** The numbers of the calls whose reservations were given back. */
function refunded({ journal }: World): readonly unknown[] {
  const receipts = new Set(journal.refunds());
  return journal.lines.flatMap((line) => {
    if (line.what !== 'recorded' || line.kind !== 'call' || !receipts.has(`receipt of ${line.id}`)) return [];
    return [(line.body['args'] as { readonly n: number }).n];
  });
}
