import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptTools } from '../../src/gateway/pins/accept-tools.ts';
import { type Looked, noteList } from '../../src/gateway/pins/note-list.ts';
import type { ServerPins } from '../../src/gateway/pins/server-pins.ts';
import { type ShownTool, shownTools } from '../../src/gateway/pins/shown-tools.ts';
import { type PinStore, type Store, StoreFault } from '../../src/gateway/ports.ts';
import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import { classOfText } from '../kit/text-class.ts';
import type { Ground } from './contract.ts';
import { START, verified } from './story.ts';

export function toolOf(name: string, description: string): JsonObject {
  return objectOf([
    ['name', name],
    ['description', description],
  ]);
}

let lastId = 0;
const stamp = { at: START, id: () => `event-${++lastId}` };

/** A class that tells two descriptions apart. */
function look({ text }: ShownTool): Looked {
  return { class: classOfText(text), findings: [] };
}

/** Shows a store a server's whole list, as a gateway does. */
export function show(store: PinStore, server: string, ...tools: readonly JsonObject[]): Promise<ServerPins> {
  const list = { server, tools: shownTools(tools), extent: 'whole' as const, mode: 'hold' as const, look };
  return store.changePins(server, (now, digest) => noteList(now, list, stamp, digest));
}

async function accept(store: PinStore, server: string, tools: readonly string[] | 'all'): Promise<ServerPins> {
  return store.changePins(server, (now, digest) => {
    const accepted = acceptTools(now, { server, tools, digest: undefined }, stamp, digest);
    return accepted.kind === 'accepted' ? accepted.plan : undefined;
  });
}

/** What is kept, in a few words. */
export function told({ tools }: ServerPins): readonly string[] {
  return [...tools].map(([name, { pinned, candidate }]) => {
    const text = (kept: { text: string } | undefined) =>
      kept === undefined ? 'nothing' : String(JSON.parse(kept.text).description);
    return `${name}: ${text(pinned)}${candidate === undefined ? '' : `, then ${text(candidate)}`}`;
  });
}

