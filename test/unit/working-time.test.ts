import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isHoliday } from '../../src/invitations/index.ts';
import { whyOf, wordsOf } from '../../src/recovery/cases/arrival-rules.ts';
import { nextOf, stepsFrom, STANDARD_DURATIONS } from '../../src/recovery/cases/rules.ts';
import { toneFaults } from '../../src/recovery/cases/tone.ts';
import {
  workingDaysLater,
  workingMinutesBetween,
  workingMinutesLater,
  type WorkingPlace,
} from '../../src/recovery/cases/working-time.ts';
import { languageCodes, loadTexts } from '../../src/i18n/index.ts';
import { localTime, weekdayOf } from '../../src/shared/zones.ts';
import { starter } from '../support/asked.ts';

const OFFICE = { from: '08:00', to: '17:00' };
const WEEK = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null };
const kiel: WorkingPlace = { workingHours: WEEK, timeZone: 'Europe/Berlin', country: 'DE' };
const NIGHT = { from: '00:00', to: '06:00' };
const bakery: WorkingPlace = {
  workingHours: { mon: NIGHT, tue: NIGHT, wed: NIGHT, thu: NIGHT, fri: NIGHT, sat: NIGHT, sun: NIGHT },
  timeZone: 'Europe/Berlin',
  country: '',
};
const never: WorkingPlace = {
  ...kiel,
  workingHours: { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null },
};

