import { expect, test } from '@jest/globals';
import { formatNumber } from '../../src/i18n/index.ts';
import { formatMoneyWhole } from '../../src/shared/money.ts';

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
