import { setImmediate } from 'node:timers/promises';
import type { Notice } from '../../src/gateway/approvals/approval-ports.ts';
import type { Clock } from '../../src/gateway/ports.ts';
import { Courier, type CourierOptions } from '../../src/notices/courier.ts';
import type { Hook } from '../../src/notices/hook.ts';
import { type FakeClock, fakeClock } from '../faults/fake-clock.ts';
import { started } from '../kit/started.ts';
import { type FakeNotices, fakeNotices } from './fake-notices.ts';
import { type Answering, type Receiver, startReceiver } from './receiver.ts';

export const SECRET = 'correct horse battery staple';
export const HOUR = 3_600_000;

export interface PostOffice {
  readonly clock: FakeClock;
  readonly store: FakeNotices;
  readonly hooks: Map<string, Hook>;
  readonly log: string[];
  /** A receiver behind a hook of this name. */
  receiver(name: string, answer?: Answering, more?: Partial<Hook>): Promise<Receiver>;
  /** Leaves notices for a hook, made now; gives their ids. */
  leave(hook: string, count?: number): readonly string[];
  courier(more?: Partial<CourierOptions>): Courier;
  /** Lets time pass in steps, and all that is due in each be delivered. */
  pass(ms: number, step?: number): Promise<void>;
  /** Resolves when nothing is on its way. */
  quiet(): Promise<void>;
  /** What the log of the gateway keeps, as it is read. */
  records(): readonly Readonly<Record<string, unknown>>[];
  endAll(): Promise<void>;
}

export function hookOf(name: string, url: string, more: Partial<Hook> = {}): Hook {
  return { name, url: { reveal: () => url }, form: 'json', secret: { reveal: () => SECRET }, ...more };
}

/** Couriers, receivers and a store in memory, under a clock that stands until it is moved. */
export function postOffice(): PostOffice {
  const clock = fakeClock();
  const store = fakeNotices();
  const hooks = new Map<string, Hook>();
  const log: string[] = [];
  const kit = started();
  let made = 0;
  let ids = 0;
  const office: PostOffice = {
    clock,
    store,
    hooks,
    log,
    async receiver(name, answer, more) {
      const receiver = kit.add(await startReceiver(answer));
      hooks.set(name, hookOf(name, receiver.url, more));
      return receiver;
    },
    leave(hook, count = 1) {
      const notices = Array.from({ length: count }, () => noticeFor(hook, `nt_${++made}`, clock));
      store.add(...notices);
      return notices.map(({ id }) => id);
    },
    courier(more = {}) {
      const courier = new Courier({
        store,
        clock,
        crypto: { id: () => `record-${++ids}` },
        hooks: () => hooks,
        log: (line) => log.push(line),
        ...more,
      });
      kit.add(courier);
      courier.start();
      return courier;
    },
    async pass(ms, step = 1000) {
      for (let passed = 0; passed < ms; passed += step) {
        clock.advance(Math.min(step, ms - passed));
        await office.quiet();
      }
    },
    async quiet() {
      do {
        await setImmediate();
      } while (store.held() > 0);
      await setImmediate();
    },
    records: () => store.records.map(({ body }) => JSON.parse(body) as Record<string, unknown>),
    endAll: () => kit.endAll(),
  };
  return office;
}

function noticeFor(hook: string, id: string, clock: Pick<Clock, 'now'>): Notice {
  const at = clock.now();
  const body = JSON.stringify({ id, event: 'approval.asked', time: new Date(at).toISOString() });
  return { id, hook, event: 'approval.asked', at, body };
}
