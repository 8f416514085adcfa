import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EventWriter } from './event-writer.ts';
import { HttpFront, type HttpFrontOptions } from './http-front.ts';
import { legacyStream } from './reply-stream.ts';

const FLOW = { hold() {}, release() {} };

/** As much of a connection as a stream needs. */
function connection(): {
  readonly writer: EventWriter;
  readonly stream: PassThrough;
  text(): string;
  leave(): Promise<void>;
} {
  const body = new PassThrough();
  let text = '';
  body.on('data', (chunk: Buffer) => {
    text += String(chunk);
  });
  const response = Object.assign(body, {
    writeHead() {},
    flushHeaders() {},
    setTimeout() {},
  }) as unknown as ServerResponse;
  return {
    writer: new EventWriter(response, { headers: {}, flow: FLOW }),
    stream: body,
    text: () => text,
    async leave() {
      const closed = new Promise((resolve) => body.once('close', resolve));
      body.destroy();
      await closed;
    },
  };
}

type TestLimits = ReturnType<HttpFrontOptions['limits']>;

function newFront(changed: Partial<TestLimits> = {}): HttpFront {
  let key = 0;
  const limits = { streams: 4, replayEvents: 1000, replayBytes: 1_000_000, ...changed };
  return new HttpFront({ newKey: () => `key${key++}`, limits: () => limits });
}

const note = (n: number) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { n } });
const numbersIn = (text: string): number[] => [...text.matchAll(/"n":(\d+)/g)].map((match) => Number(match[1]));
const idsIn = (text: string): string[] => [...text.matchAll(/^id: (.*)$/gm)].map((match) => String(match[1]));
const settled = (): Promise<void> => new Promise(setImmediate);

describe('messages beside the requests', () => {
  it('wait for a stream, and come in order once there is one', async () => {
    const front = newFront();
    for (const n of [1, 2, 3]) front.push(note(n));
    const one = connection();
    front.attach(one.writer, 'numbered');
    front.push(note(4));
    await settled();
    expect(numbersIn(one.text())).toEqual([1, 2, 3, 4]);
  });

  it('go to one stream only, the youngest', async () => {
    const front = newFront();
    const [old, young] = [connection(), connection()];
    front.attach(old.writer, 'numbered');
    front.attach(young.writer, 'numbered');
    front.push(note(1));
    await settled();
    expect([numbersIn(old.text()), numbersIn(young.text())]).toEqual([[], [1]]);
  });

  it('do not fill the memory while nobody listens, however large they are', async () => {
    const front = newFront();
    const large = 'x'.repeat(300_000);
    for (let n = 1; n <= 10; n += 1) front.push({ ...note(n), params: { n, large } });
    front.push({ ...note(11), params: { n: 11, large: large.repeat(4) } });
    const one = connection();
    front.attach(one.writer, 'numbered');
    await settled();
    expect(numbersIn(one.text())).toEqual([8, 9, 10]);
  });

  it('end the oldest stream when a client opens ever more of them', async () => {
    const front = newFront();
    const streams = Array.from({ length: 6 }, connection);
    for (const { writer } of streams) front.attach(writer, 'numbered');
    expect(streams.map(({ stream }) => stream.writableEnded)).toEqual([true, true, false, false, false, false]);
  });

  it('do not pile up while nobody listens: the oldest are dropped', async () => {
    const front = newFront();
    for (let n = 1; n <= 10_000; n += 1) front.push(note(n));
    const one = connection();
    front.attach(one.writer, 'numbered');
    await settled();
    expect(numbersIn(one.text())).toHaveLength(100);
    expect(numbersIn(one.text()).at(-1)).toBe(10_000);
  });

  it('survive a client that left without a word', async () => {
    const front = newFront();
    const gone = connection();
    front.attach(gone.writer, 'numbered');
    await gone.leave();
    expect(front.attached()).toBe(false);
    front.push(note(1));
    const next = connection();
    front.attach(next.writer, 'numbered');
    await settled();
    expect(numbersIn(next.text())).toEqual([1]);
    front.ended();
    expect(front.attached()).toBe(false);
  });
});

