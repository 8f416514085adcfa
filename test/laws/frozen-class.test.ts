import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptTools } from '../../src/gateway/pins/accept-tools.ts';
import type { KeptClass } from '../../src/gateway/pins/kept-class.ts';
import { PinBook } from '../../src/gateway/pins/pin-book.ts';
import type { PinMode } from '../../src/gateway/pins/pin-mode.ts';
import { classText } from '../../src/gateway/pins/pin-records.ts';
import { classChanges, reclassify } from '../../src/gateway/pins/reclassify.ts';
import type { ToolPin } from '../../src/gateway/pins/server-pins.ts';
import { isObject, objectOf } from '../../src/wire/json.ts';
import { RELAY, readJson } from '../../src/wire/read-json.ts';
import { type MemoryPins, memoryPins } from '../kit/memory-pins.ts';
import { classOfText } from '../kit/text-class.ts';
import { PATIENCE, RUNS, SEED, TRIALS } from './runs.ts';

const SERVER = 'files';
const NAMES = ['read', 'write', 'drop'];
const WORDS = ['read', 'write', 'execute', 'destructive', 'financial'];
const word = fc.constantFrom(...WORDS);
const name = fc.constantFrom(...NAMES);

/** What happens to a server's pins in a life: lists, gateways of other versions, people, folders of older gateways. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('list' as const),
    tools: fc.array(fc.record({ name, does: word }), { maxLength: 4 }),
    mode: fc.constantFrom<PinMode>('hold', 'warn', 'off'),
    classifier: fc.option(word, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('accept' as const), name }),
  fc.record({ kind: fc.constant('accept class' as const), name, says: word }),
  fc.record({ kind: fc.constant('older gateway' as const), name }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function classesOf(tools: ReadonlyMap<string, ToolPin>): ReadonlyMap<string, string> {
  const classes = [...tools].map(([tool, { pinned }]): [string, string] => [
    tool,
    pinned?.class === undefined ? 'none' : classText(pinned.class),
  ]);
  return new Map(classes);
}

/** Classes that a record says are frozen now, by the names of tools. */
function toldIn(body: string): readonly (readonly [string, unknown])[] {
  const read = readJson(body, RELAY);
  if (read.kind !== 'value' || !isObject(read.value)) return [];
  const told = JSON.parse(body);
  switch (told.event) {
    case 'tools pinned at first use':
    case 'tools classified':
      return Object.entries(told.classes);
    case 'tools accepted':
    case 'tools reclassified':
      return told.changes.map((change: { tool: string; class?: string }) => [change.tool, change.class ?? 'none']);
    default:
      return [];
  }
}

async function live(store: MemoryPins, happens: Step, id: () => string): Promise<void> {
  const stamp = { at: 0, id };
  switch (happens.kind) {
    case 'list': {
      const { mode, classifier } = happens;
      // A classifier of another version may say anything of a definition.
      const classify = (tool: object): KeptClass =>
        classOfText(classifier === undefined ? JSON.stringify(tool) : `class: ${classifier}`, classifier);
      const clock = { now: () => 0, tick: () => 0 };
      const book = new PinBook({
        server: SERVER,
        store,
        clock,
        crypto: { id },
        mode: () => mode,
        classifier: async () => classify,
        log() {},
      });
      const tools = happens.tools.map((one) =>
        objectOf([
          ['name', one.name],
          ['description', `class: ${one.does}`],
        ]),
      );
      await book.check(tools, 'whole');
      return;
    }
    case 'accept':
      await store.changePins(SERVER, (now, digest) => {
        const accepted = acceptTools(now, { server: SERVER, tools: [happens.name], digest: undefined }, stamp, digest);
        return accepted.kind === 'accepted' ? accepted.plan : undefined;
      });
      return;
    case 'accept class':
      await store.changePins(SERVER, (now) => {
        const changes = classChanges(now, () => () => classOfText(`class: ${happens.says}`));
        const chosen = changes.filter(({ tool }) => tool === happens.name);
        return chosen.length === 0 ? undefined : reclassify(SERVER, now, chosen, stamp);
      });
      return;
    case 'older gateway':
      // It keeps definitions, and says nothing of what they can do.
      await store.changePins(SERVER, (now) => {
        const pin = now.tools.get(happens.name);
        if (pin?.pinned === undefined) return undefined;
        const forgotten = { ...pin, pinned: { ...pin.pinned, class: undefined } };
        return { tools: new Map([[happens.name, forgotten]]), records: [] };
      });
  }
}

test(
  `a class that is frozen changes only with a record that says so (${TRIALS})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 20 }), async (life) => {
        const store = memoryPins();
        let ids = 0;
        for (const happens of life) {
          const before = classesOf((await store.pins(SERVER)).tools);
          const records = store.records.length;
          await live(store, happens, () => `id-${++ids}`);
          const told = new Map(store.records.slice(records).flatMap(({ body }) => toldIn(body)));
          for (const [tool, frozen] of classesOf((await store.pins(SERVER)).tools)) {
            if (before.get(tool) === frozen || frozen === 'none') continue;
            expect(told.get(tool), `${tool} became ${frozen} by ${happens.kind}`).toBe(frozen);
          }
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
  PATIENCE,
);
