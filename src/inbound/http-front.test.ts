import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HttpFront } from './http-front.ts';

/** As much of a response as a stream needs. */
function response(): { readonly stream: ServerResponse; text(): string; leave(): void } {
  const body = new PassThrough();
  let text = '';
  body.on('data', (chunk: Buffer) => {
    text += String(chunk);
  });
  const stream = Object.assign(body, { writeHead() {}, flushHeaders() {} }) as unknown as ServerResponse;
  return { stream, text: () => text, leave: () => void body.destroy() };
}

const note = (n: number) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { n } });
const numbersIn = (text: string): number[] => [...text.matchAll(/"n":(\d+)/g)].map((match) => Number(match[1]));

describe('messages beside the requests', () => {
  it('wait for a stream, and come in order once there is one', async () => {
    const front = new HttpFront();
    for (const n of [1, 2, 3]) front.push(note(n));
    const one = response();
    front.attach(one.stream, {});
    front.push(note(4));
    await new Promise(setImmediate);
    expect(numbersIn(one.text())).toEqual([1, 2, 3, 4]);
  });

  it('go to one stream only, the youngest', async () => {
    const front = new HttpFront();
    const [old, young] = [response(), response()];
    front.attach(old.stream, {});
    front.attach(young.stream, {});
    front.push(note(1));
    await new Promise(setImmediate);
    expect([numbersIn(old.text()), numbersIn(young.text())]).toEqual([[], [1]]);
  });

  it('do not fill the memory while nobody listens, however large they are', async () => {
    const front = new HttpFront();
    const large = 'x'.repeat(300_000);
    for (let n = 1; n <= 10; n += 1) front.push({ ...note(n), params: { n, large } });
    front.push({ ...note(11), params: { n: 11, large: large.repeat(4) } });
    const one = response();
    front.attach(one.stream, {});
    await new Promise(setImmediate);
    expect(numbersIn(one.text())).toEqual([8, 9, 10]);
  });

  it('end the oldest stream when a client opens ever more of them', async () => {
    const front = new HttpFront();
    const streams = Array.from({ length: 6 }, response);
    for (const { stream } of streams) front.attach(stream, {});
    expect(streams.map(({ stream }) => stream.writableEnded)).toEqual([true, true, false, false, false, false]);
  });

  it('do not pile up while nobody listens: the oldest are dropped', async () => {
    const front = new HttpFront();
    for (let n = 1; n <= 10_000; n += 1) front.push(note(n));
    const one = response();
    front.attach(one.stream, {});
    await new Promise(setImmediate);
    expect(numbersIn(one.text())).toHaveLength(100);
    expect(numbersIn(one.text()).at(-1)).toBe(10_000);
  });

  it('survive a client that left without a word', async () => {
    const front = new HttpFront();
    const gone = response();
    front.attach(gone.stream, {});
    gone.leave();
    expect(front.attached()).toBe(false);
    front.push(note(1));
    const next = response();
    front.attach(next.stream, {});
    await new Promise(setImmediate);
    expect(numbersIn(next.text())).toEqual([1]);
    front.ended();
    expect(front.attached()).toBe(false);
  });
});
