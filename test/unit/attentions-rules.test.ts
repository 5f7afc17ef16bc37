import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  anniversaryIn,
  daysToLookAt,
  dueAnniversary,
  monthDaysOn,
  tierFor,
} from '../../src/loyalty/anniversaries/rules.ts';
import { givesAway } from '../../src/loyalty/trust/rules.ts';
import { isPlainDate } from '../../src/shared/dates.ts';
import { localTime, momentAt } from '../../src/shared/zones.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'UTC'];
const day = (min: string, max: string) =>
  fc
    .date({ min: new Date(min), max: new Date(max), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

describe('an anniversary', () => {
  test('is a day that exists, in every year, and found by what is kept', () => {
    fc.assert(
      fc.property(day('1990-01-01', '2026-12-31'), fc.integer({ min: 1991, max: 2100 }), (since, year) => {
        const on = anniversaryIn(since, year);
        expect(isPlainDate(on)).toBe(true);
        expect(monthDaysOn(on)).toContain(since.slice(5));
      }),
    );
  });

  test('of 29 February is 28 February in ordinary years', () => {
    expect([2027, 2028, 2100].map((year) => anniversaryIn('2024-02-29', year))).toEqual([
      '2027-02-28',
      '2028-02-29',
      '2100-02-28',
    ]);
    expect(monthDaysOn('2028-02-28')).toEqual(['02-28']);
    expect(monthDaysOn('2027-02-28')).toEqual(['02-28', '02-29']);
  });

  test('is due on the day from nine where they live, whatever the clocks did, and for two days more', () => {
    fc.assert(
      fc.property(
        day('2015-01-01', '2024-12-31'),
        fc.integer({ min: 2026, max: 2032 }),
        fc.constantFrom(...ZONES),
        (since, year, zone) => {
          const on = anniversaryIn(since, year);
          const at = (minutes: number) => dueAnniversary(since, 'mail', zone, momentAt(zone, { day: on, minutes }));
          expect(at(8 * 60 + 59)).toBeUndefined();
          expect(at(9 * 60)).toEqual({ year, years: year - Number(since.slice(0, 4)), onDay: on });
          const moment = momentAt(zone, { day: on, minutes: 9 * 60 });
          expect(daysToLookAt(moment)).toContain(on);
          expect(localTime(zone, moment).day).toBe(on);
          const later = new Date(Date.parse(moment) + 2 * 86_400_000).toISOString();
          expect(dueAnniversary(since, 'mail', zone, later)?.onDay).toBe(on);
          const tooLate = new Date(Date.parse(moment) + 4 * 86_400_000).toISOString();
          expect(dueAnniversary(since, 'mail', zone, tooLate)).toBeUndefined();
        },
      ),
    );
  });

  test('by post is due five days before, also over the turn of the year', () => {
    const due = (now: string) => dueAnniversary('2020-01-02', 'post', 'Europe/Berlin', now);
    expect(due('2026-12-27T12:00:00.000Z')).toBeUndefined();
    expect(due('2026-12-28T12:00:00.000Z')).toEqual({ year: 2027, years: 7, onDay: '2027-01-02' });
    expect(dueAnniversary('2020-12-31', 'mail', 'Europe/Berlin', '2027-01-01T12:00:00.000Z')).toMatchObject({
      year: 2026,
    });
  });

  test('is none on the day itself', () => {
    expect(dueAnniversary('2026-11-10', 'mail', 'UTC', '2026-11-10T12:00:00.000Z')).toBeUndefined();
  });

  test('is rewarded by the highest step that has been reached', () => {
    const tiers = [10, 1, 5].map((years) => ({ years }));
    expect([1, 4, 5, 9, 30].map((years) => tierFor(tiers, years)?.years)).toEqual([1, 1, 5, 5, 10]);
    expect(tierFor([{ years: 2 }], 1)).toBeUndefined();
    expect(tierFor([], 5)).toBeUndefined();
  });
});

test('what gives somebody’s address away is known, what does not is left alone', () => {
  for (const words of [
    'kim@example.com',
    'k i m@example.com',
    '0431 555 01 42',
    '+49 (0)431/5550142',
    'www.example.com',
    'kim@\u200bexample.com',
  ])
    expect([words, givesAway(words)]).toEqual([words, true]);
  for (const words of ['my sister', 'das Café nebenan, Hausnummer 14', '', 'seit 2019 Freunde'])
    expect([words, givesAway(words)]).toEqual([words, false]);
});
