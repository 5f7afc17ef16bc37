import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Schedule } from '../../src/invitations/schedule.ts';
import { beginsAt, dueRuns, momentsFor, nextRun, partOf } from '../../src/invitations/schedule-rules.ts';
import { addMinutes } from '../../src/shared/dates.ts';
import { localTime } from '../../src/shared/zones.ts';

const OFFICE = { from: '09:00', to: '17:00' };
const workingHours = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null };
const berlin = { timeZone: 'Europe/Berlin', country: 'DE', workingHours };
const newYork = { timeZone: 'America/New_York', country: 'US', workingHours };

const quarterly: Schedule = {
  id: 's',
  name: 'S',
  moment: 'rolling',
  questionnaireId: 'q',
  audience: {},
  senderAccountId: 'a',
  replyTo: '',
  expiresDays: 60,
  reminderDays: [],
  everyMonths: 3,
  parts: 4,
  days: null,
  dealingKinds: [],
  atMinutes: 540,
  startOn: '2026-01-31',
  activeFrom: '2026-01-31',
  state: 'on',
};
const daily: Schedule = {
  ...quarterly,
  moment: 'after_purchase',
  everyMonths: null,
  parts: null,
  days: 14,
  startOn: '2026-01-01',
  activeFrom: '2026-01-01',
};

describe('When a schedule runs', () => {
  test('every three months, on the last day where there is no such day, on the next working day', () => {
    const days = dueRuns(quarterly, berlin, '2027-01-01T12:00:00.000Z').map(({ day, turn }) => [turn, day]);
    expect(days).toEqual([
      [0, '2026-01-31'],
      [1, '2026-04-30'],
      [2, '2026-07-31'],
      [3, '2026-10-31'],
    ]);
    expect(beginsAt(quarterly, '2026-01-31', berlin)).toBe('2026-02-02T08:00:00.000Z');
    expect(beginsAt(quarterly, '2026-07-31', berlin)).toBe('2026-07-31T07:00:00.000Z');
    expect(beginsAt(quarterly, '2026-07-31', newYork)).toBe('2026-07-31T13:00:00.000Z');
  });

  test('late is more than a day after it should have begun', () => {
    const late = (now: string) => dueRuns(quarterly, berlin, now).map((run) => run.late);
    expect(late('2026-02-02T07:59:00.000Z')).toEqual([]);
    expect(late('2026-02-02T08:00:00.000Z')).toEqual([false]);
    expect(late('2026-02-03T08:00:00.000Z')).toEqual([false]);
    expect(late('2026-02-03T08:01:00.000Z')).toEqual([true]);
  });

  test('daily ones run on working days, not before they were made or resumed', () => {
    const days = dueRuns({ ...daily, activeFrom: '2026-12-22' }, berlin, '2026-12-30T09:00:00.000Z');
    expect(days.map(({ day }) => day)).toEqual([
      '2026-12-22',
      '2026-12-23',
      '2026-12-24',
      '2026-12-28',
      '2026-12-29',
      '2026-12-30',
    ]);
  });

  test('at the same local time on both sides of a change of the clocks', () => {
    const year = fc
      .integer({ min: 0, max: 364 })
      .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        year,
        fc.constantFrom(berlin, newYork),
        fc.integer({ min: 480, max: 1199 }),
        (day, place, atMinutes) => {
          const at = localTime(place.timeZone, beginsAt({ atMinutes }, day, place));
          expect(at.minutes).toBe(atMinutes);
          expect(at.day >= day).toBe(true);
        },
      ),
    );
  });

  test('the next run comes after now, and is due when its moment has come', () => {
    const moments = fc.integer({ min: 0, max: 500_000 }).map((n) => addMinutes('2026-01-01T00:00:00.000Z', n));
    fc.assert(
      fc.property(
        moments,
        fc.constantFrom(quarterly, daily),
        fc.constantFrom(berlin, newYork),
        (now, schedule, place) => {
          const next = nextRun(schedule, place, now);
          expect(next > now).toBe(true);
          const before = dueRuns(schedule, place, now).length;
          const days = new Set(dueRuns(schedule, place, now).map(({ day }) => day));
          expect(dueRuns(schedule, place, addMinutes(next, -1)).filter(({ day }) => !days.has(day))).toEqual([]);
          const then = dueRuns(schedule, place, next).filter(({ day }) => !days.has(day));
          expect(then).toHaveLength(1);
          expect(before >= 0).toBe(true);
        },
      ),
    );
  });
});

describe('Whom a run is about', () => {
  test('each part once in so many runs', () => {
    expect([0, 1, 2, 3, 4].map((turn) => partOf(quarterly, turn)?.part)).toEqual([0, 1, 2, 3, 0]);
    expect(partOf({ parts: 1 }, 3)).toBeUndefined();
  });

  test('what happened so many days ago, and some days before for what was told late; nothing from before it was made', () => {
    expect(momentsFor(daily, berlin, '2026-06-15')).toEqual({ what: 'purchase', from: '2026-05-22', to: '2026-06-01' });
    expect(momentsFor({ ...daily, activeFrom: '2026-06-12' }, berlin, '2026-06-15')).toMatchObject({
      from: '2026-05-29',
    });
    expect(momentsFor({ ...daily, moment: 'after_leaving' }, berlin, '2026-06-15')).toMatchObject({ what: 'leaving' });
    expect(momentsFor(daily, berlin, '2026-06-15', '2026-06-09')).toMatchObject({
      from: '2026-05-16',
      to: '2026-06-01',
    });
  });

  test('before, during and after a dealing', () => {
    const about = (moment: Schedule['moment'], days: number, day = '2026-06-15') =>
      momentsFor({ ...daily, moment, days, dealingKinds: ['delivery'] }, berlin, day);
    expect(about('before_dealing', 3)).toEqual({
      what: 'dealing',
      from: '2026-06-16',
      to: '2026-06-18',
      kinds: ['delivery'],
    });
    expect(about('during_dealing', 2)).toMatchObject({ what: 'dealing', to: '2026-06-13', underWayOn: '2026-06-15' });
    expect(about('after_dealing', 2)).toMatchObject({ what: 'dealingEnd', to: '2026-06-13' });
    // The last run before a weekend, or a holiday, asks of what the next would be too late for.
    expect(about('before_dealing', 1, '2026-06-19')).toMatchObject({ from: '2026-06-20', to: '2026-06-22' });
    expect(about('before_dealing', 2, '2026-12-24')).toMatchObject({ from: '2026-12-25', to: '2026-12-29' });
  });
});
