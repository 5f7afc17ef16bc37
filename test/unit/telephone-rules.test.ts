import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseWhole } from '../../src/answering/index.ts';
import { isHoliday } from '../../src/invitations/index.ts';
import { localTime, weekdayOf } from '../../src/shared/zones.ts';
import { draftOf, readCall, readDraft } from '../../src/telephone/call-form.ts';
import { afterCall, againstCall, canBeCalled, isWorking, MOST_TRIES, nextCall } from '../../src/telephone/rules.ts';
import { starter } from '../support/asked.ts';

const OFFICE = { from: '09:00', to: '17:00' };
const company = {
  timeZone: 'Europe/Berlin',
  country: 'DE',
  workingHours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null },
};
const places = fc.record({
  timeZone: fc.constantFrom('', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe'),
  country: fc.constantFrom('', 'DE', 'NL', 'NO', 'US', 'JP'),
});
const moments = fc
  .integer({ min: Date.parse('2026-01-01T00:00:00.000Z'), max: Date.parse('2027-12-31T00:00:00.000Z') })
  .map((at) => new Date(at).toISOString());

describe('when somebody can be called', () => {
  test.each([
    ['', '2026-11-10T08:05:00.000Z', true],
    ['', '2026-11-10T07:59:00.000Z', false],
    ['', '2026-11-14T10:00:00.000Z', false],
    ['America/New_York', '2026-11-10T08:05:00.000Z', false],
    ['America/New_York', '2026-11-10T15:00:00.000Z', true],
    ['Asia/Tokyo', '2026-11-10T10:59:00.000Z', true],
    ['Asia/Tokyo', '2026-11-10T11:00:00.000Z', false],
  ])('in %j at %s: %s', (zone, at, expected) => {
    expect(canBeCalled({ timeZone: zone, country: '' }, company, at)).toBe(expected);
  });

  test.each([
    ['', '2026-12-25T10:00:00.000Z', false],
    ['NL', '2027-04-27T10:00:00.000Z', false],
    ['DE', '2027-04-27T10:00:00.000Z', true],
    ['NL', '2026-10-05T10:00:00.000Z', true],
    // A holiday at home: nobody is there to call.
    ['NL', '2026-12-25T10:00:00.000Z', false],
    ['NO', '2026-05-01T10:00:00.000Z', false],
  ])('with the holidays of %j at %s: %s', (country, at, expected) => {
    expect(canBeCalled({ timeZone: '', country }, company, at)).toBe(expected);
  });

  test('colleagues work, and where they live it is day, no Sunday and no holiday', () => {
    fc.assert(
      fc.property(places, moments, (place, at) => {
        const { day, minutes } = localTime(place.timeZone || company.timeZone, at);
        const isOff = weekdayOf(day) === 0 || isHoliday(place.country || company.country, day);
        const isDay = minutes >= 540 && minutes < 1200 && !isOff;
        expect(canBeCalled(place, company, at)).toBe(isDay && isWorking(company, at));
      }),
      { numRuns: 300 },
    );
  });

  test('the next time is never before, and is one at which they can be called', () => {
    fc.assert(
      fc.property(places, moments, (place, at) => {
        const next = nextCall(place, company, at);
        fc.pre(next !== null);
        expect(String(next) >= at).toBe(true);
        expect(canBeCalled(place, company, String(next))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('after a call', () => {
  const after = (outcome: Parameters<typeof afterCall>[0], tries = 0) =>
    afterCall(outcome, { now: '2026-11-10T08:00:00.000Z', tries, at: '2026-11-11T09:00:00.000Z' });

  test('it is done, but for who is to be called back or was not reached', () => {
    for (const outcome of ['answered', 'wrong_number', 'refused'] as const) expect(after(outcome).state).toBe('done');
    expect(after('call_back')).toMatchObject({ state: 'open', appointment: 1, not_before: '2026-11-11T09:00:00.000Z' });
    expect(after('not_reached')).toMatchObject({
      state: 'open',
      appointment: 0,
      not_before: '2026-11-10T12:00:00.000Z',
    });
  });

  test('whoever is never there is let be', () => {
    expect(after('not_reached', MOST_TRIES - 1)).toMatchObject({ state: 'done', tries: MOST_TRIES });
  });
});

test('nobody is called who is gone, does not want it, may not be, or has no number', () => {
  const fine = { erasedAt: null, unsubscribedAt: null, legalBasis: 'consent', telephone: '0431 555 01' };
  const why = (more: object, flags: Parameters<typeof againstCall>[1] = []) =>
    againstCall({ ...fine, ...more } as never, flags, 'key');
  expect(why({})).toBeNull();
  expect(why({ telephone: '–' })).toBe('no_number');
  expect(why({ legalBasis: '' })).toBe('no_legal_basis');
  expect(why({ unsubscribedAt: 'x' })).toBe('unsubscribed');
  expect(why({}, [{ kind: 'wrong_number', number_key: 'key' }])).toBe('wrong_number');
  expect(why({}, [{ kind: 'wrong_number', number_key: 'the number before' }])).toBeNull();
  expect(why({}, [{ kind: 'no_calls', number_key: 'the number before' }])).toBe('no_calls');
});

describe('what is typed during a call', () => {
  const definition = starter('leaving');
  const at = { customer: { timeZone: '', country: '' }, business: company, now: '2026-11-10T08:05:00.000Z' };

  test('is read back as it was typed, whatever it is', () => {
    // No field of a form is called so.
    const names = fc.string().filter((name) => name !== '__proto__');
    const bodies = fc.dictionary(names, fc.oneof(fc.string(), fc.array(fc.string())));
    fc.assert(
      fc.property(bodies, (body) => {
        const { csrf: _, ...rest } = body;
        expect(readDraft(draftOf({ ...body, csrf: 'secret' }))).toEqual({ ...rest });
      }),
    );
  });

  test('never throws, whatever a form holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('happened-answer', 'reasons-reason', 'outcome', 'back-day', 'back-time'),
          fc.anything(),
        ),
        (body) => {
          readCall(definition, body, at);
          parseWhole(definition, body, 'printed');
        },
      ),
    );
  });

  test('what was clarified belongs to a long answer, and is an answer of its own to a short one', () => {
    const long = 'Der Techniker war dreimal angekündigt und ist nie gekommen, und niemand wusste etwas.';
    const read = (first: string) => {
      const body = { outcome: 'answered', 'happened-answer': first, 'happened.probe-answer': 'Im Mai, in Kiel.' };
      const form = readCall(definition, body, at);
      return form.ok ? Object.fromEntries(form.answers) : {};
    };
    expect(read(long)).toEqual({ happened: { kind: 'open', text: `${long}\n\nIm Mai, in Kiel.` } });
    expect(read('Zu spät.')).toEqual({
      happened: { kind: 'open', text: 'Zu spät.' },
      'happened.probe': { kind: 'open', text: 'Im Mai, in Kiel.' },
    });
  });

  test.each([
    ['2026-11-10', '09:00', false],
    ['2026-11-10', '09:10', true],
    ['2026-11-31', '10:00', false],
    ['', '', false],
    ['2026-11-11', '25:00', false],
  ])('a time to call back (%s %s) has to be still to come', (day, time, ok) => {
    expect(readCall(definition, { outcome: 'call_back', 'back-day': day, 'back-time': time }, at).ok).toBe(ok);
  });

  test.each([
    ['a Sunday', '2026-11-15', '', false],
    ['a Saturday, on which nobody works', '2026-11-14', '', false],
    ['the first day of Christmas', '2026-12-25', '', false],
    ['King’s Day, in the Netherlands', '2027-04-27', 'NL', false],
    ['King’s Day, in Germany', '2027-04-27', 'DE', true],
    ['a Monday', '2026-11-16', '', true],
  ])('nobody is promised a call on a day without calls: %s', (_what, day, country, ok) => {
    const place = { ...at, customer: { timeZone: '', country } };
    const form = readCall(definition, { outcome: 'call_back', 'back-day': day, 'back-time': '10:00' }, place);
    expect(form.ok ? '' : form.errors['back-day']?.key).toBe(ok ? '' : 'telephone.back.closed');
  });

  test.each([
    ['06:59', '', 'telephone.back.night'],
    ['07:00', '', ''],
    ['21:59', '', ''],
    ['23:00', '', 'telephone.back.night'],
    // In New York it is still 4 in the morning.
    ['10:00', 'America/New_York', 'telephone.back.night'],
    ['23:00', 'America/New_York', ''],
  ])('nobody is promised a call at night, where they live: %s in %j', (time, timeZone, key) => {
    const place = { ...at, customer: { timeZone, country: '' } };
    const form = readCall(definition, { outcome: 'call_back', 'back-day': '2026-11-16', 'back-time': time }, place);
    expect(form.ok ? '' : form.errors['back-day']?.key).toBe(key);
  });

  test('a business open on Sundays promises none either, and one that names no hours works on every weekday', () => {
    const on = (workingHours: typeof company.workingHours, day: string) =>
      readCall(
        definition,
        { outcome: 'call_back', 'back-day': day, 'back-time': '10:00' },
        { ...at, business: { ...company, workingHours } },
      ).ok;
    const always = { ...company.workingHours, sun: OFFICE } as unknown as typeof company.workingHours;
    const never = Object.fromEntries(Object.keys(company.workingHours).map((day) => [day, null]));
    expect(on(always, '2026-11-15')).toBe(false);
    expect(on(never as unknown as typeof company.workingHours, '2026-11-14')).toBe(true);
  });
});
