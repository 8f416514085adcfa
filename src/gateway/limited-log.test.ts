import { expect, it } from 'vitest';
import { fakeClock } from '../../test/faults/fake-clock.ts';
import { limitedLog } from './limited-log.ts';

it('a server that makes the gateway complain cannot flood its log', () => {
  const clock = fakeClock();
  const told: string[] = [];
  const log = limitedLog(
    { max: 100, now: clock.tick, told: (n) => `${n} more lines like these were left out` },
    (line) => told.push(line),
  );
  for (let n = 0; n < 10_000; n++) log(`complaint ${n}`);
  expect(told).toHaveLength(100);
  clock.advance(10_000);
  log('a new complaint');
  expect(told.slice(100)).toEqual(['9900 more lines like these were left out', 'a new complaint']);
});
