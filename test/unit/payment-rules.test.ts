import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { languageCodes, loadTexts } from '../../src/i18n/index.ts';
import { reminderWords } from '../../src/recovery/payment/lint-rules.ts';
import { coveredBy, instalmentsOf, isPossible, mayAgree, RHYTHMS } from '../../src/recovery/payment/plan-rules.ts';
import { settingSchema, USUAL } from '../../src/recovery/payment/setting.ts';
import { callSlots } from '../../src/recovery/payment/slots-rules.ts';
import type { WorkingPlace } from '../../src/recovery/cases/working-time.ts';
import { localTime } from '../../src/shared/zones.ts';
import { anyText } from '../support/any-text.ts';

const terms = fc
  .record({
    totalMinor: fc.integer({ min: 2, max: 100_000_000 }),
    instalments: fc.integer({ min: 2, max: 12 }),
    rhythm: fc.constantFrom(...RHYTHMS),
    firstOn: fc
      .date({ min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  })
  .filter(isPossible);

describe('instalments', () => {
  test('add up to the sum exactly, none differs from another by more than one minor unit', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const amounts = instalmentsOf(given).map(({ amountMinor }) => amountMinor);
        expect(amounts).toHaveLength(given.instalments);
        expect(amounts.reduce((sum, each) => sum + each, 0)).toBe(given.totalMinor);
        expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1);
        expect(Math.min(...amounts)).toBeGreaterThan(0);
      }),
    );
  });

  test('begin on the first day, and each is due after the one before', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const days = instalmentsOf(given).map(({ dueOn }) => dueOn);
        expect(days[0]).toBe(given.firstOn);
        expect(days.toSorted()).toEqual(days);
        expect(new Set(days).size).toBe(days.length);
      }),
    );
  });

  test('of a month keep to the day of the first, as far as the month has it', () => {
    const plan = { totalMinor: 10_000, instalments: 3, rhythm: 'month' as const, firstOn: '2028-01-31' };
    expect(instalmentsOf(plan).map(({ dueOn }) => dueOn)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
    expect(instalmentsOf(plan).map(({ amountMinor }) => amountMinor)).toEqual([3334, 3333, 3333]);
  });

  test('are not made of a sum that is too small, of a fraction, or of too many parts', () => {
    for (const [totalMinor, instalments] of [
      [1, 2],
      [10.5, 2],
      [0, 2],
      [-100, 2],
      [100, 1],
      [100, 13],
      [Number.NaN, 2],
      [Infinity, 2],
    ] as const) {
      expect(isPossible({ totalMinor, instalments })).toBe(false);
    }
  });

  test('are covered in their order by what was paid, and no further than it goes', () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: 0, max: 200_000_000 }), (given, paid) => {
        const parts = instalmentsOf(given);
        const count = coveredBy(parts, paid);
        const sum = (upto: number) => parts.slice(0, upto).reduce((total, { amountMinor }) => total + amountMinor, 0);
        expect(sum(count)).toBeLessThanOrEqual(paid);
        if (count < parts.length) expect(sum(count + 1)).toBeGreaterThan(paid);
      }),
    );
  });

  test('are agreed by staff up to their limits, by managers without', () => {
    const limits = { staffMinor: 10_000, staffInstalments: 4 };
    expect(mayAgree('staff', { totalMinor: 10_000, instalments: 4 }, limits)).toBe(true);
    expect(mayAgree('staff', { totalMinor: 10_001, instalments: 4 }, limits)).toBe(false);
    expect(mayAgree('staff', { totalMinor: 100, instalments: 5 }, limits)).toBe(false);
    expect(mayAgree('manager', { totalMinor: 999_999, instalments: 12 }, limits)).toBe(true);
  });
});

