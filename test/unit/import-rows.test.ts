import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRowChecker } from '../../src/customers/import/check-table.ts';
import { recogniseColumns } from '../../src/customers/import/columns.ts';
import { checkCustomerRow } from '../../src/customers/import/customer-row.ts';
import type { CheckContext } from '../../src/customers/import/field-readers.ts';
import { FIELDS, IMPORT_KINDS, type ImportKind } from '../../src/customers/import/fields.ts';
import { readTable } from '../../src/customers/import/read-file.ts';
import { rejectedLines } from '../../src/customers/import/rejected.ts';
import { checkDealingRow, checkInvoiceRow, checkPurchaseRow, ROW_CHECKS } from '../../src/customers/import/rows.ts';
import { anyText, seenText } from '../support/any-text.ts';

// Files are long and machines may be busy.
const context: CheckContext = { currency: 'EUR', locale: 'de', today: '2026-11-21', decimal: ',' };

type Outcome = { ok: true; data: unknown } | { ok: false; errors: { column: string; key: string }[] };

/** The data, or which message stands at which column. */
function outcome(result: Outcome): unknown {
  if (result.ok) return result.data;
  return Object.fromEntries(result.errors.map(({ column, key }) => [column, key.replace('import.error.', '')]));
}

const customer = (cells: Parameters<typeof checkCustomerRow>[0], more: Partial<CheckContext> = {}) =>
  outcome(checkCustomerRow({ reference: 'K-1', ...cells }, { ...context, ...more }));

