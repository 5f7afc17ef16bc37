import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Customers } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

const FORM = {
  title: 'Frau',
  givenName: 'Anna',
  familyName: 'Brandes',
  reference: '',
  language: 'de',
  greetingForm: 'formal',
  email: '',
  status: 'active',
  legalBasis: '',
};

onBothEngines(({ storage }) => {
  let app: TestApp;
  let staff: Person & { accountId: string };
  let customers: Customers;
  let made = 0;
  beforeAll(async () => {
    app = await startApp(storage());
    staff = await app.signIn('staff', 'Ingrid Solheim');
    ({ customers } = app.app);
  });
  afterAll(() => app.close());

  async function add(fields: Parameters<Customers['create']>[1] = {}): Promise<string> {
    const created = await customers.create(COMMAND, {
      reference: `H-${++made}`,
      familyName: `Person ${made}`,
      ...fields,
    });
    if (!created.ok) throw new Error('not created');
    return created.value.id;
  }

  const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

  describe('adding a customer', () => {
    test('keeps every field, and shows who this is', async () => {
      await staff.get('/customers/new');
      const answer = await staff.post('/customers', {
        ...FORM,
        reference: 'A-17',
        organisation: 'Gasthof zum Anker',
        email: 'anna.brandes@example.com',
        telephone: '+49 431 55 17',
        street: 'Hafenstraße 1',
        postalCode: '24103',
        city: 'Kiel',
        region: 'Schleswig-Holstein',
        country: 'DE',
        timeZone: 'Europe/Berlin',
        customerSince: '2017-03-01',
        segment: 'trade',
        tags: 'vip, north , vip',
        contactAccountId: staff.accountId,
        yearlyValue: '1,250.50',
        legalBasis: 'contract',
        legalBasisSource: 'order form',
        legalBasisOn: '2017-03-01',
        notes: 'Calls after two.\nLikes it dark.',
      });
      expect(answer.status).toBe(303);
      const page = await staff.get(answer.headers.location ?? '');
      const text = plain(page.text);
      expect(page.status).toBe(200);
      for (const words of [
        'Gasthof zum Anker is a customer here now.',
        'Guten Tag Frau Brandes,',
        'With us for 9 years, worth €1,251 a year.',
        'A yearly value that was entered or imported',
        'Contract order form, 1 March 2017',
        'Ingrid Solheim',
        '24103 Kiel',
        'Calls after two.',
        'Added here by Ingrid Solheim',
        'vip',
      ])
        expect(text).toContain(words);
      expect(await customers.findByReference('A-17')).toMatchObject({
        tags: ['north', 'vip'],
        yearlyValueMinor: 125_050,
        worthMinor: 125_050,
        timeZone: 'Europe/Berlin',
        contactAccountId: staff.accountId,
        notes: 'Calls after two.\nLikes it dark.',
      });
    });

    test('says nothing of their worth while nobody knows it', async () => {
      await staff.get('/customers/new');
      const answer = await staff.post('/customers', { ...FORM, reference: 'A-18', customerSince: '' });
      expect((await staff.get(answer.headers.location ?? '')).text).toContain('<p class="lead">A customer.</p>');
    });

    test.each<[name: string, fields: Record<string, string>, field: string, words: string]>([
      ['no name', { givenName: '', familyName: '' }, 'familyName', 'A name, please'],
      ['an address that is none', { email: 'anna at example' }, 'email', 'Not an e-mail address'],
      ['a telephone number that is none', { telephone: 'later' }, 'telephone', 'Not a telephone number'],
      ['a day that does not exist', { customerSince: '2025-02-30' }, 'customerSince', 'Not a date'],
      ['a day to come', { customerSince: '2027-01-01' }, 'customerSince', 'Lies in the future'],
      ['an amount that is none', { yearlyValue: 'a lot' }, 'yearlyValue', 'Write an amount'],
      ['a negative value', { yearlyValue: '-5' }, 'yearlyValue', 'Less than zero'],
      ['left without a day', { status: 'left' }, 'leftOn', 'Please fill this in'],
      [
        'left before coming',
        { status: 'left', leftOn: '2020-01-01', customerSince: '2021-01-01' },
        'leftOn',
        'Left before',
      ],
      [
        'a basis without its source',
        { legalBasis: 'consent', legalBasisOn: '2025-01-01' },
        'legalBasisSource',
        'no source',
      ],
      ['a basis without its day', { legalBasis: 'consent', legalBasisSource: 'form' }, 'legalBasisOn', 'no day'],
      ['a basis that is none', { legalBasis: 'because' }, 'legalBasis', 'does not look right'],
      ['a language that is none', { language: 'xx' }, 'language', 'Not a language'],
      ['a NUL', { city: 'Ki\0el' }, 'city', 'hidden character'],
      [
        'ten thousand letters',
        { familyName: 'x'.repeat(10_000) },
        'familyName',
        'This has 10,000 characters; at most 100 are allowed',
      ],
      [
        'more tags than anybody needs',
        { tags: Array.from({ length: 30 }, (_, i) => `t${i}`).join() },
        'tags',
        'More than 20',
      ],
      ['an own greeting without words', { greetingForm: 'own' }, 'greetingText', 'Please fill this in'],
    ])('%s is said at the field, and what was typed stays', async (_name, fields, field, words) => {
      await staff.get('/customers/new');
      const answer = await staff.post('/customers', { ...FORM, street: 'kept as typed', ...fields });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(`href="#${field}"`);
      expect(answer.text).toMatch(new RegExp(`id="${field}-error">[^<]*${words}`));
      expect(answer.text).toContain('value="kept as typed"');
      expect(await customers.count({ q: 'kept as typed' }, 10)).toBe(0);
    });

    test('a number that is taken is said at the field', async () => {
      await add({ reference: 'TAKEN' });
      await staff.get('/customers/new');
      const answer = await staff.post('/customers', { ...FORM, familyName: 'Somebody else', reference: 'TAKEN' });
      expect(answer.status).toBe(422);
      expect(answer.text).toMatch(/id="reference-error">Another customer has this number/);
    });

    test('somebody who may be the same is shown first; saving anyway is one button', async () => {
      const known = await add({ familyName: 'Straßer', givenName: 'Émile', city: 'Köln', email: 'es@example.com' });
      const typed = { ...FORM, givenName: 'Emile', familyName: 'Strasser', city: 'Köln', email: 'ES@example.com' };
      await staff.get('/customers/new');
      const warned = await staff.post('/customers', typed);
      expect(warned.status).toBe(422);
      expect(warned.text).toContain(`href="/customers/${known}"`);
      expect(plain(warned.text)).toContain('Émile Straßer');
      expect(plain(warned.text)).toContain('the same e-mail address and the same name and place');
      expect(warned.text).toMatch(/<button[^>]+name="anyway" value="1"/);
      expect(warned.text).toContain('value="Strasser"');
      const saved = await staff.post('/customers', { ...typed, anyway: '1' });
      expect(saved.status).toBe(303);
      expect(await customers.count({ q: 'strasser' }, 10)).toBe(2);
    });

    test('markup in any field reaches no page as markup', async () => {
      const evil = `<script>alert(1)</script>"><img src=x onerror=alert(1)>'`;
      const id = await add({
        familyName: evil,
        givenName: evil,
        organisation: evil.slice(0, 90),
        title: '<b>',
        street: evil,
        city: evil,
        region: evil,
        segment: '<i>x</i>',
        tags: ['<u>'],
        notes: evil,
        reference: '<s>1',
        greeting: evil,
        legalBasis: 'consent',
        legalBasisSource: evil,
        legalBasisOn: '2025-01-01',
      });
      await customers.addPurchases(COMMAND, [
        { customerReference: '<s>1', purchasedOn: '2026-01-01', amountMinor: 1, item: evil, reference: evil },
      ]);
      for (const path of ['', '/edit', '/tags', '/purchases', '/timeline', '/departure']) {
        const { text, status } = await staff.get(`/customers/${id}${path}`);
        expect(status).toBe(200);
        expect(text).not.toMatch(/<script>|<img|<s>|<u>|<i>|onerror=alert\(1\)>/);
      }
      expect((await staff.get('/customers?q=script')).text).not.toMatch(/<script>|<img/);
      expect((await staff.get(`/search?q=${encodeURIComponent(evil)}`)).text).not.toMatch(/<script>|<img/);
    });

    test('marks that turn the direction of the text around them are left out', async () => {
      await staff.get('/customers/new');
      const answer = await staff.post('/customers', { ...FORM, familyName: 'Ev\u202Eil', city: 'תל אביב' });
      const id = answer.headers.location?.split('/').at(-1) ?? '';
      expect(await customers.get(id)).toMatchObject({ familyName: 'Evil', city: 'תל אביב' });
    });
  });

  describe('editing', () => {
    test('the form holds what is known, and saving changes it', async () => {
      const id = await add({
        familyName: 'Lund',
        city: 'Bergen',
        yearlyValueMinor: 123_456,
        greeting: 'Kjære Kari',
        tags: ['a', 'b'],
      });
      const form = await staff.get(`/customers/${id}/edit`);
      for (const value of ['Lund', 'Bergen', '1234.56', 'Kjære Kari', 'a, b'])
        expect(form.text).toContain(`value="${value}"`);
      const values = { ...FORM, familyName: 'Lunde', city: 'Bergen', yearlyValue: '1,234.56', revision: '1' };
      expect((await staff.post(`/customers/${id}`, values)).status).toBe(303);
      expect(await customers.get(id)).toMatchObject({
        familyName: 'Lunde',
        revision: 2,
        yearlyValueMinor: 123_456,
        tags: [],
      });
      const page = plain((await staff.get(`/customers/${id}`)).text);
      expect(page).toContain('Changed: title, given name, family name, greeting, language, and tags');
    });

    test('somebody else was faster: what was typed stays, and saving again is possible', async () => {
      const id = await add({ familyName: 'Vik' });
      await staff.get(`/customers/${id}/edit`);
      await customers.update(COMMAND, id, 1, { city: 'Oslo' });
      const values = { ...FORM, familyName: 'Vik typed', revision: '1' };
      const conflict = await staff.post(`/customers/${id}`, values);
      expect(conflict.status).toBe(409);
      expect(conflict.text).toContain('value="Vik typed"');
      expect(conflict.text).toContain('name="revision" value="2"');
      expect(plain(conflict.text)).toContain('Somebody else changed this customer');
      expect(await customers.get(id)).toMatchObject({ familyName: 'Vik', city: 'Oslo' });
      expect((await staff.post(`/customers/${id}`, { ...values, revision: '2' })).status).toBe(303);
    });
  });

  describe('what happens with a customer', () => {
    test('leaving, coming back and being asked to stop', async () => {
      const id = await add({
        familyName: 'Hansen',
        legalBasis: 'consent',
        legalBasisSource: 'form',
        legalBasisOn: '2025-01-01',
      });
      await staff.get(`/customers/${id}/departure`);
      const wrong = await staff.post(`/customers/${id}/departure`, { on: '2027-01-01' });
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain('value="2027-01-01"');
      expect((await staff.post(`/customers/${id}/departure`, { on: '2026-10-31' })).status).toBe(303);
      expect(plain((await staff.get(`/customers/${id}`)).text)).toContain('Left on 31 October 2026');
      expect((await staff.post(`/customers/${id}/departure`, { on: '2026-10-31' })).status).toBe(409);
      expect((await staff.post(`/customers/${id}/return`)).status).toBe(303);
      expect(await customers.get(id)).toMatchObject({ status: 'active', leftOn: null });
      expect((await staff.post(`/customers/${id}/unsubscription`, { how: '' })).status).toBe(422);
      expect((await staff.post(`/customers/${id}/unsubscription`, { how: 'telephone' })).status).toBe(303);
      const page = plain((await staff.get(`/customers/${id}`)).text);
      expect(page).toContain('Asked us to stop writing, by telephone');
      expect(page).toContain('Came back');
      expect(page).not.toContain('Stop writing to them');
    });

    test('purchases, invoices and dealings by hand', async () => {
      const id = await add({ familyName: 'Buyer' });
      await staff.get(`/customers/${id}/purchases/new`);
      const purchase = { purchasedOn: '2026-11-01', amount: '300', item: 'Beans', reference: 'P1' };
      expect((await staff.post(`/customers/${id}/purchases/new`, { ...purchase, amount: '' })).text).toContain(
        'id="amount-error"',
      );
      expect((await staff.post(`/customers/${id}/purchases/new`, purchase)).status).toBe(303);
      const twice = await staff.post(`/customers/${id}/purchases/new`, purchase);
      expect([twice.status, twice.text.includes('id="reference-error"')]).toEqual([422, true]);
      const invoice = { number: 'R1', amount: '99.90', issuedOn: '2026-09-01', dueOn: '2026-10-01', paidOn: '' };
      expect((await staff.post(`/customers/${id}/invoices/new`, invoice)).status).toBe(303);
      const dealing = { kind: 'visit', fromOn: '2026-10-05', toOn: '2026-10-01', reference: '', note: 'Grinder' };
      expect((await staff.post(`/customers/${id}/dealings/new`, dealing)).status).toBe(422);
      expect((await staff.post(`/customers/${id}/dealings/new`, { ...dealing, toOn: '' })).status).toBe(303);

      const before = plain((await staff.get(`/customers/${id}`)).text);
      for (const words of [
        '€300 a year',
        'up to the last purchase, on 1 November 2026',
        'One invoice overdue, €99.90',
        'Visit: Grinder',
      ])
        expect(before).toContain(words);

      const { rows } = await customers.records('invoices', id, null, 5);
      const payment = `/customers/${id}/invoices/${rows[0]?.id}/payment`;
      expect(plain((await staff.get(payment)).text)).toContain('R1');
      expect((await staff.post(payment, { on: '2026-11-02' })).status).toBe(303);
      expect((await staff.post(payment, { on: '2026-11-02' })).status).toBe(409);
      expect(plain((await staff.get(`/customers/${id}`)).text)).not.toContain('overdue');

      const { rows: bought } = await customers.records('purchases', id, null, 5);
      const removal = `/customers/${id}/purchases/${bought[0]?.id}/removal`;
      expect(plain((await staff.get(removal)).text)).toContain('Beans');
      expect((await staff.post(removal)).status).toBe(303);
      expect(await customers.get(id)).toMatchObject({ worthMinor: 0, lastPurchaseOn: null });
    });

    test('another customer’s records are not found under this one', async () => {
      const [mine, theirs] = [await add({ reference: 'X-1' }), await add({ reference: 'X-2' })];
      await customers.addInvoices(COMMAND, [
        { customerReference: 'X-2', number: '1', issuedOn: null, amountMinor: 1, dueOn: '2026-01-01', paidOn: null },
      ]);
      const record = (await customers.records('invoices', theirs, null, 1)).rows[0]?.id;
      for (const act of ['payment', 'removal']) {
        expect((await staff.get(`/customers/${mine}/invoices/${record}/${act}`)).status).toBe(404);
        expect((await staff.post(`/customers/${mine}/invoices/${record}/${act}`, { on: '2026-11-01' })).status).toBe(
          404,
        );
      }
      expect((await staff.get(`/customers/${mine}/secrets/${record}/removal`)).status).toBe(404);
    });

    test('long lists go on on pages of their own, every row once', async () => {
      const id = await add({ reference: 'LONG' });
      await customers.addPurchases(
        COMMAND,
        Array.from({ length: 120 }, (_, i) => ({
          customerReference: 'LONG',
          purchasedOn: '2026-01-01',
          amountMinor: 100,
          item: `item-${i}.`,
          reference: '',
        })),
      );
      expect((await staff.get(`/customers/${id}`)).text).toContain(`href="/customers/${id}/purchases"`);
      const seen: string[] = [];
      for (let path: string | undefined = `/customers/${id}/purchases`; path;) {
        const { text } = await staff.get(path);
        seen.push(...[...new Set(text.match(/item-\d+\./g) ?? [])]);
        path = /class="button quiet" href="([^"]+after=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      }
      expect(seen).toHaveLength(120);
      expect(new Set(seen).size).toBe(120);
    });
  });

  describe('finding customers', () => {
    test('filters, pages and the export show the same people', async () => {
      const segment = 'paging';
      await customers.upsertMany(
        COMMAND,
        Array.from({ length: 75 }, (_, i) => ({
          reference: `S-${i}`,
          familyName: `Row${i}x`,
          segment,
          yearlyValueMinor: i * 100,
        })),
      );
      const seen: string[] = [];
      for (let path: string | undefined = `/customers?segment=${segment}&sort=worth&worthFrom=10`; path;) {
        const { text } = await staff.get(path);
        expect(plain(text)).toContain('65 customers fit.');
        seen.push(...(text.match(/(?<=<bdi>)Row\d+x/g) ?? []));
        path = /class="button quiet" href="([^"]+after=[^"]+)"/
          .exec(text)?.[1]
          ?.replaceAll('&amp;', '&')
          .replaceAll('&#38;', '&');
      }
      expect(seen).toEqual(Array.from({ length: 65 }, (_, i) => `Row${74 - i}x`));
      const csv = await staff.get(`/customers/export.csv?segment=${segment}&worthFrom=10`);
      expect(csv.headers['content-type']).toContain('text/csv');
      const lines = csv.text.replace('\uFEFF', '').trim().split('\r\n');
      expect(lines[0]).toMatch(/^reference,title,given name,family name,organisation,email,/);
      expect(
        lines
          .slice(1)
          .map((line) => /Row\d+x/.exec(line)?.[0])
          .toSorted(),
      ).toEqual(seen.toSorted());
    });

    test('the export runs nothing in a spreadsheet', async () => {
      await add({ familyName: '=HYPERLINK("http://example.com")', segment: 'formula' });
      const { text } = await staff.get('/customers/export.csv?segment=formula');
      expect(text).toContain(`"'=HYPERLINK(""http://example.com"")"`);
    });

    test('an address that makes no sense shows the list instead of failing', async () => {
      for (const query of [
        'after=nonsense',
        'sort=evil&status=maybe',
        'worthFrom=abc&contact=1',
        'q=%00',
        'q=a&q=b',
        `q=${'x'.repeat(5000)}`,
      ])
        expect((await staff.get(`/customers?${query}`)).status).toBe(200);
    });

    test('the search box finds by name, address and number', async () => {
      await add({ familyName: 'Sæterbakken', reference: 'FIND-7', email: 'ole@example.com' });
      for (const q of ['saeterb', 'FIND-7', 'ole@example.com', 'Sæterbakken'])
        expect(plain((await staff.get(`/search?q=${encodeURIComponent(q)}`)).text)).toContain('Sæterbakken');
      expect(plain((await staff.get('/search?q=nobodyhere')).text)).toContain('Nothing found for “nobodyhere”');
      // Signs alone are in nobody's name, and must not find everybody.
      for (const signs of ['%', '_', "'", '\\', '🙂', '%%%']) {
        const nothing = `Nothing found for “${signs === "'" ? '&#39;' : signs}”`;
        expect(plain((await staff.get(`/search?q=${encodeURIComponent(signs)}`)).text)).toContain(nothing);
      }
      expect((await staff.get('/search')).status).toBe(200);
    });
  });

  describe('who may see it', () => {
    test('only people who are signed in', async () => {
      const id = await add();
      const visitor = app.visitor();
      for (const path of ['', '/new', '/export.csv', `/${id}`, `/${id}/edit`]) {
        const answer = await visitor.get(`/customers${path}`);
        expect(answer.status).toBeGreaterThanOrEqual(300);
        expect(answer.text).not.toContain('Person');
      }
      const forged = await staff.agent.post(`/customers/${id}/return`).set('Origin', app.baseUrl).type('form').send('');
      expect(forged.status).toBe(403);
    });

    test('unknown and erased customers are not found', async () => {
      const id = await add({ familyName: 'Gone' });
      await storage().transaction((tx) =>
        tx.updateTable('customer').set({ erased_at: '2026-01-01', search: '' }).where('id', '=', id).execute(),
      );
      for (const path of [
        id,
        `${id}/edit`,
        `${id}/departure`,
        `${id}/timeline`,
        '01970000-0000-7000-8000-00000000dead',
        'x',
      ])
        expect((await staff.get(`/customers/${path}`)).status).toBe(404);
      expect((await staff.get('/customers?q=Gone')).text).not.toContain(id);
    });

    test('each language has its page', async () => {
      const id = await add({ familyName: 'Vertaald', customerSince: '2020-01-01' });
      const worlds = { de: 'Seit 6 Jahren bei uns', nl: 'Al 6 jaar bij ons', nb: 'Hos oss i 6 år' };
      for (const [language, words] of Object.entries(worlds)) {
        await storage().transaction((tx) =>
          tx.updateTable('account').set({ language }).where('id', '=', staff.accountId).execute(),
        );
        app.clock.advance({ seconds: 6 });
        const page = plain((await staff.get(`/customers/${id}`)).text);
        expect(page).toContain(words);
        expect(page).not.toMatch(/customers\.[a-z]+\./);
      }
    });
  });
});
