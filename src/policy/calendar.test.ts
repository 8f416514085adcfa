import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, type CalendarUnit, clockFormat, periodAt } from './calendar.ts';

function calendar(unit: CalendarUnit, zone = 'UTC'): Calendar {
  return { unit, zone, format: zone === 'UTC' ? undefined : clockFormat(zone) };
}

/** The period as two ISO times. */
function period(unit: CalendarUnit, at: string, zone?: string): readonly string[] {
  const found = periodAt(calendar(unit, zone), Date.parse(at));
  if (found === undefined) return [];
  return [new Date(found.from).toISOString(), new Date(found.to).toISOString()];
}

describe('the calendar period of a time', () => {
  it.each([
    ['second', '2026-11-21T12:30:45.678Z', '2026-11-21T12:30:45.000Z', '2026-11-21T12:30:46.000Z'],
    ['minute', '2026-11-21T12:30:45.678Z', '2026-11-21T12:30:00.000Z', '2026-11-21T12:31:00.000Z'],
    ['hour', '2026-11-21T12:30:45.678Z', '2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z'],
    ['day', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['week', '2026-11-22T23:00:00Z', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['week', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['week', '1969-12-31T12:00:00Z', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
    ['month', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['month', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ] as const)('%s at %s in UTC', (unit, at, from, to) => {
    expect(period(unit, at)).toEqual([from, to]);
  });

  it('follows the clocks of a zone, with their short and long days', () => {
    expect(period('day', '2026-03-29T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(period('day', '2026-10-25T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
    expect(period('hour', '2026-11-21T12:10:00Z', 'Asia/Kolkata')).toEqual([
      '2026-11-21T11:30:00.000Z',
      '2026-11-21T12:30:00.000Z',
    ]);
    expect(period('month', '2026-03-31T23:30:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-31T22:00:00.000Z',
      '2026-04-30T22:00:00.000Z',
    ]);
  });

  it('begins with the first moment of a day whose midnight the clocks leave out', () => {
    // In Beirut clocks went from 00:00 to 01:00 on 2022-03-27.
    expect(period('day', '2022-03-27T12:00:00Z', 'Asia/Beirut')).toEqual([
      '2022-03-26T22:00:00.000Z',
      '2022-03-27T21:00:00.000Z',
    ]);
  });

  it('is none for a time beyond all calendars', () => {
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -9e15, 9e15]) {
      expect(periodAt(calendar('month'), at)).toBeUndefined();
    }
  });

  it('holds the time, and meets the next one without gap or overlap', () => {
    const units = ['second', 'minute', 'hour', 'day', 'week', 'month'] as const;
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Beirut'];
    const times = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2035, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...units), fc.constantFrom(...zones), times, (unit, zone, at) => {
        const one = periodAt(calendar(unit, zone), at);
        if (one === undefined) throw new Error('no period');
        expect(one.from).toBeLessThanOrEqual(at);
        expect(one.to).toBeGreaterThan(at);
        expect(periodAt(calendar(unit, zone), one.from)).toEqual(one);
        expect(periodAt(calendar(unit, zone), one.to - 1)).toEqual(one);
        expect(periodAt(calendar(unit, zone), one.to)?.from).toBe(one.to);
      }),
      { numRuns: 300 },
    );
  });
});