describe('the tone of a letter', () => {
  test.each([
    ['en', 'This is a final notice: pay immediately.', ['final notice', 'immediately']],
    ['en', 'Your payment is OVERDUE', ['OVERDUE']],
    ['de', 'Dies ist die zweite Mahnung.', ['Mahnung']],
    ['de', 'Bitte zahlen Sie um\u00adgehend.', ['umgehend']],
    ['de', 'Wir erinnern Sie an die Rechnung', ['erinnern']],
    ['nl', 'Laatste waarschuwing voor het incassobureau', ['laatste waarschuwing', 'waarschuwing', 'incassobureau']],
    ['nb', 'Dette er en betalingspåminnelse!!', ['betalingspåminnelse', '!!']],
    ['nb', 'Purring: betal straks', ['Purring', 'straks']],
    ['de', 'This is your last notice', ['last notice']],
  ])('%s: %s', (language, text, expected) => {
    const found = reminderWords(text, language).map((word) => word.toLowerCase());
    for (const word of expected) expect(found).toContain(word.toLowerCase());
  });

  test('knows whole words only, and leaves ordinary ones alone', () => {
    expect(reminderWords('Wir haben Ihnen gern den Kaffee gerichtet; am Gerichtstag nicht.', 'de')).toEqual([
      'Gerichtstag',
    ]);
    expect(reminderWords('We illegally love coffee, and remain yours', 'en')).toEqual([]);
  });

  test('the letter that we propose has none of it, in any language', () => {
    const texts = loadTexts('data/locales');
    for (const language of languageCodes) {
      const t = texts.in(language);
      for (const key of [
        'letter.subject',
        'letter.words',
        'letter.after',
        'agreed.subject',
        'agreed.words',
        'home.lead',
      ]) {
        expect([language, key, reminderWords(t(`payment.${key}`, { company: 'X' }), language)]).toEqual([
          language,
          key,
          [],
        ]);
      }
    }
  });

  test('takes anything without falling over', () => {
    fc.assert(
      fc.property(anyText(), fc.constantFrom(...languageCodes, 'xx'), (text, language) => {
        expect(Array.isArray(reminderWords(text, language))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('times to be called', () => {
  const nine = { from: '09:00', to: '17:00' };
  const week = { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: null, sun: null };
  const place = { workingHours: week, timeZone: 'Europe/Berlin', country: 'DE' };

  const daysFrom = (at: WorkingPlace, country: string, now: string) => {
    const slots = callSlots(at, { timeZone: '', country }, now);
    return [...new Set(slots.map(({ from }) => from.slice(0, 10)))].slice(0, 3);
  };

  test('are on five working days, also over a weekend, holidays and the change of clocks', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true }),
        fc.constantFrom('Europe/Berlin', 'Europe/Oslo', 'America/New_York', 'Asia/Tokyo'),
        (date, zone) => {
          const now = date.toISOString();
          const slots = callSlots(place, { timeZone: zone, country: '' }, now);
          for (const { from, to } of slots) {
            expect(from > now && to > from).toBe(true);
            const [here, there] = [localTime(place.timeZone, from), localTime(zone, from)];
            expect(here.minutes).toBeGreaterThanOrEqual(9 * 60);
            expect(localTime(place.timeZone, to).minutes).toBeLessThanOrEqual(17 * 60);
            expect(there.minutes).toBeGreaterThanOrEqual(8 * 60);
            expect([0, 6]).not.toContain(new Date(`${here.day}T00:00:00Z`).getUTCDay());
          }
          if (zone.startsWith('Europe')) expect(new Set(slots.map(({ from }) => from.slice(0, 10))).size).toBe(5);
        },
      ),
    );
  });

  test('leave out Christmas', () => {
    expect(daysFrom(place, 'DE', '2026-12-23T18:00:00.000Z')).toEqual(['2026-12-24', '2026-12-28', '2026-12-29']);
  });

  test('leave out holidays where the customer lives, and Sundays even where the shop is open', () => {
    // King's Day is a Tuesday like any other in Germany.
    expect(daysFrom(place, 'NL', '2027-04-26T18:00:00.000Z')).toEqual(['2027-04-28', '2027-04-29', '2027-04-30']);
    expect(daysFrom(place, 'DE', '2027-04-26T18:00:00.000Z')).toEqual(['2027-04-27', '2027-04-28', '2027-04-29']);
    const always = { ...place, workingHours: { ...week, sat: nine, sun: nine } };
    expect(daysFrom(always, 'DE', '2026-11-13T18:00:00.000Z')).toEqual(['2026-11-14', '2026-11-16', '2026-11-17']);
  });
});

test('what a business starts with is what it could have typed', () => {
  expect(settingSchema.parse(USUAL)).toEqual(USUAL);
});
