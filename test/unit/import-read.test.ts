import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvDocument } from '../../src/shared/csv.ts';
import { readTable } from '../../src/customers/import/read-file.ts';
import { LIMITS, type TableRow } from '../../src/customers/import/table.ts';
import { seenText } from '../support/any-text.ts';

// Files are long and machines may be busy.
const bytes = (text: string) => new TextEncoder().encode(text);

async function read(content: string | Uint8Array, filename = 'customers.csv') {
  const table = await readTable(typeof content === 'string' ? bytes(content) : content, filename);
  const rows: TableRow[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  return { facts: table.facts, rows };
}

async function faultOf(content: string | Uint8Array, filename?: string) {
  return read(content, filename).then(
    () => 'none',
    (error: { key: string; values: object }) => ({ key: error.key.replace('import.file.', ''), ...error.values }),
  );
}

function windows1252(text: string): Uint8Array {
  const special: Record<string, number> = { '€': 0x80, '’': 0x92 };
  return Uint8Array.from([...text].map((letter) => special[letter] ?? letter.codePointAt(0) ?? 0));
}

describe('Reading a CSV', () => {
  test('tells encoding, separator and header, and numbers rows as the spreadsheet does', async () => {
    const { facts, rows } = await read('\uFEFFNr;Name\r\n1;Ærlig\r\n\r\n"2";"zwei\r\nZeilen"\r\n3;x\r\n');
    expect(facts).toEqual({ format: 'csv', encoding: 'UTF-8', separator: ';', header: ['Nr', 'Name'] });
    expect(rows).toEqual([
      { row: 2, cells: ['1', 'Ærlig'] },
      { row: 4, cells: ['2', 'zwei\r\nZeilen'] },
      { row: 5, cells: ['3', 'x'] },
    ]);
  });

  test('reads what spreadsheets on Windows write', async () => {
    const { facts, rows } = await read(windows1252('Nr;Umsatz\n1;Grüße, 5 €\n'));
    expect(facts.encoding).toBe('Windows-1252');
    expect(rows[0]?.cells).toEqual(['1', 'Grüße, 5 €']);
  });

  test.each(['utf16le', 'utf16be'])('reads Excel’s Unicode text (%s)', async (order) => {
    const file = Buffer.from('\uFEFFNr\tNavn\r\n1\tBjørn\r\n', 'utf16le');
    const { facts, rows } = await read(order === 'utf16le' ? file : file.swap16());
    expect(facts).toMatchObject({ encoding: order === 'utf16le' ? 'UTF-16LE' : 'UTF-16BE', separator: '\t' });
    expect(rows[0]?.cells).toEqual(['1', 'Bjørn']);
  });

  test.each([
    ['a;b;c\n1,5;2,5;3,5\n', ';'],
    ['Name, Vorname;Ort\n"Berg, Anna";Ulm\nKurz, Bo;Hof\n', ';'],
    ['a,b\n"1;2;3",x\n', ','],
    ['a\tb\n1,5;\t2\n', '\t'],
    ['sep=;\na,b;c\n1;2\n', ';'],
    ['reference\nK-1\n', ','],
  ])('finds the separator of %j', async (file, separator) => {
    expect((await read(file)).facts.separator).toBe(separator);
  });

  test('finds the names of the columns below a title and a date', async () => {
    const title = 'Kundenliste Nord\r\nStand 21.11.2026\r\n\r\n';
    const { facts, rows } = await read(`${title}Kundennummer;Nachname;Ort\r\nK-1;Berg, Anna;Kiel\r\n`);
    expect(facts).toMatchObject({ separator: ';', header: ['Kundennummer', 'Nachname', 'Ort'] });
    expect(rows).toEqual([{ row: 5, cells: ['K-1', 'Berg, Anna', 'Kiel'] }]);
  });

  test('takes no row of data for the names of the columns', async () => {
    for (const text of ['foo,bar\n1,2\nreference,email\n', 'Kunde,x\nreference,email,name\n', 'x\ny\nz\n']) {
      expect((await read(text)).facts.header).toEqual(text.split('\n')[0]?.split(','));
    }
  });

  test('does not count Excel’s separator line as a row', async () => {
    const { facts, rows } = await read('sep=;\r\nNr;Name\r\n1;A\r\n');
    expect(facts.header).toEqual(['Nr', 'Name']);
    expect(rows[0]?.row).toBe(2);
  });

  test('keeps quotation marks that stand inside a text', async () => {
    const { rows } = await read('Nr,Name\n1,Gasthof "Zur Post"\n2,"Zur" Post\n');
    expect(rows.map(({ cells }) => cells[1])).toEqual(['Gasthof "Zur Post"', '"Zur" Post']);
  });

  test('fills short rows, keeps cells beyond the header, drops empty columns at the end', async () => {
    const { facts, rows } = await read('Nr,Name,,\n1\n2,B,,\n3,C,,extra\n');
    expect(facts.header).toEqual(['Nr', 'Name']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', ''],
      ['2', 'B'],
      ['3', 'C', '', 'extra'],
    ]);
  });

  test('takes back the apostrophe of our own files', async () => {
    const { rows } = await read(csvDocument(['Nr', 'Tel'], [['1', '+49 30 1']]));
    expect(rows[0]?.cells).toEqual(['1', '+49 30 1']);
  });

  test('can be read from its start again', async () => {
    const table = await readTable(bytes('Nr,Name\n1,A\n'), 'a.csv');
    for (let time = 0; time < 2; time += 1) {
      for await (const batch of table.batches()) expect(batch).toEqual([{ row: 2, cells: ['1', 'A'] }]);
    }
  });

  test('every table of ours reads back, whatever is in it', async () => {
    const cell = seenText({ minLength: 1 }).filter((text) => text.trim() !== '');
    const separators = fc.constantFrom(',' as const, ';' as const, '\t' as const);
    const visible = cell.filter((text) => !/[\0-\x08\x0E-\x1F]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(visible, visible, visible), { minLength: 1 }),
        separators,
        async (rows, separator) => {
          const { rows: back } = await read(csvDocument(['Nr', 'Name', 'Note'], rows, separator));
          expect(back.map(({ cells }) => cells)).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('never fails but with a reason that it can say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        await read(noise).catch((error: { key?: string }) => expect(error.key).toMatch(/^import\.file\./));
      }),
    );
  });
});

