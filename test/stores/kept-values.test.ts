import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masterKey, rewrapped, valueOpener, valueSealer } from '../../src/compose/value-crypto.ts';
import type { KeptValue } from '../../src/gateway/audit/audit-ports.ts';
import { StoreFault } from '../../src/gateway/ports.ts';
import { type Folder, freshFolder } from './folder.ts';
import { entry, passOf, START, verified } from './story.ts';

const OLD = masterKey(new Uint8Array(32).fill(1));
const NEW = masterKey(new Uint8Array(32).fill(2));
const SECRET = '{"iban":"DE02120300000000202051","note":"für Ada"}';

describe('arguments that are kept whole', () => {
  const folder = freshFolder();
  const sealer = valueSealer(OLD);
  const open = () => folder.open({ sealer: () => sealer });

  async function first(store: Awaited<ReturnType<Folder['open']>>): Promise<KeptValue | undefined> {
    return (await store.kept.values(1, 1)).get(1);
  }

  test('stand sealed beside their record, and nowhere in the files as they were', async () => {
    const store = await open();
    await store.commit(passOf('a', START, { value: SECRET }));
    await store.synced();
    const kept = await first(store);
    expect(kept && valueOpener([OLD]).open('a', kept)).toEqual({ text: SECRET });
    await store.close();
    const bytes = readFileSync(folder.file());
    expect(bytes.includes('DE02120300000000202051')).toBe(false);
    expect(bytes.includes(Buffer.from(OLD.bytes))).toBe(false);
  });

  test('open under their own key and record only, and not when a byte of them was changed', async () => {
    const store = await open();
    await store.commit(passOf('a', START, { value: SECRET }));
    const kept = await first(store);
    if (kept === undefined) throw new Error('nothing was kept');
    expect(valueOpener([NEW]).open('a', kept)).toBe('locked');
    expect(valueOpener([OLD]).open('b', kept)).toBe('broken');
    for (let at = 0; at < kept.sealed.length; at += 1) {
      const sealed = Uint8Array.from(kept.sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(valueOpener([OLD]).open('a', { ...kept, sealed })).toBe('broken');
    }
    expect(valueOpener([OLD]).open('a', { ...kept, sealed: kept.sealed.subarray(0, 20) })).toBe('broken');
  });

  test('without a key nothing is recorded, and so nothing passes', async () => {
    const store = await folder.open();
    await expect(store.commit(passOf('a', START, { value: SECRET }))).rejects.toThrow(/no key to seal/);
    await expect(store.commit(passOf('a', START, { value: SECRET }))).rejects.toBeInstanceOf(StoreFault);
    await store.commit(passOf('b', START));
    expect(await verified(store)).toHaveLength(1);
  });

  test('a neighbour that fails takes neither the value nor its key with it', async () => {
    const store = await open();
    const failing = passOf('bad', START, {
      value: SECRET,
      body: () => {
        throw new Error('no body');
      },
    });
    const tried = await Promise.allSettled([
      store.commit(failing),
      store.commit(passOf('a', START, { value: SECRET })),
    ]);
    expect(tried.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    const kept = await first(store);
    expect(kept && valueOpener([OLD]).open('a', kept)).toEqual({ text: SECRET });
  });

  test('are erased for good: gone from every file, while the chain stays whole', async () => {
    const store = await open();
    for (const id of ['a', 'b', 'c']) await store.commit(passOf(id, START, { value: SECRET }));
    const sealed = (await first(store))?.sealed ?? new Uint8Array();
    await store.kept.erase({ places: [1, 3], record: entry('event', 'erased') });
    expect(await store.kept.flushLog()).toBe(true);
    expect([...(await store.kept.values(0, 99)).keys()]).toEqual([2]);
    expect((await store.kept.withValues(0, 9)).map(({ id }) => id)).toEqual(['b']);
    expect((await verified(store)).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'erased']);
    await store.close();
    expect(readFileSync(folder.file()).includes(Buffer.from(sealed))).toBe(false);
  });

  test('of two processes open under one key of the configuration', async () => {
    const [one, two] = [await open(), await folder.open({ sealer: always(valueSealer(OLD)) })];
    await one.commit(passOf('a', START, { value: '{"n":1}' }));
    await two.commit(passOf('b', START, { value: '{"n":2}' }));
    const opener = valueOpener([OLD]);
    const kept = await one.kept.values(1, 2);
    expect([...kept].map(([n, value]) => opener.open(n === 1 ? 'a' : 'b', value))).toEqual([
      { text: '{"n":1}' },
      { text: '{"n":2}' },
    ]);
    expect(await one.kept.valueKeys()).toHaveLength(2);
  });

  test('open under a new key of the configuration once theirs is wrapped anew, and under the old one no more', async () => {
    const store = await open();
    await store.commit(passOf('a', START, { value: SECRET }));
    const anew = () =>
      store.kept.rewrap(
        (key) => rewrapped(key, [OLD], NEW),
        () => entry('event', 'rewrapped'),
      );
    expect([await anew(), await anew()]).toEqual([1, 0]);
    const kept = await first(store);
    expect(kept && valueOpener([NEW]).open('a', kept)).toEqual({ text: SECRET });
    expect(kept && valueOpener([OLD]).open('a', kept)).toBe('locked');
    expect((await verified(store)).map(({ id }) => id)).toEqual(['a', 'rewrapped']);
    // Who seals on goes on under the key as it was wrapped.
    await store.commit(passOf('b', START, { value: SECRET }));
    expect((await store.kept.valueKeys()).map(({ master }) => master)).toEqual([NEW.id]);
  });
});

function always<T>(value: T): () => T {
  return () => value;
}

test('whatever text was sealed opens again, and no two are sealed alike', () => {
  const sealer = valueSealer(OLD);
  const opener = valueOpener([NEW, OLD]);
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (record, text) => {
      const sealed = sealer.seal(record, text);
      const nonce = Buffer.from(sealed.subarray(0, 12)).toString('hex');
      expect(seen.has(nonce)).toBe(false);
      seen.add(nonce);
      const plain = opener.open(record, { key: sealer.key, sealed });
      expect(plain).toEqual({ text: Buffer.from(text, 'utf8').toString('utf8') });
    }),
    { numRuns: 200 },
  );
});
