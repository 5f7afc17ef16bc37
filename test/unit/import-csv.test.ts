import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvDocument, csvLine, withoutFormulaGuard } from '../../src/shared/csv.ts';
import { seenText } from '../support/any-text.ts';

const parsed = (document: string, delimiter = ',') =>
  parse(document, { bom: true, delimiter, record_delimiter: '\r\n', relax_column_count: true }) as string[][];

describe('CSV for spreadsheets', () => {
  test('starts with a byte order mark and ends its lines as Windows does', () => {
    expect(csvDocument(['a', 'b'], [['1', 'ø']])).toBe('\uFEFFa,b\r\n1,ø\r\n');
  });

  test.each(['=1+1', '+49 30 123', '@sum', '-2+3', '-cmd', '\tx', '\rx', "'=1"])('disarms %j', (cell) => {
    const [[read = ''] = []] = parsed(csvLine([cell, 'x']));
    expect(read).toBe(`'${cell}`);
  });

  test.each(['-12.50', '-1.234,50', '12', "d'Artagnan", "'t Hoekje", '0049', ''])('leaves %j as it is', (cell) => {
    expect(parsed(csvLine([cell, 'x']))[0]?.[0]).toBe(cell);
  });

  test('writes numbers plainly and nothing for what is missing', () => {
    expect(csvLine([-3, 1.5, null, undefined, 'x'], ';')).toBe('-3;1.5;;;x\r\n');
  });

  test('every table comes back as it was', () => {
    const cell = fc.oneof(seenText(), fc.constantFrom("'=x", '"', ';', '\r\n', ' a ', '-', "''-"));
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1 });
    fc.assert(
      fc.property(table, fc.constantFrom(',' as const, ';' as const, '\t' as const), (rows, separator) => {
        const read = parsed(csvDocument(['x', 'y', 'z'], rows, separator), separator);
        expect(read.slice(1).map((cells) => cells.map(withoutFormulaGuard))).toEqual(rows);
      }),
    );
  });

  test('no cell reaches the spreadsheet as a formula', () => {
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '@', '\t', '\r'), fc.string(), (sign, rest) => {
        expect(parsed(csvLine([sign + rest, 'x']))[0]?.[0]).toBe(`'${sign}${rest}`);
      }),
    );
  });
});
