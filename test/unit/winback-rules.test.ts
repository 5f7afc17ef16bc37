import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../src/shared/dates.ts';
import { nextNeedOf } from '../../src/recovery/next-needs/rules.ts';
import {
  CODE_LETTERS,
  bringsTogether,
  limitReached,
  namesOffer,
  newcomersGetMore,
  newCode,
} from '../../src/recovery/offers/rules.ts';
import { chanceOf, winBackRates } from '../../src/recovery/winback/rules.ts';

const day = fc.integer({ min: 0, max: 3000 }).map((days) => addDays('2018-01-01', days));

test('the next need is the median gap after the last purchase, and is asked about before it, not after', () => {
  fc.assert(
    fc.property(fc.uniqueArray(day, { minLength: 0, maxLength: 30 }), (days) => {
      const sorted = days.toSorted();
      const need = nextNeedOf(sorted);
      if (sorted.length < 4) return expect(need).toBeUndefined();
      expect(need?.lastOn).toBe(sorted.at(-1));
      expect(need?.expectedOn).toBe(addDays(need?.lastOn ?? '', need?.gapDays ?? 0));
      expect(need!.askFrom <= need!.expectedOn && need!.askFrom > need!.lastOn).toBe(true);
    }),
  );
  const even = ['2026-01-01', '2026-01-11', '2026-01-21', '2026-01-31'];
  expect(nextNeedOf(even)).toEqual({
    gapDays: 10,
    lastOn: '2026-01-31',
    expectedOn: '2026-02-10',
    askFrom: '2026-02-08',
  });
});

test('the chance never rises by time alone, and says when it changes next', () => {
  const facts = fc.record({
    reasonKey: fc.constantFrom('', 'price', 'quality', 'promises', 'moved', 'payment'),
    since: fc.option(day, { nil: null }),
    leftOn: day,
    reached: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, fc.nat(800), fc.nat(800), (one, gone, more) => {
      const [now, later] = [addDays(one.leftOn, gone), addDays(one.leftOn, gone + more)];
      const [first, second] = [chanceOf({ ...one, today: now }), chanceOf({ ...one, today: later })];
      expect(second.chance).toBeLessThanOrEqual(first.chance);
      if (later < first.changesOn) expect(second.chance).toBe(first.chance);
    }),
  );
  const good = { reasonKey: 'promises', since: '2015-01-01', leftOn: '2026-10-01', reached: true, today: '2026-11-01' };
  expect([chanceOf(good).chance, chanceOf({ ...good, reasonKey: 'moved' }).chance]).toEqual([3, 0]);
});

test('no limit lets one more through than it says', () => {
  const count = fc.nat(20);
  const limit = fc.option(fc.integer({ min: 1, max: 20 }), { nil: null });
  fc.assert(
    fc.property(limit, limit, limit, count, count, count, (most, perYear, perCustomer, given, thisYear, toThem) => {
      const why = limitReached({ most, perYear, perCustomer }, { given, thisYear, toThem });
      const full = [
        most !== null && given >= most,
        perYear !== null && thisYear >= perYear,
        perCustomer !== null && toThem >= perCustomer,
      ];
      expect(why !== null).toBe(full.includes(true));
    }),
  );
});

test('a code is found as a word of its own, however it is written, and nowhere else', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat(CODE_LETTERS.length - 1)),
      fc.constantFrom('', ' ', '(', '/'),
      (numbers, before) => {
        const random = () => numbers.next().value;
        const code = newCode(random);
        expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
        expect(
          namesOffer({ reference: '', item: `Beans${before === '' ? ' ' : before}${code.toLowerCase()}` }, code, []),
        ).toBe(true);
        expect(namesOffer({ reference: `A${code}`, item: `${code}7` }, code, [])).toBe(false);
      },
    ),
  );
  expect(namesOffer({ reference: '', item: 'Probierpaket' }, '', ['Tasting box', 'probierpaket'])).toBe(true);
  expect(namesOffer({ reference: '', item: '' }, '', ['', 'Tasting box'])).toBe(false);
});

test('what the catalogue warns of', () => {
  expect(bringsTogether(['discount_amount', 'upgrade'], [])).toBe(true);
  expect(bringsTogether(['upgrade', 'gift'], ['discount_percent'])).toBe(true);
  expect(bringsTogether(['discount_amount', 'gift'], ['token'])).toBe(false);
  expect(bringsTogether(['upgrade', 'gift'], ['discount_percent', 'upgrade'])).toBe(false);
  expect(
    newcomersGetMore([
      { forWhom: 'new', costMinor: 500 },
      { forWhom: 'everyone', costMinor: 400 },
    ]),
  ).toBe(true);
  expect(
    newcomersGetMore([
      { forWhom: 'new', costMinor: 500 },
      { forWhom: 'loyal', costMinor: 500 },
    ]),
  ).toBe(false);
  expect(winBackRates({ lost: 10, attempted: 4, wonBack: 1 })).toEqual({ ofAttempted: 0.25, ofLost: 0.1 });
  expect(winBackRates({ lost: 0, attempted: 0, wonBack: 0 })).toEqual({ ofAttempted: undefined, ofLost: undefined });
});
