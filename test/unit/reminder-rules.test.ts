import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadTexts } from '../../src/i18n/index.ts';
import { isHoliday } from '../../src/invitations/holidays.ts';
import { countOf, letterOf } from '../../src/invitations/letter.ts';
import {
  DAY_BEGINS,
  DAY_ENDS,
  exactlyDue,
  judge,
  nextAllowed,
  placeOf,
  roughlyDue,
  type Place,
  type ReminderFacts,
} from '../../src/invitations/reminder-rules.ts';
import { REMINDERS, type Definition } from '../../src/questionnaires/index.ts';
import { addMinutes } from '../../src/shared/dates.ts';
import { localTime, weekdayOf } from '../../src/shared/zones.ts';
import { starter } from './questionnaires-support.ts';

const OFFICE = { from: '09:00', to: '17:00' };
const company = {
  timeZone: 'Europe/Berlin',
  country: 'DE',
  workingHours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null },
};
const berlin = placeOf({ timeZone: '', country: '' }, company);
const newYork = placeOf({ timeZone: 'America/New_York', country: 'US' }, company);

const moments = fc
  .integer({
    min: Date.parse('2026-01-01T00:00:00.000Z') / 60_000,
    max: Date.parse('2028-01-01T00:00:00.000Z') / 60_000,
  })
  .map((minutes) => new Date(minutes * 60_000).toISOString());
const places: fc.Arbitrary<Place> = fc.record({
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Europe/Oslo'),
  country: fc.constantFrom('DE', 'US', 'NO', 'NL', 'JP'),
  workingDays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((days) => new Set(days)),
});

function isAllowed(at: string, place: Place): boolean {
  const { day, minutes } = localTime(place.timeZone, at);
  const working = place.workingDays.has(weekdayOf(day)) && !isHoliday(place.country, day);
  return working && minutes >= DAY_BEGINS && minutes < DAY_ENDS;
}

describe('When somebody may be written to', () => {
  test('never on a day off or in the quiet hours, and never later than need be', () => {
    fc.assert(
      fc.property(moments, places, (from, place) => {
        const at = nextAllowed(from, place);
        expect(at >= from).toBe(true);
        expect(isAllowed(at, place)).toBe(true);
        if (at > from) {
          expect(isAllowed(from, place)).toBe(false);
          expect(isAllowed(addMinutes(at, -1), place)).toBe(false);
        }
        expect(nextAllowed(at, place)).toBe(at);
      }),
    );
  });

  test('the recipient’s clock and country decide, else the business’s', () => {
    // A Friday evening in Berlin is a Friday afternoon in New York.
    expect(nextAllowed('2026-11-20T20:00:00.000Z', berlin)).toBe('2026-11-23T07:00:00.000Z');
    expect(nextAllowed('2026-11-20T20:00:00.000Z', newYork)).toBe('2026-11-20T20:00:00.000Z');
    // Thanksgiving; and Christmas, after which comes a weekend.
    expect(nextAllowed('2026-11-26T15:00:00.000Z', newYork)).toBe('2026-11-27T13:00:00.000Z');
    expect(nextAllowed('2026-12-25T10:00:00.000Z', berlin)).toBe('2026-12-28T07:00:00.000Z');
  });

  test('a business that never works is taken to work from Monday to Friday', () => {
    const never = { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null };
    expect([...placeOf({ timeZone: '', country: '' }, { ...company, workingHours: never }).workingDays]).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });
});

describe('When a reminder is due', () => {
  test('on the day, at the time of day of the invitation, also when the clocks have changed', () => {
    const sentAt = '2026-10-22T08:05:00.000Z';
    expect(exactlyDue(sentAt, 5, roughlyDue(sentAt, 5, null), berlin)).toBe('2026-10-27T09:05:00.000Z');
  });

  test('a day off moves it to the next working morning', () => {
    const sentAt = '2026-11-10T08:05:00.000Z';
    expect(exactlyDue(sentAt, 5, roughlyDue(sentAt, 5, null), berlin)).toBe('2026-11-16T07:00:00.000Z');
  });

  test('the rough time is never after the exact one, and two reminders are three days apart', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 2, max: 60 }), places, (sentAt, days, place) => {
        const roughly = roughlyDue(sentAt, days, null);
        const due = exactlyDue(sentAt, days, roughly, place);
        expect(roughly <= due).toBe(true);
        const second = exactlyDue(sentAt, days + 3, roughlyDue(sentAt, days + 3, due), place);
        expect(second >= addMinutes(due, 3 * 24 * 60)).toBe(true);
      }),
    );
  });
});

