import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamFault, eventStreamReader, type StreamItem } from './event-stream.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(chunks: readonly Uint8Array[], maxChars = 10_000): readonly StreamItem[] {
  const items: StreamItem[] = [];
  const push = eventStreamReader(maxChars, (item) => items.push(item));
  for (const chunk of chunks) push(chunk);
  return items;
}

const readText = (text: string, maxChars?: number): readonly StreamItem[] => read([bytesOf(text)], maxChars);
const message = (data: string, event = 'message'): StreamItem => ({ kind: 'message', event, data });

describe('an event stream', () => {
  it.each([
    ['one event', 'data: {"a":1}\n\n', [message('{"a":1}')]],
    ['no blank after the colon', 'data:x\n\n', [message('x')]],
    ['one blank is dropped, the second stays', 'data:  x\n\n', [message(' x')]],
    ['data in several lines', 'data: {\ndata: }\n\n', [message('{\n}')]],
    ['lines that end with CR LF', 'data: x\r\ndata: y\r\n\r\n', [message('x\ny')]],
    ['lines that end with CR', 'data: x\r\rdata: y\r\r', [message('x'), message('y')]],
    ['a type', 'event: endpoint\ndata: /x\n\ndata: y\n\n', [message('/x', 'endpoint'), message('y')]],
    ['an id', 'id: 7\ndata: x\n\n', [{ kind: 'id', id: '7' }, message('x')]],
    ['an id alone', 'id: 7\n\n', [{ kind: 'id', id: '7' }]],
    ['a priming event', 'id: 7\ndata:\n\n', [{ kind: 'id', id: '7' }, message('')]],
    ['an id with a NUL is ignored', 'id: 7\0\ndata: x\n\n', [message('x')]],
    ['a time to come back', 'retry: 1500\n\n', [{ kind: 'retry', ms: 1500 }]],
    ['a time that is no number', 'retry: soon\nretry: 1e3\n\n', []],
    ['comments and unknown fields', ': hello\nfoo: bar\nx\n\ndata: y\n\n', [message('y')]],
    ['a field without a colon has an empty value', 'data\n\n', [message('')]],
    ['a byte order mark at the start', '\ufeffdata: x\n\n', [message('x')]],
    ['only the first one', '\ufeff\ufeffdata: x\n\n', []],
    ['blank lines without an event', '\n\n\r\n', []],
    ['an event that the end cuts off', 'data: x\n\ndata: y\n', [message('x')]],
    ['line separators within the data', 'data: a\u2028b\u0085c\n\n', [message('a\u2028b\u0085c')]],
  ])('%s', (_, text, items) => {
    expect(readText(text)).toEqual(items);
  });

  it('says the same whatever the chunks it comes in', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        'data: x',
        'data',
        'data:ü😀',
        ': comment',
        'id: 1',
        'event: ping',
        'retry: 5',
        '\ufeff',
        'data:\u2028',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data:${text.replace(/[\r\n]/g, '')}`),
    );
    const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 30 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 20 }), (lines, cuts) => {
        const bytes = bytesOf(lines.flat().join(''));
        const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
        const single = [...bytes].map((byte) => Uint8Array.of(byte));
        const whole = read([bytes]);
        expect(read(chunks)).toEqual(whole);
        expect(read(single)).toEqual(whole);
      }),
    );
  });

  it('refuses an event beyond the limit, in one line, in many, and before its line ends', () => {
    expect(() => readText(`data: ${'x'.repeat(100)}\n\n`, 50)).toThrow(EventStreamFault);
    expect(() => readText('data: xxxxxxxx\n'.repeat(10), 50)).toThrow(EventStreamFault);
    expect(() => readText('x'.repeat(51), 50)).toThrow(EventStreamFault);
    expect(readText('data: xxxxxxxx\n\n'.repeat(10), 50)).toHaveLength(10);
  });

  it('counts the comments within an event, and those between events not', () => {
    expect(() => readText(`data: a\n${': xxxxxxxx\n'.repeat(10)}\n`, 50)).toThrow(EventStreamFault);
    expect(readText(`${': xxxxxxxx\n'.repeat(10)}data: a\n\n`, 50)).toEqual([message('a')]);
  });

  it('gives what was complete before an event that is too large', () => {
    const items: StreamItem[] = [];
    const push = eventStreamReader(50, (item) => items.push(item));
    expect(() => push(bytesOf(`data: ok\n\ndata: ${'x'.repeat(100)}`))).toThrow(EventStreamFault);
    expect(items).toEqual([message('ok')]);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => read([Uint8Array.of(0x64, 0xff, 0x0a)])).toThrow(/not UTF-8/);
  });
});
