import { beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { bringIn, plain, takeBack, upload } from '../support/imports.ts';

const windows = (text: string) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1');

onBothEngines(({ storage }) => {
  let app: TestApp;
  let staff: Person;
  beforeAll(async () => {
    app = await startApp(storage());
    staff = await app.signIn('staff', 'Ingrid Solheim');
  });
  afterAll(() => app.close());

  const customer = async (reference: string) => {
    const found = await app.app.customers.findByReference(reference);
    if (!found) throw new Error(`There is no customer ${reference}`);
    return found;
  };
  const all = async (table: 'customer' | 'purchase' | 'timeline_event') =>
    (await storage().read.selectFrom(table).select('id').execute()).length;

  describe('a file of customers', () => {
    test('as German spreadsheets write it comes in with accents, decimal commas and days', async () => {
      const file = windows(
        'Kundennummer;Vorname;Name;E-Mail;Kunde seit;Umsatz im Jahr;Fax\r\n' +
          'A-1;Jürgen;Großmann;juergen@example.com;02.04.2019;1.480,00 €;1\r\n' +
          'A-2;Bente;Aasgård;bente@example.com;30.06.2023;264,50;\r\n',
      );
      const checked = await upload(app, staff, 'customers', file);
      expect(plain(checked.page)).toContain(
        'kunden.csv has 2 rows. All is in order. Nothing has been changed yet. Neither the file nor you named a legal basis',
      );
      expect(plain(checked.page)).toContain('Add 2, update 0, skip 0');
      expect(plain(checked.page)).toContain(
        'Read as Windows-1252, separated by semicolons, decimal comma. One column not used: Fax. Change the columns',
      );
      expect(await app.app.customers.findByReference('A-1')).toBeUndefined();
      const done = await bringIn(app, staff, checked);
      expect(plain(done)).toContain('2 rows are in.');
      expect(done.text).toContain('href="/waves/new"');
      expect(await customer('A-1')).toMatchObject({
        givenName: 'Jürgen',
        familyName: 'Großmann',
        yearlyValueMinor: 148000,
        customerSince: '2019-04-02',
      });
      expect((await customer('A-2')).familyName).toBe('Aasgård');
    });

    test('from Excel comes in with the days and numbers that the cells hold', async () => {
      const day = new Date('2021-05-03T00:00:00Z');
      const sheet = await writeXlsxFile([
        [{ value: 'Customer number' }, { value: 'Name' }, { value: 'Customer since' }, { value: 'Yearly value' }],
        [
          { value: 'X-1' },
          { value: 'Hotel Seeblick GmbH' },
          { value: day, format: 'yyyy-mm-dd', type: Date },
          { value: 3300.5 },
        ],
      ]).toBuffer();
      const checked = await upload(app, staff, 'customers', sheet, {}, 'customers.xlsx');
      expect(plain(checked.page)).toContain('Read as an Excel workbook, its first sheet.');
      await bringIn(app, staff, checked);
      expect(await customer('X-1')).toMatchObject({
        organisation: 'Hotel Seeblick GmbH',
        customerSince: '2021-05-03',
        yearlyValueMinor: 330050,
      });
    });

    test('whose postal codes Excel took for numbers gets the zeros back where that is certain, and says so', async () => {
      const file = await writeXlsxFile(
        [
          ['Kundennummer', 'PLZ', 'Ort', 'Land'],
          ['PLZ-1', 1067, 'Dresden', 'Deutschland'],
          ['PLZ-2', 150, 'Oslo', 'Norge'],
          ['PLZ-3', 1010, 'Wien', 'Österreich'],
          ['PLZ-4', 4109, 'Leipzig', null],
          ['PLZ-5', 24103, 'Kiel', 'DE'],
        ].map((row) => row.map((value) => ({ value }))) as SheetData,
      ).toBuffer();
      const checked = await upload(app, staff, 'customers', file, { country: 'DE' }, 'kunden.xlsx');
      const restored =
        '3 postal codes get back the zero they begin with Spreadsheets drop a zero at the beginning of a number. ' +
        'Where all postal codes of a country have the same number of digits, it is put back. If one of these is ' +
        'wrong, format the column as text in the spreadsheet and choose the file again. Row What stands there ' +
        'Row 2 PLZ: 1067 Read as 01067 Row 3 PLZ: 150 Read as 0150 Row 5 PLZ: 4109 Read as 04109';
      expect(plain(checked.page)).toContain(restored);
      expect(plain(await bringIn(app, staff, checked))).toContain(restored);
      const found = await Promise.all(['PLZ-1', 'PLZ-2', 'PLZ-3', 'PLZ-4', 'PLZ-5'].map(customer));
      expect(found.map(({ postalCode }) => postalCode)).toEqual(['01067', '0150', '1010', '04109', '24103']);
      const again = await upload(app, staff, 'customers', file, { country: 'DE' }, 'kunden.xlsx');
      expect(plain(again.page)).toContain('there is nothing to import');
    });

    test('goes by the country where somebody is known to be, not by the one that new customers get', async () => {
      await bringIn(app, staff, await upload(app, staff, 'customers', 'Number;Country\nPLZ-6;AT\nPLZ-7;DE\n'));
      const moved = await upload(app, staff, 'customers', 'Number;Postcode\nPLZ-6;1067\nPLZ-7;1067\n', {
        country: 'AT',
      });
      expect(plain(moved.page)).toContain('1 postal code gets back the zero it begins with');
      await bringIn(app, staff, moved);
      expect([(await customer('PLZ-6')).postalCode, (await customer('PLZ-7')).postalCode]).toEqual(['1067', '01067']);
    });

    test('updates by reference, leaves what has no column, and skips what is the same already', async () => {
      await upload(
        app,
        staff,
        'customers',
        'Number;E-mail;Town\nU-1;one@example.com;Bonn\nU-2;two@example.com;Köln\n',
      ).then((checked) => bringIn(app, staff, checked));
      const again = await upload(
        app,
        staff,
        'customers',
        'Number;E-mail\nU-1;new@example.com\nU-2;two@example.com\nU-3;three@example.com\n',
      );
      expect(plain(again.page)).toContain('Add 1, update 1, skip 0');
      expect(plain(again.page)).toContain('1 already here as they stand');
      expect(plain(again.page)).toContain('Import 2 customers');
      await bringIn(app, staff, again);
      expect(await customer('U-1')).toMatchObject({ email: 'new@example.com', city: 'Bonn' });
      expect((await customer('U-2')).revision).toBe(1);
    });

    test('the same file a second time has nothing to import, and no button', async () => {
      const file = 'Number;Name\nS-1;Kari Nordmann\nS-2;Ola Nordmann\n';
      await bringIn(app, staff, await upload(app, staff, 'customers', file));
      const events = await all('timeline_event');
      const again = await upload(app, staff, 'customers', file);
      expect(plain(again.page)).toContain('there is nothing to import');
      expect(again.page.text).not.toContain('/start"');
      expect((await staff.post(`${again.path}/start`)).status).toBe(409);
      expect(await all('timeline_event')).toBe(events);
    });

    test('without any legal basis, the check says that waves will leave the new ones out', async () => {
      const words = 'waves will leave them out';
      const file = 'Number;Name\nN-1;Vos\nN-2;Aasgård\n';
      const checked = await upload(app, staff, 'customers', file);
      expect(plain(checked.page)).toContain(words);
      const whole = { legalBasis: 'consent', legalBasisSource: 'form', legalBasisOn: '2026-01-31' };
      expect(plain((await upload(app, staff, 'customers', file, whole)).page)).not.toContain(words);
      const own =
        'Number;Name;Legal basis;Source of the legal basis;Date of the legal basis\nN-1;Vos;consent;form;2026-02-01\n';
      expect(plain((await upload(app, staff, 'customers', own)).page)).not.toContain('waves will leave');
    });

    test('one legal basis, language and country hold for the whole file; a row has its own word first', async () => {
      const whole = {
        legalBasis: 'existing_customer',
        legalBasisSource: 'orders since 2019',
        legalBasisOn: '2026-01-31',
        language: 'nl',
        country: 'NL',
      };
      const file =
        'Number;Country;Legal basis;Source of the legal basis;Date of the legal basis\n' +
        'B-1;;;;\nB-2;BE;consent;form;2026-02-01\n';
      await bringIn(app, staff, await upload(app, staff, 'customers', file, whole));
      expect(await customer('B-1')).toMatchObject({
        legalBasis: 'existing_customer',
        legalBasisSource: 'orders since 2019',
        legalBasisOn: '2026-01-31',
        language: 'nl',
        country: 'NL',
      });
      expect(await customer('B-2')).toMatchObject({ legalBasis: 'consent', legalBasisSource: 'form', country: 'BE' });
    });

    test('half a legal basis is refused on the form, with what was typed kept', async () => {
      await staff.get('/customers/imports/new?kind=customers');
      const file = { field: 'file', name: 'a.csv', content: Buffer.from('Number\nH-1\n') };
      const fields = { kind: 'customers', legalBasis: 'consent', legalBasisOn: '2031-01-01' };
      const answer = await staff.upload('/customers/imports', fields, file);
      expect(answer.status).toBe(422);
      expect(plain(answer)).toContain('2 things need mending');
      expect(plain(answer)).toContain('Lies in the future');
      expect(answer.text).toContain('<option value="consent" selected>');
    });

    test('contact persons are found among the colleagues by name or address; others are told', async () => {
      const { accountId } = await app.signIn('staff', 'Marit Lund');
      const file = 'Number;Contact person\nC-1;marit lund\nC-2;Nobody Here\nC-3;\n';
      const checked = await upload(app, staff, 'customers', file);
      expect(plain(checked.page)).toContain(
        'In one row the contact person is none of your colleagues here (Nobody Here)',
      );
      await bringIn(app, staff, checked);
      expect((await customer('C-1')).contactAccountId).toBe(accountId);
      expect((await customer('C-2')).contactAccountId).toBeNull();
    });

    test('names keep what they are made of, but not the pictures and marks around them', async () => {
      const file = 'Number;Organisation;Given name\nE-1;🌻 Blumen Müller 🌻;\u200Fنور\u200F\nE-2;🌻;\u202Eevil\n';
      await bringIn(app, staff, await upload(app, staff, 'customers', file));
      expect(await customer('E-1')).toMatchObject({ organisation: 'Blumen Müller', givenName: 'نور' });
      expect((await customer('E-2')).organisation).toBe('🌻');
    });
  });

  describe('bad rows', () => {
    const file =
      'Kundennummer;Name;E-Mail;Kunde seit;Jahresumsatz\n' +
      'K-1;Yıldız;familie@example,com;2019-04-02;310,00 €\n' +
      'K-2;Da Lucia;lucia@example.com;2021-11-19;1.480,00 €\n' +
      'K-3;Lucia;LUCIA@example.com;2021-11-19;1,00\n' +
      ';Aasgård;bente@example.com;2023-06-30;264,00 €\n' +
      'K-5;Nordufer;buero@example.com;31.02.2022;2.050,00 €\n' +
      'K-6;Kowalczyk;;2020-08-14;1,120.00 kr\n' +
      'K-7;Seeblick;info@example.com;2031-01-05;3.300,00 €\n' +
      'K-2;Doppelt;doppelt@example.com;2021-01-01;1,00\n' +
      'K-9;Formel;#NAME?;2021-01-01;1,00\n';

    test('stand with the row of the spreadsheet and the message in the cell; the others come in', async () => {
      const checked = await upload(app, staff, 'customers', file);
      const text = plain(checked.page);
      expect(text).toContain('kunden.csv has 9 rows. One is in order; 8 need a look.');
      expect(text).toContain('Add 1, update 0, skip 8');
      expect(text).toContain('The 8 rows to mend');
      for (const said of [
        'familie@example,com A comma in the address',
        'LUCIA@example.com Also in row 3',
        'Row 5 No customer number Aasgård',
        '31.02.2022 No such day',
        '1,120.00 kr Not in EUR, and the point and comma are swapped',
        '2031-01-05 Lies in the future',
        'K-2 Also in row 3',
        '#NAME? The spreadsheet shows an error here',
      ])
        expect(text).toContain(said);
      expect(checked.page.text).toContain('class="cell-bad full" data-l="E-Mail"');
      await bringIn(app, staff, checked);
      expect(await app.app.customers.findByReference('K-2')).toMatchObject({ email: 'lucia@example.com' });
      for (const reference of ['K-1', 'K-3', 'K-5', 'K-6', 'K-7', 'K-9'])
        expect(await app.app.customers.findByReference(reference)).toBeUndefined();
    });

    test('can be downloaded, mended and imported again', async () => {
      const checked = await upload(app, staff, 'customers', file);
      const csv = await staff.get(`${checked.path}/rejected.csv`);
      expect(csv.headers['content-type']).toContain('text/csv');
      expect(csv.headers['content-disposition']).toContain('attachment');
      const lines = csv.text.split('\r\n');
      expect(lines[0]).toBe('\uFEFFKundennummer;Name;E-Mail;Kunde seit;Jahresumsatz;Row;What to mend');
      expect(lines[1]).toBe('K-1;Yıldız;"familie@example,com";2019-04-02;"310,00 €";2;E-Mail: A comma in the address');
      const mended = csv.text.replace('familie@example,com', 'familie@example.com');
      const again = await upload(app, staff, 'customers', mended, {}, 'mended.csv');
      expect(plain(again.page)).toContain('2 columns not used: Row, What to mend.');
      await bringIn(app, staff, again);
      expect(await customer('K-1')).toMatchObject({ email: 'familie@example.com', yearlyValueMinor: 31000 });
    });

    test('of a long file are shown fifty at a time', async () => {
      const rows = Array.from({ length: 120 }, (_, at) => `L-${at};not an address\n`).join('');
      const checked = await upload(app, staff, 'customers', `Number;E-mail\n${rows}`);
      expect(checked.page.text.match(/<tr><th scope="row"/g)).toHaveLength(50);
      expect(checked.page.text).toContain(`${checked.path}?after=51`);
      const last = await staff.get(`${checked.path}?after=101`);
      expect(last.text.match(/<tr><th scope="row"/g)).toHaveLength(20);
      expect(plain(last)).toContain('Row 121');
      expect((await staff.get(`${checked.path}/rejected.csv`)).text.split('\r\n')).toHaveLength(122);
    });
  });

  describe('columns', () => {
    test('that nobody could know are chosen by a person, by the samples', async () => {
      const checked = await upload(app, staff, 'customers', 'Wer;Was\nW-1;Anna Berg\nW-2;Ola Dal\n');
      expect(checked.page.status).toBe(303);
      const path = `${checked.path}/columns`;
      expect(checked.page.headers['location']).toBe(path);
      const page = await staff.get(path);
      expect(plain(page)).toContain('This column is missing: number');
      expect(plain(page)).toContain('W-1 · W-2');
      expect((await staff.post(`${checked.path}/start`)).status).toBe(409);
      const twice = await staff.post(path, { column0: 'reference', column1: 'reference' });
      expect(twice.status).toBe(422);
      expect(plain(twice)).toContain('Two columns are chosen for number. Choose one.');
      expect((await staff.post(path, { column0: 'reference', column1: 'fullName' })).status).toBe(303);
      await app.app.imports.runDue();
      await bringIn(app, staff, checked);
      expect(await customer('W-1')).toMatchObject({ givenName: 'Anna', familyName: 'Berg' });
    });

    test('not to be used are left alone, and a decimal mark can be settled', async () => {
      const checked = await upload(app, staff, 'customers', 'Number;Yearly value;E-mail\nD-1;1.480;d@example.com\n');
      expect(plain(checked.page)).toContain('None of them can be taken as it is.');
      const choice = { column0: 'reference', column1: 'yearlyValue', column2: '', decimal: ',' };
      await staff.get(`${checked.path}/columns`);
      await staff.post(`${checked.path}/columns`, choice);
      await app.app.imports.runDue();
      await bringIn(app, staff, checked);
      expect(await customer('D-1')).toMatchObject({ yearlyValueMinor: 148000, email: '' });
    });
  });

  describe('purchases, invoices and dealings', () => {
    beforeAll(async () => {
      await app.app.customers.upsertMany(COMMAND, [{ reference: 'P-1' }, { reference: 'P-2' }]);
    });

    test('purchases of customers who are not here are bad rows; the others make their customers worth something', async () => {
      const file =
        'Kundennr;Datum;Betrag;Beleg\nP-1;01.03.2026;100,00;R1\nP-2;02.03.2026;-50,00;R2\nQ-9;02.03.2026;1,00;R3\n';
      const checked = await upload(app, staff, 'purchases', file, {}, 'kaeufe.csv');
      expect(plain(checked.page)).toContain('Add 2, update 0, skip 1');
      expect(plain(checked.page)).toContain('Q-9 No customer with this number');
      const done = await bringIn(app, staff, checked);
      expect(plain(done)).toContain('2 rows are in.');
      expect((await customer('P-1')).worthMinor).toBe(10000);
      const again = await upload(app, staff, 'purchases', file.replace('100,00', '120,00'), {}, 'kaeufe.csv');
      expect(plain(again.page)).toContain('Add 0, update 1, skip 1');
      await bringIn(app, staff, again);
      expect((await customer('P-1')).worthMinor).toBe(12000);
    });

    test('the same file of purchases without references is warned of, and the warning ends with an undo', async () => {
      const file = 'Customer;Date;Amount\nP-2;2026-03-05;10.00\nP-2;2026-03-05;10.00\n';
      const first = await upload(app, staff, 'purchases', file);
      expect(plain(first.page)).not.toContain('imported before');
      await bringIn(app, staff, first);
      const again = await upload(app, staff, 'purchases', file);
      expect(plain(again.page)).toContain('This very file was imported before');
      expect(plain(again.page)).toContain('Its 2 rows without a reference would be added a second time.');
      await takeBack(app, staff, first);
      expect(plain(await staff.get(again.path))).not.toContain('imported before');
    });

    test('invoices and dealings come in, and a second time are the same', async () => {
      const invoices = 'Customer;Invoice number;Amount;Due\nP-1;I-1;99.00;2026-12-01\n';
      const dealings = 'Customer;Kind;From;Reference\nP-1;delivery;2026-11-01;D-1\n';
      await bringIn(app, staff, await upload(app, staff, 'invoices', invoices));
      await bringIn(app, staff, await upload(app, staff, 'dealings', dealings));
      const { id } = await customer('P-1');
      expect((await app.app.customers.records('invoices', id, null, 9)).rows).toMatchObject([
        { number: 'I-1', amountMinor: 9900 },
      ]);
      expect((await app.app.customers.records('dealings', id, null, 9)).rows).toMatchObject([{ kind: 'delivery' }]);
      expect(plain((await upload(app, staff, 'invoices', invoices)).page)).toContain('there is nothing to import');
      expect(plain((await upload(app, staff, 'dealings', dealings)).page)).toContain('there is nothing to import');
    });
  });

  describe('undo', () => {
    test('takes back what nobody has changed since, and lists the rest with links', async () => {
      await app.app.customers.upsertMany(COMMAND, [{ reference: 'Z-1', city: 'Bonn', tags: ['old'] }]);
      const checked = await upload(
        app,
        staff,
        'customers',
        'Number;Town;Tags\nZ-1;Köln;new\nZ-2;Ulm;\nZ-3;Hof;\nZ-4;Aue;\n',
      );
      const done = await bringIn(app, staff, checked);
      expect(plain(done)).toContain('Possible until 11 November 2026 at 09:05.');
      const changed = await customer('Z-3');
      await app.app.customers.setTags(COMMAND, changed.id, ['by hand']);
      await app.app.customers.addPurchases(COMMAND, [
        { customerReference: 'Z-4', purchasedOn: '2026-01-01', amountMinor: 100, item: '', reference: '' },
      ]);
      const undone = await takeBack(app, staff, checked);
      expect(plain(undone)).toContain('Undone: 2 rows have been taken back.');
      expect(plain(undone)).toContain('2 rows stay');
      expect(undone.text).toContain(`<a href="/customers/${changed.id}">Z-3</a>`);
      expect(await customer('Z-1')).toMatchObject({ city: 'Bonn', tags: ['old'] });
      expect(await app.app.customers.findByReference('Z-2')).toBeUndefined();
      expect((await customer('Z-3')).tags).toEqual(['by hand']);
      expect((await customer('Z-4')).city).toBe('Aue');
    });

    test('of purchases gives the worth back as it was', async () => {
      await app.app.customers.upsertMany(COMMAND, [{ reference: 'V-1', yearlyValueMinor: 700 }]);
      const checked = await upload(app, staff, 'purchases', 'Customer;Date;Amount\nV-1;2026-03-05;10.00\n');
      await bringIn(app, staff, checked);
      expect((await customer('V-1')).worthMinor).toBe(1000);
      await takeBack(app, staff, checked);
      expect((await customer('V-1')).worthMinor).toBe(700);
    });

    test('ends after a day', async () => {
      const checked = await upload(app, staff, 'customers', 'Number\nT-1\n');
      await bringIn(app, staff, checked);
      app.clock.advance({ hours: 24 });
      staff = await app.signIn('staff', 'Ingrid Solheim');
      expect((await staff.get(checked.path)).text).not.toContain('/undo"');
      expect((await staff.post(`${checked.path}/undo`)).status).toBe(409);
      expect(await customer('T-1')).toBeTruthy();
    });
  });

  describe('the list of imports', () => {
    test('says what became of each, and by whom', async () => {
      const checked = await upload(app, staff, 'customers', 'Number\nN-1\n;\n', {}, 'novembre.csv');
      const before = plain(await staff.get('/customers/imports'));
      expect(before).toMatch(/novembre\.csv Customers .* Ingrid Solheim checked, not imported/);
      await bringIn(app, staff, checked);
      expect(plain(await staff.get('/customers/imports'))).toMatch(
        /novembre\.csv Customers .* Ingrid Solheim 1 added, 0 updated, 0 skipped imported/,
      );
    });

    test('a file can be thrown away, with its rows', async () => {
      const checked = await upload(app, staff, 'customers', 'Number\nN-2\n');
      expect((await staff.post(`${checked.path}/removal`)).status).toBe(303);
      await app.app.imports.runDue();
      const rows = await storage()
        .read.selectFrom('import_row')
        .selectAll()
        .where('import_id', '=', checked.id)
        .execute();
      const parts = await storage()
        .read.selectFrom('import_file')
        .selectAll()
        .where('import_id', '=', checked.id)
        .execute();
      expect([rows, parts]).toEqual([[], []]);
      expect(plain(await staff.get(checked.path))).toContain('it has been thrown away');
      expect((await staff.post(`${checked.path}/start`)).status).toBe(409);
    });

    test('after a week rows and files are gone, and what was imported stays', async () => {
      const checked = await upload(app, staff, 'customers', 'Number\nO-1\n');
      await bringIn(app, staff, checked);
      app.clock.advance({ days: 8 });
      await app.app.imports.runDue();
      staff = await app.signIn('staff', 'Ingrid Solheim');
      expect(await storage().read.selectFrom('import_row').selectAll().execute()).toEqual([]);
      expect(await storage().read.selectFrom('import_file').selectAll().execute()).toEqual([]);
      expect(plain(await staff.get(checked.path))).toContain('One row is in.');
      expect(await customer('O-1')).toBeTruthy();
    });
  });
});
