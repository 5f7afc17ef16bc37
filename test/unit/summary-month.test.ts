import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysOf, isMonth, momentsOf, monthIn, monthsLater, toldAt } from '../../src/reports/summary/month.ts';
import { localTime } from '../../src/shared/zones.ts';

const OFFICE = { from: '09:00', to: '17:00' };
const WEEK = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null };
const place = (timeZone: string, country = 'DE') => ({ workingHours: WEEK, timeZone, country });

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
  'America/St_Johns',
);
const months = fc.integer({ min: 0, max: 12 * 12 }).map((count) => monthsLater('2020-01', count));

test('months are days of the calendar', () => {
  expect(daysOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  expect(monthsLater('2026-01', -1)).toBe('2025-12');
  expect(['2026-00', '2026-13', '26-01', '2026-1', '', 7].filter(isMonth)).toEqual([]);
});

test('told on the first working day: not on a Sunday, not on a holiday', () => {
  expect(toldAt(place('Europe/Berlin'), '2026-10')).toBe('2026-11-02T08:00:00.000Z');
  // The first of January is a holiday, the second a Saturday.
  expect(toldAt(place('Europe/Berlin'), '2026-12')).toBe('2027-01-04T08:00:00.000Z');
  expect(toldAt(place('Europe/Oslo', 'NO'), '2026-04')).toBe('2026-05-04T07:00:00.000Z');
});

test('a month ends where the next begins, by the clocks of the place, and is told after that at the opening hour', () => {
  fc.assert(
    fc.property(zones, months, (timeZone, month) => {
      const { from, before } = momentsOf(timeZone, daysOf(month));
      const next = momentsOf(timeZone, daysOf(monthsLater(month, 1)));
      expect(before).toBe(next.from);
      expect(monthIn(timeZone, new Date(from))).toBe(month);
      expect(monthIn(timeZone, new Date(Date.parse(before) - 1))).toBe(month);
      expect(monthIn(timeZone, new Date(before))).toBe(monthsLater(month, 1));
      const told = toldAt(place(timeZone), month);
      expect(told >= before).toBe(true);
      expect(monthIn(timeZone, new Date(told))).toBe(monthsLater(month, 1));
      expect(localTime(timeZone, told).minutes).toBe(9 * 60);
    }),
  );
});
