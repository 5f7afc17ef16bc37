import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDemoContent } from '../../src/demo/content.ts';
import { generateCompany } from '../../src/demo/generate.ts';
import type { DemoCompany, DemoCustomer } from '../../src/demo/model.ts';
import { addDays, addMonths, isTimeZone } from '../../src/shared/dates.ts';

const content = loadDemoContent();
const usual = generateCompany({ today: '2026-11-22' }, content);

function lostOf(company: DemoCompany): DemoCustomer[] {
  return company.customers.filter(({ status }) => status === 'left');
}

/** The purchases after `start(last)`, up to the last one; the typed value where there are none. */
function worthsOf(company: DemoCompany, start: (last: string) => string): number[] {
  const purchases = Map.groupBy(company.purchases, ({ customer }) => customer);
  return lostOf(company).map(({ reference, yearly_value_minor }) => {
    const bought = purchases.get(reference) ?? [];
    const last = bought.at(-1)?.date;
    if (last === undefined) return yearly_value_minor ?? Number.NaN;
    const inYear = bought.filter(({ date }) => date > start(last) && date <= last);
    return inYear.reduce((sum, { amount_minor }) => sum + amount_minor, 0);
  });
}

const total = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0);
const lastYear = (last: string) => addMonths(last, -12);

describe('what the lost customers were worth', () => {
  test.each([
    ['2026-11-22', 1],
    ['2024-02-29', 2],
    ['2028-02-29', 3],
    ['2025-02-28', 4],
    ['2025-03-01', 5],
    ['2026-01-01', 6],
    ['2026-12-31', 7],
  ])('is exactly 42,000.00 a year on %s with seed %i', (today, seed) => {
    const company = generateCompany({ today, seed }, content);
    const worths = worthsOf(company, lastYear);
    expect(worths).toHaveLength(140);
    expect(total(worths)).toBe(4_200_000);
  });

  test('is met for any day, seed and size', () => {
    const days = fc.integer({ min: 0, max: 3000 }).map((offset) => addDays('2023-01-15', offset));
    const sizes = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(days, fc.integer(), sizes, fc.integer({ min: 20_000, max: 60_000 }), (today, seed, lost, mean) => {
        const options = { today, seed, customers: lost + 20, lost, lostYearlyMinor: lost * mean };
        const company = generateCompany(options, content);
        expect(total(worthsOf(company, lastYear))).toBe(lost * mean);
        expect(lostOf(company)).toHaveLength(lost);
      }),
      { numRuns: 40 },
    );
  });

  test('does not depend on how twelve months are counted', () => {
    const exact = worthsOf(usual, lastYear);
    expect(worthsOf(usual, (last) => addDays(last, -365))).toEqual(exact);
    expect(worthsOf(usual, (last) => addDays(last, -367))).toEqual(exact);
    expect(worthsOf(usual, (last) => addDays(addMonths(last, -12), 2))).toEqual(exact);
  });

  test('varies around 300 between 40 and 1,900', () => {
    const worths = worthsOf(usual, lastYear).sort((a, b) => a - b);
    expect(worths[0]).toBeGreaterThanOrEqual(4_000);
    expect(worths.at(-1)).toBeLessThanOrEqual(190_000);
    expect(worths[14]).toBeLessThan(15_000);
    expect(worths[125]).toBeGreaterThan(45_000);
    expect(new Set(worths).size).toBeGreaterThan(100);
  });

  test('rests on no single purchase that makes up the sum', () => {
    const purchases = Map.groupBy(usual.purchases, ({ customer }) => customer);
    for (const { reference } of lostOf(usual)) {
      const amounts = (purchases.get(reference) ?? []).map(({ amount_minor }) => amount_minor);
      if (amounts.length < 3) continue;
      const mean = total(amounts) / amounts.length;
      expect(Math.max(...amounts)).toBeLessThan(mean * 3);
      expect(Math.min(...amounts)).toBeGreaterThan(mean / 4);
    }
  });
});