/** What every store must do with the definitions of tools. */
export function pinContract(prepare: () => Promise<Ground>): void {
  describe('pins', () => {
    let ground: Ground;
    let store: Store & PinStore;
    let opened: Store[];

    async function another(): Promise<Store & PinStore> {
      const one = await ground.open();
      opened.push(one);
      return one;
    }

    beforeEach(async () => {
      opened = [];
      ground = await prepare();
      store = await another();
    });

    afterEach(async () => {
      for (const one of opened) await one.close();
      await ground.remove();
    });

    test('of a server that never listed anything there are none', async () => {
      expect(await store.pins('files')).toEqual({ edition: 0, tools: new Map() });
      expect(await store.pinEditions()).toEqual(new Map());
    });

    test('come back word for word, with the digest that anybody can compute', async () => {
      const odd = toolOf('a\u0000b "c"', 'line\nfeed, NUL \u0000, 😀, \u2028, \u202e');
      const written = await show(store, 'files', odd, toolOf('__proto__', 'plain'));
      const read = await (await another()).pins('files');
      expect(read).toEqual(written);
      const pinned = read.tools.get('a\u0000b "c"')?.pinned;
      expect(JSON.parse(pinned?.text ?? '')).toEqual({ ...odd });
      expect(pinned?.digest).toBe(
        createHash('sha256')
          .update(pinned?.text ?? '')
          .digest('hex'),
      );
      expect(pinned).toMatchObject({ at: START, how: 'first use' });
    });

    test('what a definition can do is kept with it, goes along when it is accepted, and stays as it was', async () => {
      await show(store, 'files', toolOf('read', 'A, class: read'));
      await show(store, 'files', toolOf('read', 'B, class: destructive'));
      const { read } = Object.fromEntries((await (await another()).pins('files')).tools);
      expect(read?.pinned?.class).toEqual(classOfText('class: read'));
      expect(read?.candidate?.class).toEqual(classOfText('class: destructive'));
      await accept(store, 'files', 'all');
      const accepted = (await store.pins('files')).tools.get('read')?.pinned;
      expect(accepted?.class).toEqual(classOfText('class: destructive'));
    });

    test('a server whose first list was empty has been used: what comes later waits', async () => {
      await show(store, 'files');
      expect((await store.pins('files')).edition).toBe(1);
      await show(store, 'files', toolOf('read', 'A'));
      expect(told(await (await another()).pins('files'))).toEqual(['read: nothing, then A']);
    });

    test('a changed definition waits beside the pinned one until it is accepted', async () => {
      await show(store, 'files', toolOf('read', 'A'), toolOf('write', 'W'));
      expect(told(await show(store, 'files', toolOf('read', 'B')))).toEqual(['read: A, then B', 'write: W']);
      expect(told(await show(store, 'files', toolOf('read', 'C')))).toEqual(['read: A, then C', 'write: W']);
      expect(told(await accept(store, 'files', ['read']))).toEqual(['read: C', 'write: W']);
      expect((await store.pins('files')).tools.get('read')?.pinned?.how).toBe('accepted');
    });

    test('servers are apart, and editions tell which of them changed', async () => {
      await show(store, 'files', toolOf('read', 'A'));
      const first = await store.pinEditions();
      await show(store, 'mail', toolOf('read', 'M'));
      const second = await store.pinEditions();
      expect(second.get('files')).toBe(first.get('files'));
      await show(store, 'files', toolOf('read', 'B'));
      const third = await (await another()).pinEditions();
      expect(third.get('files')).toBeGreaterThan(Math.max(...second.values()));
      expect(third.get('mail')).toBe(second.get('mail'));
      expect(told(await store.pins('mail'))).toEqual(['read: M']);
    });

    test('a plan that gives nothing writes nothing', async () => {
      await show(store, 'files', toolOf('read', 'A'));
      const before = await store.pinEditions();
      expect(told(await show(store, 'files', toolOf('read', 'A')))).toEqual(['read: A']);
      expect(await store.pinEditions()).toEqual(before);
      expect(await verified(store)).toHaveLength(1);
    });

    test('a plan that fails does so alone, and nothing of it is kept', async () => {
      const answers = await Promise.allSettled([
        show(store, 'files', toolOf('read', 'A')),
        store.changePins('files', () => {
          throw new Error('broken');
        }),
        show(store, 'mail', toolOf('send', 'S')),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await verified(store)).map(({ kind }) => kind)).toEqual(['event', 'event']);
    });

    test('two that see a new server at once: one is taken at its word, for the other all that differs waits', async () => {
      const other = await another();
      await Promise.all([
        show(store, 'files', toolOf('read', 'A'), toolOf('same', 'S')),
        show(other, 'files', toolOf('read', 'B'), toolOf('same', 'S')),
      ]);
      const kept = told(await store.pins('files'));
      expect(told(await other.pins('files'))).toEqual(kept);
      expect([
        ['read: A, then B', 'same: S'],
        ['read: B, then A', 'same: S'],
      ]).toContainEqual(kept);
      const events = (await verified(store)).map(({ body }) => JSON.parse(body).event);
      expect(events.sort()).toEqual(['tools held', 'tools pinned at first use']);
    });

    test('every change is on record, in the chain of the process that made it', async () => {
      const other = await another();
      await show(store, 'files', toolOf('read', 'A'));
      await show(store, 'files', toolOf('read', 'B, class: destructive'), toolOf('write', 'W'));
      await accept(other, 'files', 'all');
      const bodies = (await verified(store)).map(({ body }) => JSON.parse(body));
      const { read, write } = Object.fromEntries((await store.pins('files')).tools);
      expect(bodies).toEqual([
        {
          event: 'tools pinned at first use',
          server: 'files',
          tools: 1,
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          classes: { read: 'unknown, medium' },
        },
        {
          event: 'tools held',
          server: 'files',
          tools: 2,
          changes: [
            {
              tool: 'read',
              before: expect.any(String),
              digest: read?.pinned?.digest,
              differsAt: ['/description'],
              classBefore: 'unknown, medium',
              class: 'destructive, medium',
              by: 'classifier t1',
            },
            { tool: 'write', digest: write?.pinned?.digest, class: 'unknown, medium', by: 'classifier t1' },
          ],
        },
        expect.objectContaining({ event: 'tools accepted', server: 'files', by: 'command line', tools: 2 }),
      ]);
    });

    test('once the store is closed nothing is told of them', async () => {
      await store.close();
      await expect(store.pins('files')).rejects.toThrow(StoreFault);
      await expect(store.pinEditions()).rejects.toThrow(StoreFault);
      await expect(show(store, 'files')).rejects.toThrow(StoreFault);
    });
  });
}
