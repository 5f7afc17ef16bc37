import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysLater, localTime, momentAt } from '../../src/shared/zones.ts';

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Europe/London',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Tokyo',
);
const moments = fc
  .integer({
    min: Date.parse('2024-01-01T00:00:00.000Z') / 60_000,
    max: Date.parse('2029-01-01T00:00:00.000Z') / 60_000,
  })
  .map((minutes) => new Date(minutes * 60_000).toISOString());

describe('Clocks of other places', () => {
  test('what a clock shows', () => {
    expect(localTime('Europe/Berlin', '2026-11-10T23:30:00.000Z')).toEqual({ day: '2026-11-11', minutes: 30 });
    expect(localTime('America/New_York', '2026-07-01T03:59:00.000Z')).toEqual({ day: '2026-06-30', minutes: 1439 });
  });

  test('and the moment at which it shows that', () => {
    expect(momentAt('Europe/Berlin', { day: '2026-07-01', minutes: 480 })).toBe('2026-07-01T06:00:00.000Z');
    expect(momentAt('Europe/Berlin', { day: '2026-12-01', minutes: 480 })).toBe('2026-12-01T07:00:00.000Z');
    expect(momentAt('Asia/Kolkata', { day: '2026-12-01', minutes: 0 })).toBe('2026-11-30T18:30:00.000Z');
  });

  test('shown twice, the first time counts; never shown, as much later as the clocks jump', () => {
    expect(momentAt('Europe/Berlin', { day: '2026-10-25', minutes: 150 })).toBe('2026-10-25T00:30:00.000Z');
    expect(localTime('Europe/Berlin', momentAt('Europe/Berlin', { day: '2026-03-29', minutes: 150 }))).toEqual({
      day: '2026-03-29',
      minutes: 210,
    });
    expect(localTime('America/New_York', momentAt('America/New_York', { day: '2026-03-08', minutes: 150 }))).toEqual({
      day: '2026-03-08',
      minutes: 210,
    });
  });

  test('there and back again, but for the hour that is shown twice', () => {
    fc.assert(
      fc.property(zones, moments, (zone, at) => {
        const back = momentAt(zone, localTime(zone, at));
        expect(localTime(zone, back)).toEqual(localTime(zone, at));
        expect(back <= at).toBe(true);
      }),
    );
  });

  test('days later is at the same time of day, unless the clocks leave it out', () => {
    fc.assert(
      fc.property(zones, moments, fc.integer({ min: 1, max: 60 }), (zone, at, days) => {
        const later = localTime(zone, daysLater(zone, at, days));
        const apart = Math.abs(later.minutes - localTime(zone, at).minutes);
        expect(apart === 0 || apart === 60 || apart === 30 || zone === 'Pacific/Apia').toBe(true);
      }),
    );
    expect(daysLater('Europe/Berlin', '2026-10-22T08:05:00.000Z', 5)).toBe('2026-10-27T09:05:00.000Z');
  });
});