describe('a client that comes back with the id of the last event that it saw', () => {
  /** A stream on which three messages came. */
  async function lostStream(changed: Partial<TestLimits> = {}): Promise<{ front: HttpFront; ids: string[] }> {
    const front = newFront(changed);
    const lost = connection();
    front.attach(lost.writer, 'primed');
    for (const n of [1, 2, 3]) front.push(note(n));
    await settled();
    const ids = idsIn(lost.text());
    await lost.leave();
    return { front, ids };
  }

  function comeBack(front: HttpFront, id: string | undefined): ReturnType<typeof connection> | undefined {
    const place = front.find(id ?? '');
    if (place === undefined) return undefined;
    const back = connection();
    front.resume(place, back.writer);
    return back;
  }

  it('gets what came after it, once, and then what comes', async () => {
    const { front, ids } = await lostStream();
    front.push(note(4));
    const back = comeBack(front, ids[1]);
    front.push(note(5));
    await settled();
    expect(numbersIn(back?.text() ?? '')).toEqual([2, 3, 4, 5]);
  });

  it('may come back to the very beginning, before there was any message', async () => {
    const { front, ids } = await lostStream();
    const back = comeBack(front, ids[0]);
    await settled();
    expect(numbersIn(back?.text() ?? '')).toEqual([1, 2, 3]);
  });

  it('is told when not everything was kept', async () => {
    const { front, ids } = await lostStream({ replayEvents: 1 });
    const back = comeBack(front, ids[0]);
    await settled();
    expect(numbersIn(back?.text() ?? '')).toEqual([3]);
    expect(back?.text()).toContain(': 2 events were not kept');
  });

  it('takes the stream over: the connection before it ends, and no message comes on both', async () => {
    const { front, ids } = await lostStream();
    const first = comeBack(front, ids[3]);
    const second = comeBack(front, ids[3]);
    front.push(note(4));
    await settled();
    expect(first?.stream.writableEnded).toBe(true);
    expect([numbersIn(first?.text() ?? ''), numbersIn(second?.text() ?? '')]).toEqual([[], [4]]);
  });

  it.each(['', 'x', 'key0', 'key0.', 'key0.4', 'key0.-1', 'key0.01', 'key0.1e0', 'key9.0', '__proto__.0'])(
    'finds nothing under %j',
    async (id) => {
      const { front } = await lostStream();
      expect(front.find(id)).toBeUndefined();
    },
  );

  it('finds nothing in another session', async () => {
    const { ids } = await lostStream();
    expect(newFront().find(ids[0] ?? '')).toBeUndefined();
  });

  it('finds nothing, and got no ids, where nothing is kept', async () => {
    const { ids } = await lostStream({ replayEvents: 0 });
    expect(ids).toEqual([]);
  });

  it('finds nothing once the session is over', async () => {
    const { front, ids } = await lostStream();
    front.ended();
    expect(front.find(ids[1] ?? '')).toBeUndefined();
  });
});

describe('the stream of a request', () => {
  const answer = { text: '{"n":9}', ifNotKept: '{"n":0}' };

  it('keeps the answer for a client whose connection broke', async () => {
    const front = newFront();
    const first = connection();
    const stream = legacyStream(front, first.writer, 'primed');
    expect(stream.push('{"n":1}')).toBe(true);
    await settled();
    await first.leave();
    expect(stream.push('{"n":2}')).toBe(true);
    stream.finish(answer);
    const back = connection();
    front.resume(front.find(idsIn(first.text()).at(-1) ?? '') ?? { key: '', number: 0 }, back.writer);
    await settled();
    expect(numbersIn(back.text())).toEqual([2, 9]);
    expect(back.stream.writableEnded).toBe(true);
  });

  it('tells a client that nothing more comes, once it has the answer', async () => {
    const front = newFront();
    const first = connection();
    const stream = legacyStream(front, first.writer, 'primed');
    stream.finish(answer);
    await settled();
    expect(front.find(idsIn(first.text()).at(-1) ?? '')).toBeUndefined();
  });

  it('does not take a message for a client that has no id to come back with', async () => {
    const front = newFront();
    const first = connection();
    const stream = legacyStream(front, first.writer, 'numbered');
    await first.leave();
    expect(stream.push('{"n":1}')).toBe(false);
  });

  it('sends the client away for a while, and goes on when it is back', async () => {
    const front = newFront();
    const first = connection();
    const stream = legacyStream(front, first.writer, 'primed');
    stream.pause(250);
    stream.push('{"n":1}');
    await settled();
    expect(first.text()).toMatch(/retry: 250\n\n$/);
    const back = connection();
    front.resume(front.find(idsIn(first.text()).at(-1) ?? '') ?? { key: '', number: 0 }, back.writer);
    stream.finish(answer);
    await settled();
    expect(numbersIn(back.text())).toEqual([1, 9]);
  });

  it.each(['numbered', 'plain'] as const)('keeps a client that could not come back (%s)', async (marks) => {
    const first = connection();
    const stream = legacyStream(newFront(), first.writer, marks);
    stream.pause(250);
    stream.finish(answer);
    await settled();
    expect(numbersIn(first.text())).toEqual([9]);
  });

  it('says so when the answer was too large to be kept', async () => {
    const front = newFront({ replayBytes: 100 });
    const first = connection();
    const stream = legacyStream(front, first.writer, 'primed');
    await settled();
    await first.leave();
    stream.finish({ text: `{"n":9,"text":"${'x'.repeat(200)}"}`, ifNotKept: '{"n":0}' });
    const back = connection();
    front.resume(front.find(idsIn(first.text()).at(-1) ?? '') ?? { key: '', number: 0 }, back.writer);
    await settled();
    expect(numbersIn(back.text())).toEqual([0]);
  });

  it('of many requests keeps no more than a few streams may, the youngest', async () => {
    const front = newFront({ replayBytes: 1000 });
    const ids: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const one = connection();
      const stream = legacyStream(front, one.writer, 'primed');
      await settled();
      ids.push(idsIn(one.text())[0] ?? '');
      await one.leave();
      stream.finish({ text: `{"n":${n},"text":"${'x'.repeat(500)}"}`, ifNotKept: '' });
    }
    const kept = ids.filter((id) => front.find(id) !== undefined);
    expect(kept).toEqual(ids.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(4);
    expect(kept.length).toBeLessThan(9);
  });
});