describe('customers', () => {
  test('are 700, 140 of them lost within the last twelve months', () => {
    expect(usual.customers).toHaveLength(700);
    const days = lostOf(usual).map(({ left_on }) => left_on ?? '');
    expect(days).toHaveLength(140);
    for (const day of days) {
      expect(day > addMonths(usual.today, -12)).toBe(true);
      expect(day < usual.today).toBe(true);
    }
    expect(usual.customers.filter(({ status, left_on }) => status === 'active' && left_on !== null)).toEqual([]);
  });

  test('leave more often in the second half of the year', () => {
    const half = addMonths(usual.today, -6);
    const later = lostOf(usual).filter(({ left_on }) => (left_on ?? '') >= half);
    expect(later.length).toBeGreaterThan(78);
  });

  test('have references and addresses of their own, all at example.com', () => {
    const emails = usual.customers.map(({ email }) => email).filter((email) => email !== '');
    expect(new Set(usual.customers.map(({ reference }) => reference)).size).toBe(700);
    expect(new Set(emails).size).toBe(emails.length);
    for (const email of emails) expect(email).toMatch(/^[a-z0-9]+([.-][a-z0-9]+)*@example\.com$/);
  });

  test('speak four languages, each many', () => {
    const spoken = Map.groupBy(usual.customers, ({ language }) => language);
    expect([...spoken.keys()].sort()).toEqual(['de', 'en', 'nb', 'nl']);
    for (const people of spoken.values()) expect(people.length).toBeGreaterThan(60);
  });

  test('have a time zone that exists, a contact among the staff, and a source and date for each legal basis', () => {
    const staff = new Set(usual.profile.staff.map(({ key }) => key));
    for (const one of usual.customers) {
      expect(isTimeZone(one.time_zone)).toBe(true);
      expect(staff.has(one.contact)).toBe(true);
      expect(one.legal_basis === '').toBe(one.legal_basis_source === '');
      expect(one.legal_basis === '').toBe(one.legal_basis_on === null);
      expect(one.given_name && one.family_name && one.city && one.street).toBeTruthy();
      expect(one.organisation === '').toBe(one.segment === 'household');
    }
  });

  test('who were lost: eight cannot be asked', () => {
    const lost = lostOf(usual);
    expect(lost.filter(({ email }) => email === '')).toHaveLength(5);
    expect(lost.filter(({ legal_basis }) => legal_basis === '')).toHaveLength(3);
  });
});

describe('records', () => {
  test.each(['2026-11-22', '2024-02-29'])('lie in order and before %s', (today) => {
    const company = generateCompany({ today, seed: 11 }, content);
    const customers = new Map(company.customers.map((one) => [one.reference, one]));
    const astray = [
      ...company.purchases.filter(({ customer, date }) => {
        const who = customers.get(customer);
        const inTime = date >= addMonths(today, -24) && date < (who?.left_on ?? today);
        return !inTime || date < (who?.customer_since ?? '~');
      }),
      ...company.dealings.filter(({ customer, from, to }) => {
        const who = customers.get(customer);
        const end = who?.left_on ?? today;
        return from < (who?.customer_since ?? '~') || from > end || (to !== null && (to < from || to > end));
      }),
      ...company.invoices.filter(({ issued_on, due_on, paid_on }) => {
        const paidWrong = paid_on !== null && (paid_on <= issued_on || paid_on > today);
        return issued_on >= due_on || issued_on >= today || paidWrong;
      }),
    ];
    expect(astray).toEqual([]);
  });

  test('carry references of their own and positive money', () => {
    for (const list of [usual.purchases, usual.dealings])
      expect(new Set(list.map(({ reference }) => reference)).size).toBe(list.length);
    expect(new Set(usual.invoices.map(({ number }) => number)).size).toBe(usual.invoices.length);
    const amounts = [...usual.purchases, ...usual.invoices].map(({ amount_minor }) => amount_minor);
    expect(amounts.filter((amount) => !Number.isInteger(amount) || amount <= 0)).toEqual([]);
  });

  test('are typed values only where there are no purchases', () => {
    const buyers = new Set(usual.purchases.map(({ customer }) => customer));
    for (const one of usual.customers) expect(buyers.has(one.reference)).toBe(one.yearly_value_minor === null);
    expect(usual.customers.length - buyers.size).toBeGreaterThan(5);
  });

  test('hold some ten to fifteen purchases for most, a few overdue invoices and each kind of dealing', () => {
    const counts = [...Map.groupBy(usual.purchases, ({ customer }) => customer).values()].map(({ length }) => length);
    counts.sort((a, b) => a - b);
    expect(counts[Math.floor(counts.length / 2)]).toBeGreaterThanOrEqual(10);
    const overdue = usual.invoices.filter(({ paid_on, due_on }) => paid_on === null && due_on < usual.today);
    expect(overdue.length).toBeGreaterThan(4);
    expect(overdue.length).toBeLessThan(40);
    const kinds = new Set(usual.dealings.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['complaint', 'delivery', 'order', 'visit']);
  });
});

test('the same seed gives the same company, another seed another one', () => {
  const options = { today: '2026-11-22', customers: 60, lost: 12, lostYearlyMinor: 360_000 };
  expect(generateCompany(options, content)).toEqual(generateCompany(options, content));
  expect(generateCompany({ ...options, seed: 2 }, content)).not.toEqual(generateCompany(options, content));
});

test('a company without anybody lost, and one that cannot be', () => {
  expect(lostOf(generateCompany({ today: '2026-11-22', customers: 20, lost: 0 }, content))).toEqual([]);
  expect(() => generateCompany({ today: '2026-02-30' }, content)).toThrow(RangeError);
  expect(() => generateCompany({ today: '2026-11-22', customers: 10, lost: 11 }, content)).toThrow(RangeError);
});
