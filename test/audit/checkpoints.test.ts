import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { publicKeyIn } from '../../src/cli/log-crypto.ts';
import { checkpointsBy } from '../../src/compose/signing-keys.ts';
import type { Signer } from '../../src/gateway/audit/audit-ports.ts';
import { linkText } from '../../src/gateway/audit-link.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { isObj, type Obj, readObj } from '../kit/json-rpc.ts';
import { entry, START } from '../stores/story.ts';
import { secondVerifier } from './second-verifier.ts';
import { type LogFolder, logFolder, smallLog } from './small-log.ts';

const second = await secondVerifier();
const folders: LogFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function kept(folder: LogFolder): LogFolder {
  folders.push(folder);
  return folder;
}

async function json(folder: LogFolder, ...argv: readonly string[]): Promise<Obj> {
  return readObj((await folder.audit('verify', '--json', ...argv)).out) ?? {};
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Somebody edits a record and writes all hashes after it anew, so that the chain fits. */
function rewrite(folder: LogFolder, seq: number): void {
  const db = folder.database();
  const writer = String(db.prepare('SELECT id FROM writer WHERE n = 1').get()?.['id']);
  db.prepare('UPDATE record SET body = \'{"text":"nothing happened"}\' WHERE writer = 1 AND seq = ?').run(seq);
  let previous = '0'.repeat(64);
  for (const row of db.prepare('SELECT * FROM record WHERE writer = 1 ORDER BY seq').all()) {
    const [id, kind, limits, body] = [row['id'], row['kind'], row['limits'], row['body']].map(String) as [
      string,
      string,
      string,
      string,
    ];
    const link = { writer, seq: Number(row['seq']), id, kind, at: Number(row['at']), limits, body };
    previous = createHash('sha256').update(linkText(previous, link)).digest('hex');
    db.prepare('UPDATE record SET hash = ? WHERE n = ?').run(previous, row['n'] ?? null);
  }
  db.close();
}

describe('checkpoints', () => {
  test('are signed after so many records, and at the end', async () => {
    const folder = kept(logFolder());
    const store = await folder.open(4);
    await store.append(entry('event', 'first'), undefined);
    await until(async () => (await json(folder))['checkpoints'] === 1);
    for (let n = 0; n < 3; n += 1) await store.append(entry('event', `e${n}`), undefined);
    expect(await json(folder)).toMatchObject({ ok: true, records: 4, signed: 1 });
    await store.append(entry('event', 'fifth'), undefined);
    await until(async () => (await json(folder))['signed'] === 5);
    await store.append(entry('event', 'last'), undefined);
    await store.close();
    expect(await json(folder)).toMatchObject({ ok: true, records: 6, signed: 6, checkpoints: 3 });
  });

  test('are signed after so long', async () => {
    const folder = kept(logFolder());
    await (await folder.open()).close();
    const checkpoints = checkpointsBy(folder.path, { records: 1_000_000, ms: 30 });
    const store = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => START },
      onFault() {},
      checkpoints,
    });
    for (let n = 0; n < 9; n += 1) await store.append(entry('event', `e${n}`), undefined);
    await until(async () => (await json(folder))['signed'] === 9);
    await store.close();
  });

  test('of many writers at once are one chain', async () => {
    const folder = kept(logFolder());
    const stores = await Promise.all(Array.from({ length: 8 }, () => folder.open(5)));
    await Promise.all(
      stores.flatMap((store, n) =>
        Array.from({ length: 40 }, (_, i) => store.append(entry('event', `${n}-${i}`), undefined)),
      ),
    );
    await Promise.all(stores.map((store) => store.close()));
    expect(await json(folder)).toMatchObject({ ok: true, records: 320, signed: 320, writers: 8 });
  });

  test('are made for what a writer left that was killed, and for a log of a version that signed nothing', async () => {
    const folder = kept(logFolder());
    const killed = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => START },
      onFault() {},
    });
    for (let n = 0; n < 150; n += 1) await killed.append(entry('event', `e${n}`), undefined);
    expect(await json(folder)).toMatchObject({ ok: false });
    const next = await folder.open();
    await until(async () => (await json(folder))['signed'] === 150);
    for (let n = 0; n < 7; n += 1) await killed.append(entry('event', `more-${n}`), undefined);
    await next.close();
    expect(await json(folder)).toMatchObject({ ok: true, records: 157, signed: 150 });
    const last = await folder.open();
    await until(async () => (await json(folder))['signed'] === 157);
    await last.close();
    await killed.close();
  });

  test('come to a folder of the version before when a gateway opens it; whoever only reads says that nothing is signed', async () => {
    const folder = kept(await smallLog());
    const db = folder.database();
    for (const table of ['seal', 'value', 'value_key', 'export_cursor', 'removed']) db.exec(`DROP TABLE ${table}`);
    for (const column of ['pinned_class', 'candidate_class']) db.exec(`ALTER TABLE pin DROP COLUMN ${column}`);
    db.exec('UPDATE schema_version SET version = 5');
    db.close();
    const old = await folder.audit('verify');
    expect(old).toMatchObject({ code: 0, out: expect.stringContaining('note: nothing is signed yet') });
    for (const argv of [['head'], ['prove', 'a1']]) {
      expect(await folder.audit(...argv)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/start the gateway once/),
      });
    }
    expect(await folder.audit('verify', '--public-key', 'audit-signing.pub')).toMatchObject({ code: 1 });
    const store = await folder.open();
    await until(async () => (await json(folder))['signed'] === 7);
    await store.close();
    const reopened = folder.database();
    expect(reopened.prepare('SELECT version FROM schema_version').all()).toEqual([{ version: 8 }]);
    reopened.close();
  });

  test('sign nothing over a hole', async () => {
    const folder = kept(logFolder());
    const killed = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => START },
      onFault() {},
    });
    for (let n = 0; n < 5; n += 1) await killed.append(entry('event', `e${n}`), undefined);
    await killed.close();
    const db = folder.database();
    db.exec('DELETE FROM record WHERE seq = 3');
    db.close();
    await (await folder.open()).close();
    expect(await json(folder)).toMatchObject({ ok: false, checkpoints: 0, broken: [{ record: 4 }] });
  });
});