describe('A customer’s row', () => {
  test('a line of totals is no customer', () => {
    const empty = { givenName: '', familyName: ' ', email: '' };
    for (const reference of ['Total 4 customers', 'Summe: 12', 'Totaal', 'I alt 5']) {
      expect(customer({ reference, ...empty })).toEqual({ reference: 'onlyNumber' });
      expect(customer({ reference, ...empty, yearlyValue: '1.300,00' })).toEqual({ reference: 'onlyNumber' });
    }
    expect(customer({ reference: 'Total-7', ...empty, familyName: 'Berg' })).toMatchObject({ familyName: 'Berg' });
    expect(customer({ reference: 'Totally', ...empty })).toMatchObject({ reference: 'Totally' });
  });

  test('in order', () => {
    expect(
      customer({
        fullName: 'Frau Anna Berg',
        email: 'Anna@Example.com',
        country: 'Norge',
        language: 'norsk',
        customerSince: '02.04.2019',
        tags: 'neu; VIP',
        contact: 'ingrid@example.com',
        yearlyValue: '1.480,00 €',
        notes: 'Zeile 1\r\nZeile 2',
      }),
    ).toEqual({
      reference: 'K-1',
      title: 'Frau',
      givenName: 'Anna',
      familyName: 'Berg',
      organisation: '',
      email: 'Anna@example.com',
      country: 'NO',
      language: 'nb',
      customerSince: '2019-04-02',
      tags: ['neu', 'VIP'],
      contact: 'ingrid@example.com',
      yearlyValueMinor: 148000,
      notes: 'Zeile 1\nZeile 2',
    });
  });

  test('says nothing of what the file has no column for, and empties what it has an empty cell for', () => {
    expect(customer({})).toEqual({ reference: 'K-1' });
    expect(customer({ email: '', customerSince: ' ', yearlyValue: '', tags: '' })).toEqual({
      reference: 'K-1',
      email: '',
      customerSince: null,
      yearlyValueMinor: null,
      tags: [],
    });
  });

  test('names the colleague who looks after them by address or by name', () => {
    expect(customer({ contact: ' Ingrid  Solheim' })).toEqual({ reference: 'K-1', contact: 'Ingrid Solheim' });
    expect(customer({ contact: 'ingrid@' })).toEqual({ contact: 'notAnEmail' });
  });

  test('with every cell wrong has a message at each', () => {
    expect(
      customer({
        reference: '',
        givenName: 'A\0nna',
        email: 'anna@example,com',
        telephone: 'x',
        customerSince: '31.02.2022',
        yearlyValue: '1,120.00 kr',
        notes: 'x'.repeat(5001),
        city: '#REF!',
      }),
    ).toEqual({
      reference: 'noReference',
      givenName: 'hiddenCharacter',
      email: 'commaInAddress',
      telephone: 'notATelephone',
      customerSince: 'noSuchDay',
      yearlyValue: 'notInCurrencySwapped',
      notes: 'tooLong',
      city: 'formulaError',
    });
  });

  test('keeps what a spreadsheet would take for a formula', () => {
    expect(customer({ familyName: '=SUM(A1)', city: '@home' })).toMatchObject({
      familyName: '=SUM(A1)',
      city: '@home',
    });
  });

  test('a number that the spreadsheet has shortened is no reference', () => {
    expect(customer({ reference: '1,23457E+11', telephone: '4,93E+11' })).toEqual({
      reference: 'shortenedNumber',
      telephone: 'shortenedNumber',
    });
    expect(customer({ reference: 10482 })).toEqual({ reference: '10482' });
  });

  test('has left when it says so with a day, or has a leaving day', () => {
    const left = { reference: 'K-1', status: 'left', leftOn: '2026-03-01' };
    expect(customer({ status: 'gekündigt', leftOn: '01.03.2026' })).toEqual(left);
    expect(customer({ leftOn: '01.03.2026' })).toEqual(left);
    expect(customer({ status: '', leftOn: '' })).toEqual({ reference: 'K-1', status: 'active', leftOn: null });
    expect(customer({ status: 'left' })).toEqual({ leftOn: 'leftWithoutDate' });
    expect(customer({ status: 'left', leftOn: 'soon' })).toEqual({ leftOn: 'notADate' });
    expect(customer({ status: 'aktiv', leftOn: '01.03.2026' })).toEqual({ status: 'leftButActive' });
    expect(customer({ leftOn: '01.03.2018', customerSince: '01.03.2019' })).toEqual({ leftOn: 'leftBeforeCame' });
    expect(customer({ leftOn: '01.03.2027' })).toEqual({ leftOn: 'inFuture' });
  });

  test('a legal basis needs its source and day, from the row or from what holds for the whole file', () => {
    const shared = { basis: 'contract' as const, source: 'Vertrag 2024', on: '2024-01-01' };
    expect(customer({ legalBasis: 'Einwilligung' })).toEqual({
      legalBasisSource: 'noBasisSource',
      legalBasisOn: 'noBasisDate',
    });
    expect(customer({ legalBasis: 'Einwilligung', legalBasisSource: 'Formular' }, { legalBasis: shared })).toEqual({
      reference: 'K-1',
      legalBasis: 'consent',
      legalBasisSource: 'Formular',
      legalBasisOn: '2024-01-01',
    });
    expect(customer({}, { legalBasis: shared })).toEqual({
      reference: 'K-1',
      legalBasis: 'contract',
      legalBasisSource: 'Vertrag 2024',
      legalBasisOn: '2024-01-01',
    });
    expect(customer({ legalBasis: '' })).toMatchObject({ legalBasis: '', legalBasisSource: '', legalBasisOn: null });
  });

  test('a name in one cell fills only what has no cell of its own', () => {
    expect(customer({ fullName: 'Nordlys AS' })).toMatchObject({ organisation: 'Nordlys AS', familyName: '' });
    expect(customer({ fullName: 'Anna Berg', organisation: 'Nordlys AS' })).toMatchObject({
      organisation: 'Nordlys AS',
      givenName: 'Anna',
      familyName: 'Berg',
    });
    expect(customer({ fullName: 'A. Berg', givenName: 'Anna', familyName: 'Berg' })).toEqual({
      reference: 'K-1',
      givenName: 'Anna',
      familyName: 'Berg',
    });
  });
});

