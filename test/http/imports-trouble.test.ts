import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { ImportKind } from '../../src/customers/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { bringIn, plain, takeBack, upload } from '../support/imports.ts';
import { packedSpaces } from '../support/packed.ts';

const GHOST = '01a1c47d-2be0-70dd-99f3-1de22cce3d9b';

const BOMB_MEGABYTES = 200;

/** A workbook whose one sheet unpacks to far more than it weighs. */
function bomb(): Buffer {
  const workbook = Buffer.from('<workbook/>');
  const parts: [string, Buffer, number][] = [
    ['xl/workbook.xml', deflateRawSync(workbook), workbook.length],
    ['xl/worksheets/sheet1.xml', packedSpaces(BOMB_MEGABYTES), BOMB_MEGABYTES * 1024 * 1024],
  ];
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, packed, unpacked] of parts) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(unpacked, 8);
    const name = Buffer.from(path);
    const start = Buffer.alloc(14);
    start.writeUInt32LE(0x04034b50, 0);
    start.writeUInt16LE(8, 8);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    sizes.copy(entry, 16);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, name);
    files.push(start, sizes, lengths, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

onBothEngines(({ storage }) => {
  let app: TestApp;
  let staff: Person;
  beforeAll(async () => {
    app = await startApp(storage());
    staff = await app.signIn('staff');
    await app.app.customers.upsertMany(COMMAND, [{ reference: 'K-1', familyName: 'Berg' }]);
  });
  afterAll(() => app.close());

  const TABLES = ['customer', 'customer_tag', 'purchase', 'invoice', 'dealing', 'timeline_event'] as const;
  async function everything(): Promise<unknown> {
    const { read } = storage();
    return await Promise.all(TABLES.map((table) => read.selectFrom(table).selectAll().execute()));
  }

  describe('a file that cannot be taken as a whole changes nothing and says what to fix', () => {
    const lines = (...all: string[]) => all.join('\n');
    test.each<[string, string | Buffer, string]>([
      [
        'without a header',
        lines('K-1;a@example.com;2019-04-02', 'K-2;b@example.com;2019-04-02'),
        'has no column names',
      ],
      ['with nothing below the header', lines('Number;Name', ''), 'nothing below the column names'],
      ['of blank lines', '\n\n  \n', 'The file is empty.'],
      [
        'with two columns of one name',
        lines('Number;E-mail;e-mail', 'K-1;a;b'),
        'Two columns are called “e-mail” (B and C)',
      ],
      ['that is a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj', 'This is a PDF'],
      ['that is a web page', '<!doctype html><table><tr><td>K-1</table>', 'We cannot read this kind of file'],
      ['of an old Excel', Buffer.from('d0cf11e0a1b11ae1'.padEnd(2000, '0'), 'hex'), 'an old Excel file'],
      ['that is no Excel file within', Buffer.from('PK\x03\x04 and so on'), 'The file is damaged'],
      ['that unpacks to far too much', bomb(), 'Unpacked, this file takes more than 150 MB'],
      ['full of NULs', Buffer.alloc(5000), 'This is not a file of text'],
      [
        'with a line of ten megabytes',
        lines('Number;Name', `K-1;${'x'.repeat(10 * 1024 * 1024)}`),
        'Row 2 is longer than',
      ],
      [
        'whose quotation mark never closes',
        lines('Number;Name', 'K-1;"Berg', 'K-2;Dal'),
        'opened in row 2 is never closed',
      ],
      [
        'of two encodings',
        Buffer.concat([Buffer.from('Number;Name\nK-1;Müller åøæ\nK-2;'), Buffer.from([0xe9, 0x0a])]),
        'Some letters in this file are broken',
      ],
    ])('%s', async (_, content, said) => {
      const before = await everything();
      const { page, path } = await upload(app, staff, 'customers', content);
      expect(page.status).toBe(200);
      const text = plain(page);
      expect(text).toContain(said);
      expect(text).toContain('Nothing has been changed. Mend the file and choose it again.');
      expect(text).not.toContain('Check before it counts');
      expect((await staff.post(`${path}/start`)).status).toBe(409);
      expect(await everything()).toEqual(before);
    });

    test('an empty file, none, and one too large are told on the form itself', async () => {
      await staff.get('/customers/imports/new?kind=customers');
      const sent = (content: Buffer) =>
        staff.upload('/customers/imports', { kind: 'customers' }, { field: 'file', name: 'a.csv', content });
      const empty = await sent(Buffer.alloc(0));
      expect([empty.status, plain(empty)]).toEqual([422, expect.stringContaining('The file is empty.')]);
      const large = await sent(Buffer.alloc(21 * 1024 * 1024, 'x'));
      expect([large.status, plain(large)]).toEqual([422, expect.stringContaining('larger than 20 MB')]);
      const none = await staff.post('/customers/imports', { kind: 'customers' });
      expect([none.status, plain(none)]).toEqual([422, expect.stringContaining('Choose a file')]);
    });

    test('unknown columns alone lead to choosing them, and nothing can be started before', async () => {
      const before = await everything();
      const { path, page } = await upload(app, staff, 'purchases', 'foo;bar\n1;2\n');
      expect(page.headers['location']).toBe(`${path}/columns`);
      expect(plain(await staff.get(`${path}/columns`))).toContain(
        'These columns are missing: customer number, date, amount',
      );
      expect((await staff.post(`${path}/start`)).status).toBe(409);
      expect(await everything()).toEqual(before);
    });
  });

  describe('a row that cannot be taken', () => {
    test.each<[ImportKind, string, string, string]>([
      ['customers', 'Number;E-mail', ';a@example.com', 'No customer number'],
      ['customers', 'Number;E-mail', 'K-9;a@b@example.com', 'More than one address'],
      ['customers', 'Number;E-mail', 'K-9;anna@', 'Not an e-mail address'],
      ['customers', 'Number;Name;Notes', `K-9;Be\0rg;${'words '.repeat(90)}`, 'Contains a hidden character'],
      ['customers', 'Number;Name', `K-9;${'x'.repeat(300)}`, 'Longer than 200 characters'],
      ['customers', 'Number;Status;Left on', 'K-9;left;', 'Has left, but no day is given'],
      ['customers', 'Number;Customer since', 'K-9;13.25.2020', 'No such day'],
      ['customers', 'Number;Language', 'K-9;Klingon', 'Not a language we know'],
      [
        'customers',
        'Number;Legal basis',
        'K-9;consent',
        'source of the legal basis: Says no source for the legal basis',
      ],
      ['customers', 'Number;Name', 'K-9;Berg;more;cells', 'More cells than there are columns'],
      ['customers', 'Number;Name', '1.23457E+11;Berg', 'The spreadsheet has shortened this number'],
      ['purchases', 'Customer;Date;Amount', 'K-1;2026-01-01;10 USD', 'Not in EUR'],
      ['purchases', 'Customer;Date;Amount;Currency', 'K-1;2026-01-01;10.00;NOK', 'Not in EUR'],
      ['purchases', 'Customer;Date;Amount', 'K-1;2031-01-01;10.00', 'Lies in the future'],
      ['purchases', 'Customer;Date;Amount', 'K-1;2026-01-01;', 'No amount'],
      ['purchases', 'Customer;Date;Amount', 'NOBODY;2026-01-01;10.00', 'No customer with this number'],
      ['invoices', 'Customer;Invoice number;Amount;Due', 'K-1;;1.00;2026-12-01', 'No invoice number'],
      ['dealings', 'Customer;Kind;From;To', 'K-1;visit;2026-03-02;2026-03-01', 'Before the first day'],
    ])('of %s with %s says why and stays out', async (kind, header, row, said) => {
      const before = await everything();
      const { page } = await upload(app, staff, kind, `${header}\n${row}\n`);
      expect(plain(page)).toContain(said);
      expect(plain(page)).toContain('None of them can be taken as it is.');
      expect(page.text).not.toContain('/start"');
      expect(await everything()).toEqual(before);
    });
  });

  describe('who may', () => {
    test('a file without the form’s token is refused', async () => {
      await staff.get('/customers/imports/new');
      const answer = await staff.upload(
        '/customers/imports',
        { csrf: 'wrong', kind: 'customers' },
        { field: 'file', name: 'a.csv', content: Buffer.from('Number\nCSRF-1\n') },
      );
      expect(answer.status).toBe(403);
      await app.app.imports.runDue();
      expect(await app.app.customers.findByReference('CSRF-1')).toBeUndefined();
      const bare = await staff.agent
        .post('/customers/imports')
        .set('Origin', app.baseUrl)
        .field('kind', 'customers')
        .attach('file', Buffer.from('Number\nCSRF-1\n'), 'a.csv');
      expect(bare.status).toBe(403);
      const elsewhere = await staff.agent
        .post('/customers/imports')
        .set('Origin', 'https://elsewhere.example')
        .attach('file', Buffer.from('Number\nCSRF-1\n'), 'a.csv');
      expect(elsewhere.status).toBe(403);
    });

    test('nobody without an account', async () => {
      const visitor = app.visitor();
      for (const path of ['/customers/imports', '/customers/imports/new', `/customers/imports/${GHOST}`])
        expect((await visitor.get(path)).status).not.toBe(200);
    });

    test('an import that does not exist is not found, whatever one asks of it', async () => {
      for (const id of [GHOST, 'new-one', '..%2f..%2fetc', `${GHOST}0`]) {
        for (const page of ['', '/columns', '/rejected.csv'])
          expect((await staff.get(`/customers/imports/${id}${page}`)).status).toBe(404);
        for (const deed of ['/start', '/undo', '/removal', '/columns'])
          expect((await staff.post(`/customers/imports/${id}${deed}`)).status).toBe(404);
      }
    });
  });

  describe('at odd moments', () => {
    test('starting twice, undoing twice and choosing columns too late are refused', async () => {
      const checked = await upload(app, staff, 'customers', 'Number\nM-1\n');
      await bringIn(app, staff, checked);
      expect((await staff.post(`${checked.path}/start`)).status).toBe(409);
      expect((await staff.post(`${checked.path}/columns`, { column0: 'reference' })).status).toBe(409);
      expect((await staff.post(`${checked.path}/removal`)).status).toBe(409);
      await takeBack(app, staff, checked);
      expect((await staff.post(`${checked.path}/undo`)).status).toBe(409);
      expect(await app.app.customers.findByReference('M-1')).toBeUndefined();
    });

    test('a customer who came in by another way meanwhile is updated, and the counts say so', async () => {
      const checked = await upload(app, staff, 'customers', 'Number;Town\nM-2;Bonn\nM-3;Ulm\n');
      expect(plain(checked.page)).toContain('Add 2, update 0, skip 0');
      await app.app.customers.upsertMany(COMMAND, [
        { reference: 'M-2', city: 'Köln' },
        { reference: 'M-3', city: 'Ulm' },
      ]);
      await bringIn(app, staff, checked);
      expect(await app.app.customers.findByReference('M-2')).toMatchObject({ city: 'Bonn' });
      expect(await app.app.imports.get(checked.id)).toMatchObject({
        state: 'done',
        rows: { new: 0, update: 1, same: 1, bad: 0 },
      });
      await takeBack(app, staff, checked);
      expect(await app.app.customers.findByReference('M-2')).toMatchObject({ city: 'Köln' });
    });

    test('a customer who went before the import makes a bad row of their purchase', async () => {
      const made = await upload(app, staff, 'customers', 'Number\nM-4\n');
      await bringIn(app, staff, made);
      const checked = await upload(app, staff, 'purchases', 'Customer;Date;Amount\nM-4;2026-01-01;9.50\n');
      expect(plain(checked.page)).toContain('Add 1, update 0, skip 0');
      await takeBack(app, staff, made);
      const done = await bringIn(app, staff, checked);
      expect(plain(done)).toContain('Skipped 1');
      expect((await staff.get(`${checked.path}/rejected.csv`)).text).toContain(
        'M-4;2026-01-01;9.50;2;Customer: No customer',
      );
    });

    test('stopped in the middle it goes on where it was, and doubles nothing', async () => {
      const rows = Array.from({ length: 400 }, (_, at) => `K-1;2026-01-01;${at + 1}.00\n`).join('');
      const checked = await upload(app, staff, 'purchases', `Customer;Date;Amount\n${rows}`);
      let batches = 0;
      app.app.customers.onChanged(async () => {
        if (++batches === 3) void app.app.imports.stop();
      });
      await staff.post(`${checked.path}/start`);
      await app.app.imports.runDue();
      const half = await app.app.imports.get(checked.id);
      expect(half.state).toBe('importing');
      expect(half.rows.done).toBeGreaterThan(0);
      expect(half.rows.done).toBeLessThan(400);
      expect(plain(await staff.get(checked.path))).toContain(`${half.rows.done} of 400 rows`);
      await app.app.imports.runDue();
      const of = await storage()
        .read.selectFrom('purchase')
        .select('amount_minor')
        .where('import_id', '=', checked.id)
        .execute();
      expect(of.map((each) => each.amount_minor / 100).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 400 }, (_, at) => at + 1),
      );
      expect(await app.app.imports.get(checked.id)).toMatchObject({ state: 'done', rows: { new: 400, done: 400 } });
    });

    test('what breaks in the middle is said, and can go on or be undone', async () => {
      const checked = await upload(
        app,
        staff,
        'customers',
        `Number\n${Array.from({ length: 220 }, (_, at) => `B-${at}\n`).join('')}`,
      );
      let batches = 0;
      app.app.customers.onChanged(async () => {
        if (++batches === 2) throw new Error('the disk is full');
      });
      const broken = await bringIn(app, staff, checked);
      expect(plain(broken)).toContain('The import broke off after 50 of 220 rows.');
      expect(broken.text).not.toContain('the disk is full');
      const done = await bringIn(app, staff, checked);
      expect(plain(done)).toContain('220 rows are in.');
      expect(await app.app.imports.get(checked.id)).toMatchObject({ rows: { new: 220, done: 220 } });
    });

    test('notes who imported and who undid, without a name of a customer', async () => {
      const checked = await upload(app, staff, 'customers', 'Number;Name\nAUDIT-1;Secret Name\n', {}, 'secret.csv');
      await bringIn(app, staff, checked);
      await takeBack(app, staff, checked);
      const entries = await storage()
        .read.selectFrom('audit_entry')
        .selectAll()
        .where('subject_id', '=', checked.id)
        .orderBy('id')
        .execute();
      expect(entries.map(({ action }) => action)).toEqual(['imports.started', 'imports.undone']);
      expect(JSON.stringify(entries)).not.toMatch(/Secret|secret|AUDIT-1/);
    });
  });
});