test('what is kept beside a checkpoint is not believed: nothing is signed on top of a changed one', async () => {
  const folder = kept(await smallLog());
  const db = folder.database();
  const { id } = db.prepare('SELECT id FROM writer WHERE n = 1').get() ?? {};
  db.exec(`UPDATE seal SET frontier = replace(frontier, 'a', 'b') WHERE writer = '${id}';
    INSERT INTO record (writer, seq, id, kind, at, limits, body, hash) SELECT writer, 5, 'added', kind, at, limits, body, hash FROM record WHERE writer = 1 AND seq = 4`);
  const before = db.prepare('SELECT count(*) AS n FROM seal').get();
  const store = await folder.open();
  await until(async () => folder.faults.length > 0);
  await store.close();
  expect(folder.faults).toEqual([expect.stringMatching(/the last checkpoint of writer [0-9a-f]{32} was changed/)]);
  expect(db.prepare('SELECT count(*) AS n FROM seal').get()).toEqual(before);
  db.close();
});

describe('a log that was written anew', () => {
  test('with hashes that fit is found by its checkpoints, and what they cover is named', async () => {
    const folder = kept(await smallLog());
    rewrite(folder, 3);
    const { code, err } = await folder.audit('verify');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^broken: writer [0-9a-f]{32}, record 4 \(a3\): .*not what checkpoint \d+ of 2026-\S+ signed: written anew, with hashes that fit\n$/,
    );
  });

  test('with checkpoints of another key is found under the key or the head that was kept elsewhere', async () => {
    const [folder, forged] = [kept(await smallLog()), kept(await smallLog())];
    const head = join(folder.path, 'head.json');
    const key = join(folder.path, 'audit-signing.pub');
    expect((await folder.audit('head', '--out', head)).out).toBe(`written to ${head}\n`);
    expect(await folder.audit('verify', '--against', head, '--public-key', key)).toMatchObject({ code: 0, err: '' });
    const alone = await forged.audit('verify');
    expect(alone).toMatchObject({
      code: 0,
      out: expect.stringContaining('whoever may write there could have made all of it anew'),
    });
    const byKey = await forged.audit('verify', '--public-key', key);
    expect(byKey).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^broken: the key of --public-key \([0-9a-f]{64}\) signed nothing/),
    });
    const byHead = await forged.audit('verify', '--against', head);
    expect(byHead).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^broken: checkpoint \d+: it is not the one of the exported head/),
    });
  });

  test('and cut off is found under an earlier head only when that is not reached any more', async () => {
    const folder = kept(await smallLog());
    const early = join(folder.path, 'early.json');
    await folder.audit('head', '--out', early);
    const store = await folder.open();
    await store.append(entry('event', 'later'), undefined);
    await store.close();
    const late = join(folder.path, 'late.json');
    await folder.audit('head', '--out', late);
    const db = folder.database();
    const { n } = db.prepare("SELECT n FROM record WHERE id = 'later'").get() ?? {};
    db.exec(`DELETE FROM record WHERE n = ${n}; DELETE FROM seal WHERE n = (SELECT max(n) FROM seal)`);
    db.close();
    expect(await folder.audit('verify')).toMatchObject({ code: 0 });
    expect(await folder.audit('verify', '--against', early)).toMatchObject({ code: 0 });
    expect(await folder.audit('verify', '--against', late)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /the exported head \(\S+\) is not reached, the last that holds is \d+: the log was cut off\n$/,
      ),
    });
  });

  test('a head that somebody edited tells nothing', async () => {
    const folder = kept(await smallLog());
    const { out } = await folder.audit('head');
    writeFileSync(join(folder.path, 'head.json'), out.replace(/(at\\":)1/, '$12'));
    expect(await folder.audit('verify', '--against', 'head.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the signature of this head is wrong'),
    });
  });
});

