import { expect, it, vi } from 'vitest';
import { passage } from '../gateway/passage.ts';
import { request } from '../wire/replies.ts';
import { MAX_WAITING, Outbox } from './outbox.ts';
import { requestId } from './outgoing.ts';

function box() {
  const posted: (number | undefined)[] = [];
  const outbox = new Outbox(({ message }) => {
    posted.push(requestId(message));
    if (requestId(message) === 13) outbox.close();
  });
  return { outbox, posted };
}

const ask = (id: number) => passage(request(id, 'ping', {}));

it('holds until it is opened, in order, and again from a message that closes it', () => {
  const { outbox, posted } = box();
  for (const id of [12, 13, 14]) outbox.send(ask(id));
  expect(posted).toEqual([]);
  outbox.open();
  expect(posted).toEqual([12, 13]);
  outbox.send(ask(15));
  outbox.open();
  expect(posted).toEqual([12, 13, 14, 15]);
});

it('lets nothing out that was withdrawn or emptied', () => {
  const { outbox, posted } = box();
  for (const id of [1, 2, 3]) outbox.send(ask(id));
  expect([outbox.withdraw(2), outbox.withdraw(2), outbox.withdraw(9)]).toEqual([true, false, false]);
  expect(outbox.empty().map(({ message }) => requestId(message))).toEqual([1, 3]);
  outbox.open();
  expect(posted).toEqual([]);
});

it('takes only so much', () => {
  const { outbox } = box();
  for (let id = 0; id < MAX_WAITING; id++) expect(outbox.send(ask(id))).toBe('taken');
  expect(outbox.send(ask(MAX_WAITING))).toBe('full');
});

it('opens by itself after a moment, unless it was emptied', async () => {
  const [one, two] = [box(), box()];
  for (const { outbox } of [two, one]) {
    outbox.hold();
    outbox.send(ask(1));
  }
  two.outbox.empty();
  await vi.waitFor(() => expect(one.posted).toEqual([1]), { timeout: 10_000, interval: 5 });
  expect(two.posted).toEqual([]);
});
