import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { leaversCsv } from './leavers-file.ts';
import { csvDocument } from '../../src/shared/csv.ts';
import { addDays, addMonths } from '../../src/shared/dates.ts';
import { parsePlainMoney, plainMoney } from '../../src/shared/money.ts';

const FILE = join(import.meta.dirname, '../../../shared/data/telco_leavers.csv');
const CURRENCY = 'EUR';
const DAYS = 300;

export interface Leaver {
  reference: string;
  tenure: number;
  chargeMinor: number;
  category: string;
  reason: string;
  email: string;
  leftOn: string;
}

/** The rows of the file, or of one of the same shape that the sample company makes; each with a day of leaving. */
export function readLeavers(today: string): { source: string; leavers: Leaver[] } {
  const there = existsSync(FILE);
  const text = there ? readFileSync(FILE, 'utf8') : leaversCsv();
  const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  const leavers = rows.map((row, i) => {
    const reference = row.customer_id ?? '';
    const chargeMinor = parsePlainMoney(row.monthly_charge ?? '', CURRENCY);
    if (chargeMinor === undefined) throw new Error(`Row ${i + 2} has no amount`);
    return {
      reference,
      tenure: Number(row.tenure_months),
      chargeMinor,
      category: row.churn_category ?? '',
      reason: row.churn_reason ?? '',
      email: `${reference.toLowerCase()}@example.com`,
      leftOn: addDays(today, -1 - (i % DAYS)),
    };
  });
  return { source: there ? 'the public file' : 'a file that the sample company makes', leavers };
}

/** The customers as a business would export them; the script supplies addresses, the legal basis stands in the form. */
export function customersFile(leavers: Leaver[]): string {
  const rows = leavers.map(({ reference, email, leftOn }) => [
    reference,
    `Customer ${reference}`,
    email,
    'en',
    'left',
    leftOn,
  ]);
  return csvDocument(['Customer number', 'Organisation', 'E-mail', 'Language', 'Status', 'Left on'], rows);
}

/** One purchase a month for min(tenure, 12) months up to the leaving date. */
export function purchasesFile(leavers: Leaver[]): string {
  const rows = leavers.flatMap(({ reference, tenure, chargeMinor, leftOn }) =>
    Array.from({ length: Math.min(tenure, 12) }, (_, month) => [
      reference,
      addMonths(leftOn, -month),
      plainMoney(chargeMinor, CURRENCY),
      'Monthly charge',
      `${reference}-${month}`,
    ]),
  );
  return csvDocument(['Customer number', 'Date', 'Amount', 'Item', 'Purchase number'], rows);
}

export interface Expected {
  category: string;
  key: string;
  count: number;
  lostMinor: number;
}

export const keyOf = (category: string): string => category.toLowerCase();

/** What the report has to say, counted from the file alone. */
export function expectedFrom(leavers: Leaver[]): { rows: Expected[]; count: number; lostMinor: number } {
  const rows = [...Map.groupBy(leavers, (each) => each.category)].map(([category, own]) => ({
    category,
    key: keyOf(category),
    count: own.length,
    lostMinor: own.reduce((sum, { tenure, chargeMinor }) => sum + Math.min(tenure, 12) * chargeMinor, 0),
  }));
  rows.sort((a, b) => b.lostMinor - a.lostMinor);
  return { rows, count: leavers.length, lostMinor: rows.reduce((sum, row) => sum + row.lostMinor, 0) };
}
