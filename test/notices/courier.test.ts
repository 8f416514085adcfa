import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, hookOf, type PostOffice, postOffice, SECRET } from './post-office.ts';
import { accept, hang, type Received, type Receiver, status } from './receiver.ts';

let office: PostOffice;
beforeEach(() => {
  office = postOffice();
});
afterEach(() => office.endAll());

const eventually = { timeout: 30_000, interval: 10 };

/** As a receiver with another library would check it. */
async function isSigned({ headers, body }: Received, secret: string): Promise<boolean> {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', bytes(secret), hmac, false, ['verify']);
  const [version, signature = ''] = String(headers['webhook-signature']).split(',');
  const signed = bytes(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return (
    version === 'v1' &&
    (await webcrypto.subtle.verify(
      hmac,
      key,
      Uint8Array.from(atob(signature), (c) => c.charCodeAt(0)),
      signed,
    ))
  );
}

describe('a notice', () => {
  it('arrives signed, as it was written, and is forgotten with a record', async () => {
    const ops = await office.receiver('ops');
    const [id] = office.leave('ops');
    const courier = office.courier();
    await office.quiet();
    expect(ops.ids()).toEqual([id]);
    const [message] = ops.received;
    expect(message?.body).toBe(`{"id":"${id}","event":"approval.asked","time":"2026-11-21T00:00:00.000Z"}`);
    expect(message?.headers['content-type']).toBe('application/json');
    expect(message?.headers['webhook-timestamp']).toBe(String(office.clock.now() / 1000));
    expect(message && (await isSigned(message, SECRET))).toBe(true);
    expect(message && (await isSigned(message, 'another secret'))).toBe(false);
    expect(office.store.kept()).toEqual([]);
    expect(office.records()).toEqual([
      { event: 'notice delivered', hook: 'ops', notice: id, of: 'approval.asked', attempts: 1 },
    ]);
    await courier.stop();
    await vi.waitFor(() => expect(ops.connections()).toBe(0), eventually);
  });

  it('is delivered at once when the courier is poked, without time passing', async () => {
    const ops = await office.receiver('ops');
    const courier = office.courier();
    await office.quiet();
    const [id] = office.leave('ops');
    courier.poke();
    await office.quiet();
    expect(ops.ids()).toEqual([id]);
  });

  it('that another process left is found within two seconds', async () => {
    const ops = await office.receiver('ops');
    office.courier();
    await office.quiet();
    const [id] = office.leave('ops');
    await office.pass(2_000);
    expect(ops.ids()).toEqual([id]);
  });

  it('is not signed for a chat without a secret', async () => {
    const chat = await office.receiver('chat', accept, { form: 'slack', secret: undefined });
    office.leave('chat');
    office.courier();
    await office.quiet();
    expect(chat.received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(JSON.parse(chat.received[0]?.body ?? '')).toMatchObject({ text: 'Approval needed', unfurl_links: false });
  });

  it('comes in order with the others of its hook', async () => {
    const ops = await office.receiver('ops');
    const ids = office.leave('ops', 20);
    office.courier();
    await vi.waitFor(() => expect(ops.ids()).toEqual(ids), eventually);
  });
});

describe('a receiver that fails', () => {
  it('gets the notice again, under the same id and signed anew, until it takes it', async () => {
    const ops = await office.receiver('ops', (response, message, nth) =>
      (nth <= 3 ? status(503) : accept)(response, message, nth),
    );
    const [id] = office.leave('ops');
    office.courier();
    await office.pass(200_000);
    expect(ops.ids()).toEqual([id, id, id, id]);
    expect(new Set(ops.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(4);
    for (const message of ops.received) expect(await isSigned(message, SECRET)).toBe(true);
    expect(office.records()).toMatchObject([{ event: 'notice delivered', attempts: 4 }]);
    expect(office.log[0]).toBe(`notice ${id} to "ops": the receiver answered 503; tried again in 5 s`);
    expect(office.log.at(-1)).toBe('notices to "ops" arrive again');
  });

  it('is left alone longer and longer, and the notice is given up after three days', async () => {
    const came: number[] = [];
    const began = office.clock.now();
    await office.receiver('ops', (response, message, nth) => {
      came.push(office.clock.now() - began);
      status(500)(response, message, nth);
    });
    const [id] = office.leave('ops');
    office.courier();
    await office.quiet();
    await office.pass(200_000);
    await office.pass(74 * HOUR, 20_000);
    const gaps = came.slice(1).map((time, nth) => time - (came[nth] ?? 0));
    const least = [5_000, 30_000, 120_000, 600_000, 1_800_000, HOUR, HOUR];
    for (const [nth, wanted] of least.entries()) {
      expect(gaps[nth]).toBeGreaterThanOrEqual(wanted);
      expect(gaps[nth]).toBeLessThan(wanted + 25_000);
    }
    expect(came.at(-1)).toBeGreaterThan(70 * HOUR);
    expect(came.at(-1)).toBeLessThan(72 * HOUR);
    expect(office.store.kept()).toEqual([]);
    expect(office.records()).toEqual([
      {
        event: 'notice given up',
        hook: 'ops',
        notice: id,
        of: 'approval.asked',
        attempts: came.length,
        why: 'the receiver answered 500',
      },
    ]);
  });

  it('delays its own notices only, and gets the oldest first when it is back', async () => {
    let isUp = false;
    const down = await office.receiver('down', (response, message, nth) =>
      (isUp ? accept : status(502))(response, message, nth),
    );
    const up = await office.receiver('up');
    const [first] = office.leave('down');
    const courier = office.courier();
    await office.quiet();
    const later = [...office.leave('down', 2)];
    const others = office.leave('up', 3);
    courier.poke();
    await vi.waitFor(() => expect(up.ids()).toEqual(others), eventually);
    // While it rests it is not asked to take the others either.
    expect(down.ids()).toEqual([first]);
    isUp = true;
    await office.pass(10_000);
    expect(down.ids()).toEqual([first, first, ...later]);
  });

  it('that wants one notice never does not stop the ones after it', async () => {
    const ops = await office.receiver('ops', (response, message, nth) =>
      (message.headers['webhook-id'] === 'nt_1' ? status(400) : accept)(response, message, nth),
    );
    office.leave('ops', 4);
    office.courier();
    await office.pass(20_000);
    expect(new Set(ops.ids())).toEqual(new Set(['nt_1', 'nt_2', 'nt_3', 'nt_4']));
    expect(office.store.kept()).toEqual(['nt_1']);
  });

  it('with 410 is told no more of it', async () => {
    const ops = await office.receiver('ops', status(410));
    const [id] = office.leave('ops');
    office.courier();
    await office.pass(HOUR, 20_000);
    expect(ops.ids()).toEqual([id]);
    expect(office.records()).toMatchObject([
      { event: 'notice given up', notice: id, why: 'the receiver answered 410' },
    ]);
  });

  it.each([301, 302, 303, 307, 308])('with %i, a redirect, is not followed', async (code) => {
    const other = await office.receiver('other');
    const ops = await office.receiver('ops', status(code, { location: other.url }));
    const [id] = office.leave('ops');
    office.courier();
    await office.quiet();
    expect(ops.ids()).toEqual([id]);
    expect(other.received).toEqual([]);
    expect(office.store.kept()).toEqual([id]);
  });

  it.each([
    ['600', 600_000],
    ['Sat, 21 Nov 2026 00:15:00 GMT', 900_000],
    ['36000', HOUR],
    ['soon', 5_000],
    ['-5', 5_000],
  ])('with "Retry-After: %s" is asked again when it said, within an hour', async (header, wanted) => {
    const began = office.clock.now();
    const came: number[] = [];
    await office.receiver('ops', (response, message, nth) => {
      came.push(office.clock.now() - began);
      (nth === 1 ? status(429, { 'retry-after': header }) : accept)(response, message, nth);
    });
    office.leave('ops');
    office.courier();
    await office.quiet();
    await office.pass(wanted + 4_000);
    expect(came).toHaveLength(2);
    expect(came[1]).toBeGreaterThanOrEqual(wanted);
  });

  it('answers with a body that never ends: it counts by its status, and the connection is ended', async () => {
    const timers: NodeJS.Timeout[] = [];
    const ops = await office.receiver('ops', (response) => {
      response.writeHead(200);
      timers.push(setInterval(() => response.write('x'.repeat(4096)), 1));
    });
    office.leave('ops');
    office.courier();
    await office.quiet();
    expect(office.records()).toMatchObject([{ event: 'notice delivered' }]);
    await vi.waitFor(() => expect(ops.connections()).toBe(0), eventually);
    for (const timer of timers) clearInterval(timer);
  });
});

describe('a receiver that hangs', () => {
  it('keeps nobody else waiting, and is let go when the gateway stops', async () => {
    const stuck = await office.receiver('stuck', hang);
    const ops = await office.receiver('ops');
    office.leave('stuck', 3);
    const ids = office.leave('ops', 5);
    const courier = office.courier();
    await vi.waitFor(() => expect(ops.ids()).toEqual(ids), eventually);
    expect(stuck.ids()).toEqual(['nt_1']);
    await courier.stop();
    await vi.waitFor(() => expect([stuck.connections(), ops.connections()]).toEqual([0, 0]), eventually);
    // What may not have arrived is due again.
    expect(office.store.kept()).toEqual(['nt_1', 'nt_2', 'nt_3']);
    expect(office.store.held()).toBe(0);
  });

  it('is given up for this time after the time-out', async () => {
    const stuck = await office.receiver('stuck', hang);
    const [id] = office.leave('stuck');
    office.courier({ timeoutMs: 100 });
    await vi.waitFor(() => expect(office.store.held()).toBe(0), eventually);
    await office.quiet();
    expect(stuck.ids()).toEqual([id]);
    expect(office.log).toEqual([`notice ${id} to "stuck": TIMEOUT; tried again in 5 s`]);
  });

  it('is one of at most four that are waited for, and the others have their turn after it', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const receivers: Receiver[] = [];
    for (const name of names) receivers.push(await office.receiver(name, hang));
    for (const name of names) office.leave(name, 10);
    let most = 0;
    const { settleNotice } = office.store;
    office.store.settleNotice = (id, outcome) => {
      most = Math.max(most, office.store.held());
      return settleNotice(id, outcome);
    };
    office.courier({ timeoutMs: 150 });
    await vi.waitFor(() => expect(receivers.every(({ received }) => received.length > 0)).toBe(true), eventually);
    expect(most).toBe(4);
  });
});

describe('a gateway that stops', () => {
  it('waits for the answer to what is on its way', async () => {
    const ops = await office.receiver('ops', (response) => void setTimeout(() => response.writeHead(200).end(), 100));
    office.leave('ops', 2);
    const courier = office.courier();
    await vi.waitFor(() => expect(ops.received).toHaveLength(1), eventually);
    await courier.stop();
    expect(office.records()).toMatchObject([{ event: 'notice delivered', notice: 'nt_1' }]);
    courier.poke();
    await office.pass(60_000);
    expect(ops.ids()).toEqual(['nt_1']);
  });

  it('before it ever delivered anything stops as well, and twice', async () => {
    const courier = office.courier();
    await courier.stop();
    await courier.stop();
    courier.start();
    office.leave('ops');
    await office.pass(10_000);
    expect(office.store.kept()).toEqual(['nt_1']);
  });
});

describe('two gateways over one store', () => {
  it('deliver each notice once', async () => {
    const ops = await office.receiver('ops');
    const chat = await office.receiver('chat');
    office.leave('ops', 30);
    office.leave('chat', 30);
    office.courier();
    office.courier();
    await vi.waitFor(() => expect(office.store.kept()).toEqual([]), eventually);
    expect(new Set(ops.ids()).size).toBe(30);
    expect(ops.ids()).toHaveLength(30);
    expect(chat.ids()).toHaveLength(30);
  });

  it('of which one dies in the middle: the other delivers when the lease is over', async () => {
    const ops = await office.receiver('ops');
    const [id] = office.leave('ops');
    // Taken by a process that is not heard of again.
    await office.store.takeNotices(['ops'], office.clock.now(), 30_000, 1);
    await office.store.settleNotice('nobody', { record: undefined });
    office.courier();
    office.clock.advance(29_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ops.ids()).toEqual([]);
    office.clock.advance(3_000);
    await vi.waitFor(() => expect(ops.ids()).toEqual([id]), eventually);
  });
});

describe('a hook that is not configured any more', () => {
  it('has its notices kept for three days, in case it comes back', async () => {
    office.leave('gone');
    office.courier();
    await office.pass(71 * HOUR, 60_000);
    expect(office.store.kept()).toEqual(['nt_1']);
    const back = await office.receiver('gone');
    await office.pass(4_000);
    expect(back.ids()).toEqual(['nt_1']);
  });

  it('has them forgotten after that, with a record', async () => {
    office.leave('gone');
    office.courier();
    await office.pass(73 * HOUR, 60_000);
    expect(office.store.kept()).toEqual([]);
    expect(office.records()).toMatchObject([{ event: 'notice given up', hook: 'gone', why: 'older than 72 hours' }]);
  });
});

describe('what goes wrong inside', () => {
  it('a store that cannot be read is told in the log and asked again', async () => {
    const ops = await office.receiver('ops');
    office.leave('ops');
    office.store.broken = 'the disk is full';
    office.courier();
    await office.pass(3_000);
    expect(office.log[0]).toBe('notices cannot be read now, and wait: the disk is full');
    office.store.broken = undefined;
    await office.pass(3_000);
    expect(ops.ids()).toEqual(['nt_1']);
  });

  it('a delivery that cannot be written down is delivered again after the lease', async () => {
    const ops = await office.receiver('ops', (response, message, nth) => {
      office.store.broken = nth === 1 ? 'the disk is full' : undefined;
      accept(response, message, nth);
    });
    office.leave('ops');
    office.courier();
    await office.quiet();
    office.store.broken = undefined;
    await office.pass(40_000);
    expect(ops.ids()).toEqual(['nt_1', 'nt_1']);
    expect(office.store.kept()).toEqual([]);
  });

  it.each([
    ['nothing listens', 'http://127.0.0.1:1/t0p-s3cret-path?key=hidden', 'ECONNREFUSED'],
    ['there is no such host', 'http://no-such-host.invalid/t0p-s3cret-path', ''],
    ['it is no address', 't0p-s3cret-path', 'ERR_INVALID_URL'],
    ['it is no address of the web', 'ftp://127.0.0.1/t0p-s3cret-path', 'UND_ERR_INVALID_ARG'],
  ])('neither address nor secret is told when %s', async (_, url, code) => {
    office.hooks.set('ops', hookOf('ops', url));
    const [id] = office.leave('ops');
    office.courier();
    await vi.waitFor(() => expect(office.log).toHaveLength(1), eventually);
    expect(office.log[0]).toContain(`notice ${id} to "ops": ${code}`);
    await office.quiet();
    office.clock.advance(73 * HOUR);
    await vi.waitFor(() => expect(office.store.kept()).toEqual([]), eventually);
    const told = JSON.stringify([office.log, office.store.records]);
    expect(told).toContain('notice given up');
    for (const secret of ['t0p-s3cret', 'hidden', 'horse', '127.0.0.1', 'no-such-host'])
      expect(told).not.toContain(secret);
  });

  it('a hook that cannot be used at all stops neither the others nor the process', async () => {
    const ops = await office.receiver('ops');
    const reveal = (): string => {
      throw new Error('t0p-s3cret-path');
    };
    office.hooks.set('odd', { ...hookOf('odd', ops.url), url: { reveal } });
    office.leave('odd');
    const ids = office.leave('ops', 2);
    office.courier();
    await vi.waitFor(() => expect(ops.ids()).toEqual(ids), eventually);
    expect(office.log).toEqual(['notice nt_1 to "odd" waits for its lease: Error']);
  });

  it('neither is told of a receiver that speaks TLS wrongly, redirects, or breaks off', async () => {
    const plain = await office.receiver(
      'redirects',
      status(302, { location: 'http://elsewhere.invalid/t0p-s3cret-path' }),
    );
    office.hooks.set('tls', hookOf('tls', plain.url.replace('http:', 'https:')));
    await office.receiver('breaks', (response) => void response.socket?.destroy());
    for (const name of office.hooks.keys()) office.leave(name);
    office.courier();
    await vi.waitFor(() => expect(office.log).toHaveLength(3), eventually);
    const told = office.log.join('\n');
    for (const secret of ['s3cret', 'hidden', 'horse', '127.0.0.1', 'elsewhere']) expect(told).not.toContain(secret);
  });
});