describe('Whether a reminder goes', () => {
  const now = '2026-11-16T08:05:00.000Z';
  const fine: ReminderFacts = {
    reminder: { number: 1, dueAt: '2026-11-15T05:05:00.000Z' },
    invitation: {
      delivery: 'sent',
      progress: 'none',
      sentAt: '2026-11-10T08:05:00.000Z',
      bouncedAt: null,
      revokedAt: null,
      expiresAt: '2027-01-09T08:05:00.000Z',
    },
    wave: { id: 'w', state: 'finished', reminderDays: [5, 12] },
    customer: {
      email: 'a@example.com',
      legalBasis: 'consent',
      unsubscribedAt: null,
      erasedAt: null,
      timeZone: '',
      country: '',
    },
    hasOpenComplaint: false,
    isTalking: false,
    isSuppressed: false,
    hasWords: true,
  };
  const { invitation, wave, customer } = fine;
  const verdict = (more: Partial<ReminderFacts>, at = now) => judge({ ...fine, ...more }, company, at);

  test('where nothing is against it', () => {
    expect(verdict({})).toEqual({ go: true });
  });

  test.each<[string, Partial<ReminderFacts>]>([
    ['answered', { invitation: { ...invitation, progress: 'started' } }],
    ['answered', { invitation: { ...invitation, progress: 'completed' } }],
    ['opted_out', { invitation: { ...invitation, progress: 'opted_out' } }],
    ['bounced', { invitation: { ...invitation, bouncedAt: now } }],
    ['revoked', { invitation: { ...invitation, revokedAt: now } }],
    ['expired', { invitation: { ...invitation, expiresAt: now } }],
    ['not_sent', { invitation: { ...invitation, delivery: 'unknown' } }],
    ['stopped', { wave: { id: 'w', state: 'stopped', reminderDays: [5] } }],
    ['stopped', { wave: undefined }],
    ['gone', { customer: undefined }],
    ['gone', { customer: { ...customer!, erasedAt: now } }],
    ['unsubscribed', { customer: { ...customer!, unsubscribedAt: now } }],
    ['no_address', { customer: { ...customer!, email: 'a@example.com, b@example.com' } }],
    ['no_legal_basis', { customer: { ...customer!, legalBasis: '' } }],
    ['complaint', { hasOpenComplaint: true }],
    ['talking', { hasOpenComplaint: true, isTalking: true }],
    ['suppressed', { isSuppressed: true }],
  ])('ends: %s', (reason, more) => {
    expect(verdict(more)).toEqual({ cancel: reason });
  });

  test('waits in the quiet hours, before its day, and while the wave is paused; not for ever', () => {
    expect(verdict({}, '2026-11-16T19:05:00.000Z')).toEqual({ until: '2026-11-17T07:00:00.000Z' });
    expect(verdict({}, '2026-11-15T08:05:00.000Z')).toEqual({ until: '2026-11-16T07:00:00.000Z' });
    expect(verdict({ wave: { ...wave!, state: 'paused' } })).toEqual({ parkedFor: 'w' });
    expect(verdict({}, '2026-11-23T08:05:00.000Z')).toEqual({ cancel: 'too_late' });
  });

  test('waits for somebody to approve its words, as long as it would wait for anything else', () => {
    const wordless = { hasWords: false };
    expect(verdict(wordless, '2026-11-16T08:05:00.000Z')).toEqual({ until: '2026-11-16T09:05:00.000Z' });
    expect(verdict(wordless, '2026-11-23T08:05:00.000Z')).toEqual({ cancel: 'too_late' });
    expect(verdict({ ...wordless, hasOpenComplaint: true })).toEqual({ cancel: 'complaint' });
  });
});

describe('The words of a reminder', () => {
  const texts = loadTexts(join(import.meta.dirname, '../../data/locales'));
  const facts = (definition: Definition, which: 'first' | 'second') => ({
    count: countOf(definition),
    minutes: definition.minutes,
    mail: definition.reminders![which],
    greeting: 'Dear Kim,',
    company: { name: 'Hofladen Brandes', address: '' },
    logo: null,
    sender: { name: 'Miriam Adler', title: '' },
    links: { questions: 'https://example.com/q/x', optOut: 'https://example.com/u/x' },
    test: false,
  });

  test.each(
    (['leaving', 'satisfaction'] as const).flatMap((name) =>
      ['en', 'de', 'nl', 'nb'].map((language) => [name, language] as const),
    ),
  )(
    'of the starter %s in %s: two different letters of 60 to 110 words, a short subject, no pressure',
    (name, language) => {
      const t = texts.in(language);
      const letters = REMINDERS.map((which) => letterOf(facts(starter(name), which), t));
      for (const { subject, preheader, before, after } of letters) {
        const words = [...before, ...after].join(' ').split(/\s+/).length;
        expect(words).toBeGreaterThanOrEqual(60);
        expect(words).toBeLessThanOrEqual(110);
        expect(subject.length).toBeLessThanOrEqual(50);
        expect(`${subject} ${preheader} ${before.join(' ')} ${after.join(' ')}`).not.toMatch(
          /[{}!]|\p{Extended_Pictographic}/u,
        );
        expect(before.join(' ')).toContain('Hofladen Brandes');
      }
      expect(letters[0]?.before).not.toEqual(letters[1]?.before);
      expect(letters[0]?.subject).not.toEqual(letters[1]?.subject);
      expect(letters.map(({ button }) => button.href)).toEqual(['https://example.com/q/x', 'https://example.com/q/x']);
    },
  );
});