describe('since a time', () => {
  test('only what came after the checkpoints before it is looked at', async () => {
    const folder = kept(logFolder());
    let now = START;
    const store = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => now },
      onFault() {},
      checkpoints: checkpointsBy(folder.path, { records: 3, ms: 60_000 }),
    });
    for (let n = 1; n <= 30; n += 1) {
      now = START + n * 1000;
      await store.append(entry('event', `e${n}`), undefined);
      if (n % 3 === 1) await until(async () => (await json(folder))['signed'] === n);
    }
    await store.close();
    const since = new Date(START + 20_500).toISOString();
    const whole = await json(folder, '--since', since);
    expect(whole).toMatchObject({ ok: true, records: 11, signed: 11 });
    rewrite(folder, 5);
    expect(await json(folder)).toMatchObject({ ok: false });
    expect(await json(folder, '--since', since)).toMatchObject({ ok: false });
    expect((await folder.audit('verify', '--since', 'yesterday')).code).toBe(2);
  });
});

describe('the key', () => {
  test('is made once, is its owner’s alone, and is handed over', async () => {
    const folder = kept(await smallLog());
    for (const file of ['audit-signing.key', 'audit-signing.pub'])
      expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600);
    copyFileSync(join(folder.path, 'audit-signing.pub'), join(folder.path, 'second.pub'));
    const before = readFileSync(join(folder.path, 'audit-signing.key'), 'utf8');
    const running = await folder.open();
    await running.append(entry('event', 'before'), undefined);
    await folder.rotate();
    await running.append(entry('event', 'after'), undefined);
    await running.close();
    expect(readFileSync(join(folder.path, 'audit-signing.key'), 'utf8')).not.toBe(before);
    expect(existsSync(join(folder.path, 'audit-signing.key.next'))).toBe(false);
    for (const key of ['second.pub', 'audit-signing.pub']) {
      expect(await json(folder, '--public-key', key)).toMatchObject({ ok: true, trusted: { publicKey: true } });
    }
    const db = folder.database();
    const faults: string[] = [];
    expect(second.checkLog(db, faults).signers.size).toBe(3);
    expect(faults).toEqual([]);
    db.close();
  });

  test('that was being changed when the power went is put in its place by the next start', async () => {
    const folder = kept(await smallLog());
    const old = readFileSync(join(folder.path, 'audit-signing.key'), 'utf8');
    await folder.rotate();
    renameSync(join(folder.path, 'audit-signing.key'), join(folder.path, 'audit-signing.key.next'));
    writeFileSync(join(folder.path, 'audit-signing.key'), old);
    const store = await folder.open();
    await store.append(entry('event', 'on'), undefined);
    await store.close();
    expect(await json(folder)).toMatchObject({ ok: true });
    expect(existsSync(join(folder.path, 'audit-signing.key.next'))).toBe(false);
  });

  test('changed by several at once is one that everybody can sign with', async () => {
    const folder = kept(await smallLog());
    const running = await folder.open(1);
    await Promise.all([folder.rotate(), folder.rotate(), folder.rotate()]);
    await running.append(entry('event', 'on'), undefined);
    await running.close();
    await (await folder.open()).close();
    expect(folder.faults).toEqual([]);
    expect(await json(folder, '--public-key', 'audit-signing.pub')).toMatchObject({ ok: true });
    expect(existsSync(join(folder.path, 'audit-signing.key.next'))).toBe(false);
  });

  test('that takes its time holds up no call', async () => {
    const folder = kept(logFolder());
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { signer, pace } = checkpointsBy(folder.path, { records: 5, ms: 10 });
    let asked = 0;
    const slow: Signer = {
      async key(id) {
        const key = await signer.key(id);
        return {
          ...key,
          async sign(text) {
            asked += 1;
            // The first one introduces the key while the folder is opened.
            if (asked > 1) await held;
            return key.sign(text);
          },
        };
      },
    };
    const store = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => START },
      onFault() {},
      checkpoints: { signer: slow, pace },
    });
    for (let n = 0; n < 200; n += 1) await store.append(entry('event', `e${n}`), undefined);
    await store.synced();
    expect(await json(folder)).toMatchObject({ ok: true, records: 200, signed: 0 });
    release();
    await store.close();
    expect(await json(folder)).toMatchObject({ ok: true, records: 200, signed: 200 });
  });

  test('that is lost keeps the folder from being opened, and says so; nothing is signed by another', async () => {
    const folder = kept(await smallLog());
    rmSync(join(folder.path, 'audit-signing.key'));
    await expect(folder.open()).rejects.toThrow(/audit-signing\.key is missing: .*restore it from a backup/);
    expect(await json(folder)).toMatchObject({ ok: true });
  });

  test('that is lost while the gateway runs is told once, and its return is noticed', async () => {
    const folder = kept(await smallLog());
    const file = join(folder.path, 'audit-signing.key');
    const key = readFileSync(file, 'utf8');
    const store = await folder.open(1);
    rmSync(file);
    await store.append(entry('event', 'one'), undefined);
    await until(async () => folder.faults.length > 0);
    for (const id of ['two', 'three']) {
      await store.append(entry('event', id), undefined);
      await store.synced();
    }
    expect(folder.faults).toEqual([
      expect.stringMatching(/^the log cannot be signed: .*audit-signing\.key is missing/),
    ]);
    writeFileSync(file, key, { mode: 0o600 });
    await store.close();
    expect(await json(folder)).toMatchObject({ ok: true, records: 10, signed: 10 });
  });
});

