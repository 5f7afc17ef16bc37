import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatNumber } from '../../src/i18n/index.ts';
import { formatMoneyWhole, wholeTogether } from '../../src/shared/money.ts';

test.each([
  ['en', '−10.7', '−€4,300'],
  ['de', '−10,7', '−4.300 €'],
  ['nl', '−10,7', '€ −4.300'],
  ['nb', '−10,7', '−4 300 €'],
])('in %s what is less than nothing has a minus, not a hyphen', (language, points, money) => {
  const plain = (text: string) => text.replaceAll(/\s/g, ' ').replaceAll('\u200e', '');
  expect(plain(formatNumber(-10.7, language))).toBe(points);
  expect(plain(formatMoneyWhole(-430_000, 'EUR', language))).toBe(money);
});

test.each([
  ['EUR', 100],
  ['JPY', 1],
  ['BHD', 1000],
])(
  'sums in %s rounded together are whole, each less than a unit off, and add up to the rounded total',
  (currency, unit) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500_000, max: 5_000_000 })), (minors) => {
        const whole = wholeTogether(minors, currency);
        const sum = (rows: number[]) => rows.reduce((all, minor) => all + minor, 0);
        expect(sum(whole)).toBe(Math.round(sum(minors) / unit) * unit + 0);
        for (const [i, minor] of minors.entries()) {
          expect(Math.abs(whole[i]! % unit)).toBe(0);
          expect(Math.abs(whole[i]! - minor)).toBeLessThan(unit);
        }
      }),
    );
  },
);
