import { describe, expect, test } from '@jest/globals';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { readTable } from '../../src/customers/import/read-file.ts';
import type { TableRow } from '../../src/customers/import/table.ts';
import { storedZip, unpackEntry, zipEntries } from '../../src/shared/zip.ts';
import { packedSpaces } from '../support/packed.ts';

// Files are long and machines may be busy.
type SheetCell = string | number | boolean | Date | null;

function excel(rows: SheetCell[][]): Promise<Buffer> {
  const cells = rows.map((row) =>
    row.map((value) => (value instanceof Date ? { value, type: Date, format: 'dd.mm.yyyy' } : value)),
  );
  return writeExcelFile(cells as SheetData).toBuffer();
}

async function read(file: Uint8Array) {
  const table = await readTable(file, 'customers.xlsx');
  const rows: TableRow[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  return { facts: table.facts, rows };
}

const faultOf = (file: Uint8Array) =>
  read(file).then(
    () => 'none',
    (error: { key?: string }) => error.key,
  );

const WORKBOOK = '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>';
const RELATIONS =
  '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>';

function workbook(sheetData: string): Buffer {
  return storedZip(
    new Map([
      ['xl/workbook.xml', Buffer.from(WORKBOOK)],
      ['xl/_rels/workbook.xml.rels', Buffer.from(RELATIONS)],
      ['xl/worksheets/sheet1.xml', Buffer.from(`<worksheet><sheetData>${sheetData}</sheetData></worksheet>`)],
    ]),
  );
}

const textRow = (row: number, ...texts: string[]) =>
  `<row r="${row}">${texts
    .map((text, at) => `<c r="${String.fromCharCode(65 + at)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`)
    .join('')}</row>`;

describe('Reading Excel', () => {
  test('keeps numbers as numbers and dates as unmistakable text', async () => {
    const file = await excel([
      ['Kundennummer', 'Kunde seit', 'Jahresumsatz', 'Notiz'],
      ['K-1', new Date('2019-04-02T00:00:00Z'), 310.5, ' =1+1 '],
      [null, null, null, null],
      [10482, new Date('2024-02-29T13:45:00Z'), -0.1, true],
    ]);
    const { facts, rows } = await read(file);
    expect(facts).toMatchObject({ format: 'xlsx', separator: null });
    expect(facts.header).toEqual(['Kundennummer', 'Kunde seit', 'Jahresumsatz', 'Notiz']);
    expect(rows).toEqual([
      { row: 2, cells: ['K-1', '2019-04-02', 310.5, ' =1+1 '] },
      { row: 4, cells: [10482, '2024-02-29T13:45', -0.1, 'yes'] },
    ]);
  });

  test('finds the names of the columns below a title', async () => {
    const file = await excel([
      ['Our customers 2026', null, null],
      [null, null, null],
      ['Customer number', 'E-mail', 'Region'],
      ['K-1', 'k1@example.com', 'North'],
    ]);
    const { facts, rows } = await read(file);
    expect(facts.header).toEqual(['Customer number', 'E-mail', 'Region']);
    expect(rows).toEqual([{ row: 4, cells: ['K-1', 'k1@example.com', 'North'] }]);
  });

  test('numbers rows as the sheet does where rows are left out', async () => {
    const { rows } = await read(workbook(textRow(3, 'reference') + textRow(9, 'K-1')));
    expect(rows).toEqual([{ row: 9, cells: ['K-1'] }]);
  });

  test('shows what a broken formula shows', async () => {
    const cell = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>';
    const { rows } = await read(workbook(textRow(1, 'reference') + cell));
    expect(rows[0]?.cells).toEqual(['#N/A']);
  });
});

describe('Archives that are no Excel file, or a trap', () => {
  test.each<[string, () => Uint8Array, string]>([
    ['an empty archive', () => storedZip(new Map()), 'import.file.unknownFormat'],
    ['another archive', () => storedZip(new Map([['readme.txt', Buffer.from('hello')]])), 'import.file.unknownFormat'],
    [
      'an OpenDocument sheet',
      () => storedZip(new Map([['content.xml', Buffer.from('<x/>')]])),
      'import.file.otherSpreadsheet',
    ],
    ['a cut archive', () => workbook(textRow(1, 'a')).subarray(0, 300), 'import.file.damaged'],
    ['a sheet that is no XML', () => workbook('<row r="1"><c r="A1"><v>'), 'import.file.damaged'],
    ['an empty sheet', () => workbook(''), 'import.file.empty'],
    ['only a header', () => workbook(textRow(1, 'reference')), 'import.file.noRows'],
    [
      'a cell at the end of the world',
      () => workbook(`${textRow(1, 'reference')}<row r="1048576"><c r="CV1048576"><v>1</v></c></row>`),
      'import.file.tooManyCells',
    ],
    [
      'a row beyond the last',
      () => workbook(`${textRow(1, 'reference')}<row r="99999999"><c r="A99999999"><v>1</v></c></row>`),
      'import.file.damaged',
    ],
    [
      'a column far out',
      () => workbook(`<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>`),
      'import.file.tooManyColumns',
    ],
  ])('%s', async (_, file, expected) => {
    expect(await faultOf(file())).toBe(expected);
  });

  test('a row number that no cell has makes no millions of rows', async () => {
    const file = workbook(`${textRow(1, 'reference')}<row r="900000000"></row>${textRow(3, 'K-1')}`);
    expect(await faultOf(file)).toBe('import.file.damaged');
  });

  test('a bomb is refused, also when its headers lie about the size', async () => {
    const bomb = bombWorkbook(160);
    expect(bomb.length).toBeLessThan(400_000);
    expect(await faultOf(bomb)).toBe('import.file.unpacksTooLarge');
    const liar = Buffer.from(bomb);
    declareSmall(liar);
    expect(await faultOf(liar)).toBe('import.file.damaged');
  });
});

/** A workbook whose sheet is so many megabytes of spaces, deflated. */
function bombWorkbook(megabytes: number): Buffer {
  const packed = packedSpaces(megabytes);
  const stored = workbook(textRow(1, 'reference'));
  const name = Buffer.from('xl/worksheets/sheet2.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const directory = Buffer.alloc(46);
  directory.writeUInt32LE(0x02014b50, 0);
  directory.writeUInt16LE(8, 10);
  directory.writeUInt32LE(packed.length, 20);
  directory.writeUInt32LE(megabytes * 1024 * 1024, 24);
  directory.writeUInt16LE(name.length, 28);
  const endAt = stored.length - 22;
  const start = stored.readUInt32LE(endAt + 16);
  directory.writeUInt32LE(start, 42);
  const end = Buffer.from(stored.subarray(endAt));
  const added = local.length + name.length + packed.length;
  end.writeUInt16LE(4, 10);
  end.writeUInt32LE(start + added, 16);
  const files = stored.subarray(0, start);
  return Buffer.concat([files, local, name, packed, stored.subarray(start, endAt), directory, name, end]);
}

function declareSmall(bomb: Buffer): void {
  const last = bomb.lastIndexOf(Buffer.from('PK\x01\x02'));
  bomb.writeUInt32LE(1000, last + 24);
}

describe('Archives of our own', () => {
  test('hold what was put in', () => {
    const files = new Map([
      ['a.xml', Buffer.from('<a/>')],
      ['b/ü.xml', Buffer.alloc(70_000, 'b')],
    ]);
    const archive = storedZip(files);
    const entries = zipEntries(archive) ?? [];
    expect(entries.map((entry) => entry.name)).toEqual([...files.keys()]);
    for (const entry of entries) expect(unpackEntry(archive, entry, 100_000)).toEqual(files.get(entry.name));
  });
});
