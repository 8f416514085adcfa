import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

const HOUR = 3_600_000;

describe('the clock of the machine', () => {
  it('goes on from where time stopped, when that is ahead of its wall', () => {
    const clock = systemClock();
    const before = clock.tick();
    const stopped = before + HOUR;
    clock.notBefore(stopped);
    expect(clock.tick()).toBeGreaterThanOrEqual(stopped);
    expect(clock.tick()).toBeLessThan(stopped + HOUR);
    expect(clock.now()).toBeLessThan(before + HOUR);
  });

  it('is not set back', () => {
    const clock = systemClock();
    const before = clock.tick();
    const lead = clock.lead();
    clock.notBefore(before - HOUR);
    expect(clock.tick()).toBeGreaterThanOrEqual(before);
    expect(clock.lead()).toBeGreaterThanOrEqual(lead);
  });
});