describe('a proof', () => {
  test('holds for call and outcome, offline, in both verifiers; under another key, or changed anywhere, it does not', async () => {
    const folder = kept(await smallLog());
    expect((await folder.audit('prove', 'b1', '--out', 'proof.json')).code).toBe(0);
    const shown = await folder.audit('verify', '--proof', 'proof.json', '--public-key', 'audit-signing.pub');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out.match(/^proved: writer/gm)).toHaveLength(2);
    const key = publicKeyIn(folder.read('audit-signing.pub')) ?? '';
    const text = folder.read('proof.json');
    const theirs = (of: string): number => {
      const faults: string[] = [];
      try {
        second.checkProof(of, key, faults);
      } catch {
        return 1;
      }
      return faults.length;
    };
    expect(theirs(text)).toBe(0);
    // Whatever of the records is changed; introductions of keys that are not needed prove nothing.
    const start = text.indexOf('"records"') + 12;
    for (let at = start; at < text.length - 6; at += 1) {
      if (/[\s"{}[\],:\\]/.test(text.charAt(at))) continue;
      const turned = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      writeFileSync(join(folder.path, 'turned.json'), turned);
      const ours = await folder.audit('verify', '--proof', 'turned.json', '--public-key', 'audit-signing.pub');
      expect([at, turned.slice(at - 20, at + 20), ours.code > 0, theirs(turned) > 0]).toEqual([
        at,
        turned.slice(at - 20, at + 20),
        true,
        true,
      ]);
    }
    const stranger = kept(await smallLog());
    copyFileSync(join(stranger.path, 'audit-signing.pub'), join(folder.path, 'stranger.pub'));
    const ran = await folder.audit('verify', '--proof', 'proof.json', '--public-key', 'stranger.pub');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('which the trusted key does not vouch for') });
  });

  test('of what the first key signed holds under it, and of what came later too', async () => {
    const folder = kept(logFolder());
    await (await folder.open()).close();
    copyFileSync(join(folder.path, 'audit-signing.pub'), join(folder.path, 'first.pub'));
    await folder.rotate();
    const store = await folder.open();
    await store.append(entry('event', 'e1'), undefined);
    await store.close();
    await folder.audit('prove', 'e1', '--out', 'proof.json');
    for (const key of ['first.pub', 'audit-signing.pub']) {
      expect(await folder.audit('verify', '--proof', 'proof.json', '--public-key', key)).toMatchObject({ code: 0 });
    }
  });

  test('needs a record, a checkpoint, and a key from outside', async () => {
    const folder = kept(await smallLog());
    expect(await folder.audit('prove', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no record "nobody"'),
    });
    await folder.audit('prove', 'a3', '--out', 'proof.json');
    expect(await folder.audit('verify', '--proof', 'proof.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--proof needs --public-key'),
    });
    const store = await openSqliteStore({
      folder: folder.path,
      sync: 'interval',
      clock: { now: () => START },
      onFault() {},
    });
    await store.append(entry('event', 'unsigned'), undefined);
    await store.close();
    expect(await folder.audit('prove', 'unsigned')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no checkpoint covers it yet'),
    });
    const odd = await folder.audit('verify', '--proof', 'head.json', '--public-key', 'audit-signing.pub');
    expect(odd).toMatchObject({ code: 2, err: expect.stringContaining('--proof head.json cannot be read (ENOENT)') });
    expect(isObj(readObj(folder.read('proof.json')))).toBe(true);
  });
});
