import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';

onBothEngines((on) => {
  let running: TestApp;
  let staff: Person & { accountId: string };
  let customers: TestApp['app']['customers'];
  beforeAll(async () => {
    running = await startApp(on.storage());
    customers = running.app.customers;
    staff = await running.signIn('staff');
  });
  afterAll(() => running.close());

  let number = 0;
  /** A customer who left, with two purchases, an invoice and a dealing. */
  async function add() {
    const reference = `R-${++number}`;
    const made = await customers.create(COMMAND, {
      reference,
      familyName: 'Buyer',
      status: 'left',
      leftOn: '2026-11-05',
    });
    const id = made.ok ? made.value.id : '';
    const row = { customerReference: reference };
    await customers.addPurchases(COMMAND, [
      { ...row, purchasedOn: '2026-10-01', amountMinor: 30_000, item: 'Beans', reference: 'P1' },
      { ...row, purchasedOn: '2026-10-02', amountMinor: 10_000, item: 'Filters', reference: 'P2' },
    ]);
    const invoice = { issuedOn: '2026-09-01', dueOn: '2026-10-01', paidOn: null };
    await customers.addInvoices(COMMAND, [{ ...row, number: '77', amountMinor: 9990, ...invoice }]);
    const dealing = { kind: 'visit', fromOn: '2026-10-05', toOn: null, reference: '', note: 'Grinder' } as const;
    await customers.addDealings(COMMAND, [{ ...row, ...dealing }]);
    const path = async (kind: 'purchases' | 'invoices' | 'dealings', at = 0) =>
      `/customers/${id}/${kind}/${(await customers.records(kind, id, null, 5)).rows[at]?.id}/edit`;
    return { id, path };
  }
  const changes = async (path: string) =>
    await on
      .storage()
      .read.selectFrom('audit_entry')
      .select(['action', 'actor_id', 'detail'])
      .where('subject_id', '=', path.split('/')[4] ?? '')
      .where('action', 'like', '%.changed')
      .orderBy('id')
      .execute();
  const lost = async (id: string) =>
    (await on.storage().read.selectFrom('leaver').select('lost_minor').where('customer_id', '=', id).execute())[0]
      ?.lost_minor;

  test('a purchase that was typed wrong is put right, and worth and losses follow', async () => {
    const { id, path } = await add();
    const edit = await path('purchases', 1);
    expect((await staff.get(`/customers/${id}`)).text).toContain(`href="${edit}"`);
    const form = await staff.get(edit);
    expect(form.text).toContain('Beans, 1 October 2026');
    expect(fieldsOf(form, edit)).toMatchObject({ purchasedOn: '2026-10-01', amount: '300', item: 'Beans' });
    expect(await lost(id)).toBe(40_000);
    const saved = await fillIn(staff, edit, { amount: '130.50', purchasedOn: '2026-10-03', item: 'Espresso beans' });
    expect([saved.status, saved.headers.location]).toEqual([303, `/customers/${id}`]);
    const page = (await staff.get(`/customers/${id}`)).text;
    expect(page).toContain('The change is saved.');
    expect(page).toContain('Espresso beans');
    expect(await customers.get(id)).toMatchObject({ worthMinor: 23_050, lastPurchaseOn: '2026-10-03' });
    expect(await lost(id)).toBe(23_050);
    const [entry] = await changes(edit);
    expect(entry).toMatchObject({ action: 'customers.purchases.changed', actor_id: staff.accountId });
    expect(JSON.parse(entry?.detail ?? '')).toEqual({ fields: ['purchasedOn', 'item', 'amountMinor'] });
  });

  test('invoices and dealings, too', async () => {
    const { id, path } = await add();
    const invoice = await path('invoices');
    expect((await fillIn(staff, invoice, { amount: '12', paidOn: '2026-11-01' })).status).toBe(303);
    expect((await customers.records('invoices', id, null, 1)).rows[0]).toMatchObject({
      number: '77',
      amountMinor: 1200,
      paidOn: '2026-11-01',
    });
    const dealing = await path('dealings');
    expect((await fillIn(staff, dealing, { kind: 'complaint', note: 'Two\nlines' })).status).toBe(303);
    expect((await customers.records('dealings', id, null, 1)).rows[0]).toMatchObject({
      kind: 'complaint',
      fromOn: '2026-10-05',
      note: 'Two\nlines',
    });
    expect((await changes(dealing)).map(({ action }) => action)).toEqual(['customers.dealings.changed']);
  });

  test('what is wrong is said at the field and changes nothing; a number that another one has is wrong, too', async () => {
    const { id, path } = await add();
    const edit = await path('purchases', 1);
    const wrong = await fillIn(staff, edit, { amount: 'much', purchasedOn: '2027-01-01', item: 'Typed' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="amount-error"');
    expect(wrong.text).toContain('id="purchasedOn-error"');
    expect(wrong.text).toContain('value="Typed"');
    const taken = await fillIn(staff, edit, { reference: 'P2' });
    expect([taken.status, taken.text.includes('id="reference-error"')]).toEqual([422, true]);
    expect(await customers.get(id)).toMatchObject({ worthMinor: 40_000 });
    expect(await changes(edit)).toEqual([]);
  });

  test('saving without a change changes nothing', async () => {
    const { path } = await add();
    for (const kind of ['purchases', 'invoices', 'dealings'] as const) {
      const edit = await path(kind);
      expect((await fillIn(staff, edit, {})).status).toBe(303);
      expect(await changes(edit)).toEqual([]);
    }
  });

  test('somebody else was faster: what was typed stays, and saving again is possible', async () => {
    const { id, path } = await add();
    const edit = await path('purchases', 1);
    const mine = { ...fieldsOf(await staff.get(edit), edit), item: 'Mine' };
    await fillIn(staff, edit, { item: 'Theirs' });
    const overtaken = await staff.post(edit, mine);
    expect(overtaken.status).toBe(409);
    expect(overtaken.text).toContain('Somebody else changed this in the meantime');
    expect(overtaken.text).toContain('Theirs, 1 October 2026');
    expect(fieldsOf(overtaken, edit)).toMatchObject({ item: 'Mine' });
    expect((await customers.records('purchases', id, null, 5)).rows.map(({ item }) => item)).toContain('Theirs');
    expect((await staff.post(edit, fieldsOf(overtaken, edit))).status).toBe(303);
    expect((await customers.records('purchases', id, null, 5)).rows.map(({ item }) => item)).toContain('Mine');
  });

  test('of two who save at once, one is told', async () => {
    const { path } = await add();
    const edit = await path('purchases', 1);
    const seen = fieldsOf(await staff.get(edit), edit);
    const both = await Promise.all(['A', 'B'].map((item) => staff.post(edit, { ...seen, item })));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await changes(edit)).toHaveLength(1);
  });

  test('another customer’s record is not found under this one, nor one that has gone', async () => {
    const [mine, theirs] = [await add(), await add()];
    const record = (await theirs.path('purchases')).split('/')[4];
    const path = `/customers/${mine.id}/purchases/${record}/edit`;
    expect((await staff.get(path)).status).toBe(404);
    expect((await staff.post(path, { item: 'x' })).status).toBe(404);
    expect((await staff.get(`/customers/${mine.id}/secrets/${record}/edit`)).status).toBe(404);
    const gone = await mine.path('purchases');
    const seen = fieldsOf(await staff.get(gone), gone);
    await staff.post(gone.replace('/edit', '/removal'));
    expect((await staff.post(gone, seen)).status).toBe(404);
  });
});