describe('Purchases, invoices, dealings', () => {
  test('a purchase; a negative amount is a credit', () => {
    expect(
      outcome(checkPurchaseRow({ customer: 'K-1', date: '2026-01-02', amount: '-12,50', currency: '€' }, context)),
    ).toEqual({
      customerReference: 'K-1',
      purchasedOn: '2026-01-02',
      amountMinor: -1250,
      item: '',
      reference: '',
    });
    expect(outcome(checkPurchaseRow({ currency: 'NOK' }, context))).toEqual({
      customer: 'noReference',
      date: 'noDate',
      amount: 'noAmount',
      currency: 'notInCurrency',
    });
  });

  test('an invoice may fall due in the future, but not before it was written', () => {
    const cells = { customer: 'K-1', number: 'R-7', amount: '10', issued: '01.11.2026', due: '01.12.2026' };
    const data = {
      customerReference: 'K-1',
      number: 'R-7',
      amountMinor: 1000,
      issuedOn: '2026-11-01',
      dueOn: '2026-12-01',
    };
    expect(outcome(checkInvoiceRow(cells, context))).toEqual({ ...data, paidOn: null });
    expect(outcome(checkInvoiceRow({ ...cells, paid: 'nein' }, context))).toEqual({ ...data, paidOn: null });
    expect(outcome(checkInvoiceRow({ ...cells, paid: 'ja' }, context))).toEqual({ ...data, paidOn: '2026-12-01' });
    expect(outcome(checkInvoiceRow({ ...cells, paid: '20.11.2026' }, context))).toEqual({
      ...data,
      paidOn: '2026-11-20',
    });
    expect(outcome(checkInvoiceRow({ ...cells, due: '01.10.2026' }, context))).toEqual({ due: 'endsBeforeBegins' });
    expect(outcome(checkInvoiceRow({ ...cells, paid: '20.12.2026' }, context))).toEqual({ paid: 'inFuture' });
  });

  test('a dealing', () => {
    const cells = { customer: 'K-1', kind: 'Lieferung', from: '01.12.2026', to: '02.12.2026', note: 'Tor 2' };
    expect(outcome(checkDealingRow(cells, context))).toEqual({
      customerReference: 'K-1',
      kind: 'delivery',
      fromOn: '2026-12-01',
      toOn: '2026-12-02',
      reference: '',
      note: 'Tor 2',
    });
    expect(outcome(checkDealingRow({ ...cells, to: '01.11.2026' }, context))).toEqual({ to: 'endsBeforeBegins' });
    expect(outcome(checkDealingRow({ customer: 'K-1', kind: 'party' }, context))).toEqual({
      kind: 'notAKind',
      from: 'noStart',
    });
  });
});

function check(kind: ImportKind, header: string[], ...rows: string[][]) {
  const { mapping } = recogniseColumns(kind, header);
  const checkRow = createRowChecker(kind, mapping, header.length, context);
  return rows.map((cells, at) => checkRow({ row: at + 2, cells }));
}

