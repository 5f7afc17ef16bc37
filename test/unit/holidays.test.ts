import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { easterOf, holidaysOf, isHoliday } from '../../src/invitations/holidays.ts';
import { weekdayOf } from '../../src/shared/zones.ts';

describe('Public holidays', () => {
  test.each([
    ['2024', '2024-03-31'],
    ['2025', '2025-04-20'],
    ['2026', '2026-04-05'],
    ['2027', '2027-03-28'],
    ['2038', '2038-04-25'],
    ['2285', '2285-03-22'],
    ['1818', '1818-03-22'],
    ['1943', '1943-04-25'],
  ])('Easter of %s', (year, day) => {
    expect(easterOf(Number(year))).toBe(day);
  });

  test('Easter is a Sunday between 22 March and 25 April', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1583, max: 4099 }), (year) => {
        const day = easterOf(year);
        return weekdayOf(day) === 0 && day.slice(5) >= '03-22' && day.slice(5) <= '04-25';
      }),
    );
  });

  test.each([
    [
      'DE',
      ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-05-14', '2026-05-25', '2026-10-03', '2026-12-26'],
    ],
    ['AT', ['2026-01-06', '2026-06-04', '2026-08-15', '2026-10-26', '2026-12-08']],
    ['CH', ['2026-08-01', '2026-05-14', '2026-12-26']],
    ['NL', ['2026-04-27', '2025-04-26', '2026-05-05', '2026-05-25']],
    ['BE', ['2026-07-21', '2026-11-11', '2026-08-15']],
    ['NO', ['2026-04-02', '2026-05-17', '2026-05-14', '2026-05-25']],
    ['GB', ['2026-05-04', '2026-05-25', '2026-08-31', '2026-12-28', '2022-12-26', '2022-12-27', '2023-01-02']],
    ['IE', ['2026-02-02', '2025-02-03', '2030-02-01', '2026-03-17', '2026-10-26']],
    ['US', ['2026-01-19', '2026-07-03', '2026-11-26', '2026-06-19', '2027-12-24', '2021-12-31']],
  ])('%s', (country, days) => {
    expect(days.filter((day) => !isHoliday(country, day))).toEqual([]);
  });

  test('what is no holiday there', () => {
    expect(isHoliday('NL', '2026-04-03')).toBe(false);
    expect(isHoliday('NL', '2025-04-27')).toBe(false);
    expect(isHoliday('GB', '2026-12-26')).toBe(false);
    expect(isHoliday('BE', '2026-12-26')).toBe(false);
    expect(isHoliday('US', '2026-07-04')).toBe(false);
    expect(isHoliday('', '2026-12-25')).toBe(false);
    expect(holidaysOf('DE', 2026).size).toBe(11);
  });
});