describe('Files that cannot be taken', () => {
  test.each<[string, string | Uint8Array, object]>([
    ['nothing', '', { key: 'empty' }],
    ['blank lines', '\n ; \n\n', { key: 'empty' }],
    ['only a header', 'Nr,Name\n\n , \n', { key: 'noRows' }],
    ['data on top', 'K-1,anna@example.com\nK-2,bo@example.com\n', { key: 'noHeader' }],
    ['numbers on top', '1,2,3\n4,5,6\n', { key: 'noHeader' }],
    ['twins', 'Nr,E-Mail,e-mail\n1,a,b\n', { key: 'twiceInHeader', name: 'e-mail', first: 'B', second: 'C' }],
    [
      'a NUL in the header',
      'Nr,Na\0me and a long enough rest'.padEnd(400, 'x') + '\n1,2\n',
      { key: 'hiddenInHeader', column: 'B' },
    ],
    ['an open quote', 'Nr,Name\n1,A\n2,"B\n3,C\n', { key: 'openQuote', row: '3' }],
    [
      'a line without end',
      `Nr,Name\n1,${'x'.repeat(10_000_000)}\n`,
      { key: 'rowTooLong', row: '2', characters: LIMITS.rowCharacters },
    ],
    ['a PDF', '%PDF-1.7\n1,2', { key: 'pdf' }],
    ['a web page', '<!DOCTYPE html><table></table>', { key: 'unknownFormat' }],
    ['JSON', '[{"a": 1}]', { key: 'unknownFormat' }],
    ['a picture', Uint8Array.from({ length: 500 }, (_, i) => (i * 7) % 251), { key: 'notText' }],
    [
      'both encodings',
      Buffer.concat([Buffer.from('Nr,Name\n1,Grüße äöü\n2,'), Buffer.from([0xfc, 0x0a])]),
      { key: 'mixedEncodings' },
    ],
    ['an old Excel file', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), { key: 'oldExcel' }],
    [
      'a locked Excel file',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      { key: 'passwordProtected' },
    ],
    [
      'too many columns',
      `${Array.from({ length: 201 }, (_, i) => `c${i}`).join(',')}\n1\n`,
      { key: 'tooManyColumns', columns: 200 },
    ],
    ['20 MB and a byte', new Uint8Array(LIMITS.fileBytes + 1), { key: 'tooLarge', megabytes: 20 }],
  ])('%s', async (_, content, expected) => {
    expect(await faultOf(content)).toEqual(expected);
  });

  test('a web page that calls itself .xls is an old Excel file to its owner', async () => {
    expect(await faultOf('<html><table></table></html>', 'Kunden.XLS')).toEqual({ key: 'oldExcel' });
  });

  test('more rows than allowed', async () => {
    const file = `reference\n${'K\n'.repeat(LIMITS.rows + 1)}`;
    expect(await faultOf(file)).toEqual({ key: 'tooManyRows', rows: LIMITS.rows });
  });
});