describe('Rows of one file', () => {
  test('a reference and an address may stand in it once', () => {
    const rows = check(
      'customers',
      ['Nr', 'E-Mail'],
      ['1', 'a@example.com'],
      ['2', 'b'],
      ['1', 'A@Example.com'],
      ['2', ''],
    );
    expect(rows.map((row) => row.ok)).toEqual([true, false, false, false]);
    expect(rows[2]).toMatchObject({
      row: 4,
      cells: ['1', 'A@Example.com'],
      errors: [
        { column: 'reference', key: 'import.error.alsoInRow', values: { row: '2' } },
        { column: 'email', key: 'import.error.alsoInRow', values: { row: '2' } },
      ],
    });
    expect(rows[3]).toMatchObject({ errors: [{ column: 'reference', values: { row: '3' } }] });
  });

  test('invoices repeat by customer and number, purchases only by a reference of their own', () => {
    const header = ['Kunde', 'Nummer', 'Betrag', 'fällig'];
    const due = '2026-01-01';
    const invoices = check('invoices', header, ['1', 'A', '1', due], ['2', 'A', '1', due], ['1', 'A', '1', due]);
    expect(invoices.map((row) => row.ok)).toEqual([true, true, false]);
    const same = ['1', '2026-01-01', '5,00'];
    expect(check('purchases', ['Kunde', 'Datum', 'Betrag'], same, same).map((row) => row.ok)).toEqual([true, true]);
  });

  test('a row with more cells than the header is out of step', () => {
    const [row] = check('customers', ['Nr', 'Name'], ['1', 'Berg', ' Anna']);
    expect(row).toMatchObject({ ok: false, errors: [{ column: 'row', key: 'import.error.moreCells' }] });
  });

  test('rejected ones come back as a file that can be mended and read again', async () => {
    const header = ['Nr', 'Telefon'];
    const [row] = check('customers', header, ['=1', '+x']);
    if (!row || row.ok) throw new Error('it should have been rejected');
    const facts = { separator: ';' as const, header };
    const { head, line } = rejectedLines(facts, { row: 'Zeile', problem: 'Was' }, ({ errors }) =>
      errors.map((e) => e.key).join(),
    );
    const file = head + line(row);
    expect(file).toBe("\uFEFFNr;Telefon;Zeile;Was\r\n'=1;'+x;2;import.error.notATelephone\r\n");
    const table = await readTable(Buffer.from(file), 'x.csv');
    for await (const [first] of table.batches()) expect(first?.cells.slice(0, 2)).toEqual(['=1', '+x']);
  });

  test('no cells make a check fail, and what is taken holds no hidden character', () => {
    const cell = fc.oneof(seenText(), anyText(), fc.double());
    fc.assert(
      fc.property(fc.constantFrom(...IMPORT_KINDS), fc.array(cell, { minLength: 26, maxLength: 26 }), (kind, cells) => {
        const named = Object.fromEntries(FIELDS[kind].map((field, at) => [field, cells[at]]));
        const result = ROW_CHECKS[kind](named, context);
        if (result.ok) expect(JSON.stringify(result.data)).not.toMatch(/\\u00/);
        else expect(result.errors.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('Messages', () => {
  const languages = ['en', 'de', 'nl', 'nb'];
  type Entry = string | Record<string, string>;
  const texts = new Map(
    languages.map((language) => [
      language,
      JSON.parse(
        readFileSync(new URL(`../../data/locales/${language}/import.json`, import.meta.url), 'utf8'),
      ) as Record<string, Entry>,
    ]),
  );
  const placeholders = (entry: Entry) =>
    [...JSON.stringify(entry).matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

  test('exist in each language with the same values in them', () => {
    const english = texts.get('en') ?? {};
    for (const language of languages) {
      const own = texts.get(language) ?? {};
      expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
      for (const [key, entry] of Object.entries(english)) {
        expect([key, placeholders(own[key] ?? '')]).toEqual([key, placeholders(entry)]);
      }
    }
  });

  test('exist for each field and each fault that the code names', () => {
    const english = texts.get('en') ?? {};
    for (const field of IMPORT_KINDS.flatMap((kind) => FIELDS[kind]))
      expect(english).toHaveProperty([`import.column.${field}`]);
    for (const [pattern, prefix] of [
      [/\b(?:bad|wrong|message|required)\((?:[^()]*?(?:\([^()]*\))?,\s*)?'(\w+)'/g, 'import.error.'],
      [/\bfault\([^)]*?'(\w+)'/g, 'import.file.'],
    ] as const) {
      const named = sources().flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1]));
      expect(named.length).toBeGreaterThan(10);
      for (const name of named) expect(english).toHaveProperty([`${prefix}${name}`]);
    }
  });

  function sources(): string[] {
    const files = ['field-readers', 'rows', 'check-table', 'contact-value', 'money-value', 'date-value', 'word-value'];
    const readers = ['place-value', 'csv-table', 'xlsx-table', 'xlsx-guard', 'read-file', 'header', 'text-encoding'];
    return [...files, ...readers].map((file) =>
      readFileSync(new URL(`../../src/customers/import/${file}.ts`, import.meta.url), 'utf8'),
    );
  }
});