describe('working time', () => {
  test('a complaint of Friday afternoon is due on Monday at the same time', () => {
    // 6 November 2026, 15:05 in Kiel.
    const friday = '2026-11-06T14:05:00.000Z';
    expect(workingDaysLater(kiel, friday, 1)).toBe('2026-11-09T14:05:00.000Z');
    expect(workingMinutesLater(kiel, friday, 4 * 60)).toBe('2026-11-09T09:05:00.000Z');
    expect(workingDaysLater(kiel, friday, 14)).toBe('2026-11-26T14:05:00.000Z');
  });

  test('what comes on a Saturday counts from Monday morning; holidays are left out', () => {
    expect(workingMinutesLater(kiel, '2026-11-07T10:00:00.000Z', 60)).toBe('2026-11-09T08:00:00.000Z');
    expect(workingDaysLater(kiel, '2026-11-07T10:00:00.000Z', 1)).toBe('2026-11-10T07:00:00.000Z');
    // Thursday, 24 December 2026; Friday and Saturday are Christmas.
    expect(workingDaysLater(kiel, '2026-12-24T09:00:00.000Z', 1)).toBe('2026-12-28T09:00:00.000Z');
    expect(workingMinutesLater(kiel, '2026-12-24T15:00:00.000Z', 120)).toBe('2026-12-28T08:00:00.000Z');
  });

  test('the clocks of the place count: a day later is the same time of day when they are put back', () => {
    // Summer time ends on Sunday, 25 October 2026.
    expect(workingDaysLater(kiel, '2026-10-23T13:00:00.000Z', 1)).toBe('2026-10-26T14:00:00.000Z');
    // The night in which they are put forward has an hour less, the one in which they are put back an hour more.
    expect(workingMinutesBetween(bakery, '2026-03-28T23:00:00.000Z', '2026-03-29T10:00:00.000Z')).toBe(5 * 60);
    expect(workingMinutesBetween(bakery, '2026-10-24T22:00:00.000Z', '2026-10-25T10:00:00.000Z')).toBe(7 * 60);
  });

  const moment = fc
    .integer({ min: Date.parse('2026-01-01T00:00:00Z') / 60_000, max: Date.parse('2028-01-01T00:00:00Z') / 60_000 })
    .map((minutes) => new Date(minutes * 60_000).toISOString());
  const place = fc.constantFrom(kiel, bakery, never, { ...kiel, timeZone: 'America/New_York', country: 'US' });

  test('so many minutes later, so many minutes have been worked', () => {
    fc.assert(
      fc.property(place, moment, fc.integer({ min: 0, max: 6000 }), (where, at, minutes) => {
        const due = workingMinutesLater(where, at, minutes);
        expect(due >= at).toBe(true);
        expect(workingMinutesBetween(where, at, due)).toBe(minutes);
      }),
      { numRuns: 60 },
    );
  });

  test('something is never due on a day off, and never sooner for what came later', () => {
    fc.assert(
      fc.property(moment, moment, fc.integer({ min: 0, max: 20 }), (one, another, days) => {
        const [earlier, later] = [one, another].sort() as [string, string];
        const [a, b] = [workingDaysLater(kiel, earlier, days), workingDaysLater(kiel, later, days)];
        expect(a <= b).toBe(true);
        const { day, minutes } = localTime(kiel.timeZone, a);
        expect([0, 6]).not.toContain(weekdayOf(day));
        expect(isHoliday('DE', day)).toBe(false);
        expect(minutes >= 8 * 60 && minutes <= 17 * 60).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the apology comes first, the follow-up last', () => {
    const steps = stepsFrom(kiel, '2026-11-06T14:05:00.000Z', STANDARD_DURATIONS);
    expect(nextOf(steps)?.step).toBe('apologise');
    expect(steps.map((each) => each.dueAt)).toEqual(steps.map((each) => each.dueAt).sort());
    expect(nextOf([])).toBeUndefined();
  });
});

describe('the tone', () => {
  test.each([
    ['en', 'Unfortunately, you did not read the manual.', 'Unfortunately, you'],
    ['de', 'Leider haben Sie die Anleitung nicht gelesen.', 'Leider haben Sie'],
    ['nl', 'Helaas heeft u de handleiding niet gelezen.', 'Helaas heeft u'],
    ['nb', 'Dessverre har du ikke lest bruksanvisningen.', 'Dessverre har du'],
  ])('in %s, blame is found with its words', (language, text, words) => {
    expect(toneFaults(language, text)[0]).toEqual({ fault: 'blame', words });
  });

  test.each([
    ['en', 'You did not set the pause correctly.'],
    ['de', 'Sie haben die Pause leider nicht richtig eingestellt.'],
    ['nl', 'U heeft de pauze niet goed ingesteld.'],
    ['nb', 'Du har dessverre ikke satt pausen riktig.'],
  ])('in %s, it is also heard in the middle of a sentence', (language, text) => {
    expect(toneFaults(language, text).map(({ fault }) => fault)).toEqual(['blame']);
    expect(toneFaults(language, 'Es tut mir leid. Det beklager jeg. Het spijt me.')).toEqual([]);
  });

  test('the starter texts of every step and language have none', () => {
    const texts = loadTexts('data/locales');
    for (const language of languageCodes)
      for (const step of ['apologise', 'act', 'empathy', 'make_good', 'follow_up'])
        expect(toneFaults(language, texts.in(language)(`cases.starter.${step}`, { greeting: '' }))).toEqual([]);
  });

  test('a language without rules says nothing, and no text makes it fail', () => {
    expect(toneFaults('ja', 'Unfortunately, you')).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...languageCodes), fc.string(), (language, text) => {
        for (const { words } of toneFaults(language, text)) expect(text).toContain(words);
      }),
    );
  });
});

describe('what opens a case', () => {
  const definition = starter('satisfaction');
  const rules = { lowScorePercent: 25, reasons: ['price'], keywords: ['Anwalt'] };
  test('a score in the lowest part of the scale, a chosen reason, a word; nothing else', () => {
    const scale = (value: number) => new Map([['needs', { kind: 'scale' as const, value }]]);
    expect(whyOf(definition, scale(2), rules)).toEqual({ kind: 'score', value: 2, max: 5 });
    expect(whyOf(definition, scale(3), rules)).toBeUndefined();
    expect(whyOf(definition, scale(1), { ...rules, lowScorePercent: 0 })).toBeUndefined();
    const ticked = new Map([['why', { kind: 'reasons' as const, ticked: ['quality', 'price'] }]]);
    expect(whyOf(definition, ticked, rules)).toEqual({ kind: 'reason', reason: 'price' });
    const said = new Map([['improve', { kind: 'open' as const, text: 'Mein ANWALT meldet sich.' }]]);
    expect(whyOf(definition, said, rules)).toEqual({ kind: 'keyword', word: 'Anwalt' });
    expect(wordsOf(said)).toBe('Mein ANWALT meldet sich.');
  });
});
