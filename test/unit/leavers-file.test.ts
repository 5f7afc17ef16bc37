import { describe, expect, test } from '@jest/globals';
import { leaversCsv } from '../main-job/leavers-file.ts';

function rowsOf(csv: string) {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== names.length) throw new Error(`not ${names.length} cells: ${line}`);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

const rows = rowsOf(leaversCsv());
const minor = (amount = '') => Math.round(Number(amount) * 100);

describe('the file of leavers', () => {
  test('has the public file’s columns and as many rows in each category', () => {
    expect(leaversCsv().split('\n', 1)[0]).toBe(
      'customer_id,tenure_months,contract,internet_type,monthly_charge,churn_category,churn_reason',
    );
    const counts = [...Map.groupBy(rows, ({ churn_category }) => churn_category)].map(([name, all]) => [
      name,
      all.length,
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      Competitor: 841,
      Attitude: 314,
      Dissatisfaction: 321,
      Price: 211,
      Other: 182,
    });
  });

  test('comes to exactly 1,127,615.30 lost in a year', () => {
    const lost = rows.map((row) => minor(row.monthly_charge) * Math.min(Number(row.tenure_months), 12));
    expect(lost.reduce((sum, one) => sum + one, 0)).toBe(112_761_530);
  });

  test('holds tenures from 1 to 72, charges as people pay them, and a few credits', () => {
    const tenures = rows.map(({ tenure_months }) => Number(tenure_months));
    expect([Math.min(...tenures), Math.max(...tenures)]).toEqual([1, 72]);
    const charges = rows.map(({ monthly_charge }) => minor(monthly_charge));
    const credits = charges.filter((charge) => charge < 0);
    expect(credits.length).toBeGreaterThan(5);
    expect(credits.length).toBeLessThan(60);
    expect(Math.min(...charges.filter((charge) => charge > 0))).toBeGreaterThan(1_000);
    expect(Math.max(...charges)).toBeLessThan(13_000);
    expect(rows.filter(({ monthly_charge = '' }) => !/^-?\d+\.\d\d$/.test(monthly_charge))).toEqual([]);
  });

  test('names each customer once and gives each a reason', () => {
    expect(new Set(rows.map(({ customer_id }) => customer_id)).size).toBe(1869);
    expect(rows.filter(({ churn_reason }) => !churn_reason)).toEqual([]);
  });

  test.each([100, 777, 3000])('has %i rows where so many are wanted', (count) => {
    expect(rowsOf(leaversCsv(count))).toHaveLength(count);
  });

  test('is the same each time, and refuses what is too small to add up', () => {
    expect(leaversCsv(300)).toBe(leaversCsv(300));
    expect(() => leaversCsv(99)).toThrow(RangeError);
  });
});
