import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { bringIn, upload } from '../support/imports.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';
import { addressOf, leavers } from '../support/waves.ts';

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Person & { accountId: string };
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    anna = await app.signIn('staff', 'Anna');
  });
  afterAll(() => app.close());

  const customer = async (more: object = {}): Promise<string> => {
    const rows = leavers(1, () => more, ++people);
    return (await app.app.customers.upsertMany(COMMAND, rows))[0]?.id ?? '';
  };
  const audited = (action: string) => actorsOf(on.storage(), action);

  const suppress = async (address: string): Promise<string> =>
    (await from.call('POST', '/suppressions', { address, reason: 'Not theirs' }, 'staff')).body.id as string;

  test('a suppression is lifted once, in the name of the colleague who has decided so, and the address gets mail again', async () => {
    const whose = await customer();
    const id = await suppress(addressOf(people));
    const why = { accountId: anna.accountId, reason: 'She rang: it works again.' };
    const lift = (body: object = why, role: 'staff' | null = 'staff') =>
      from.call('POST', `/suppressions/${id}/lift`, body, role);
    expect(fieldsAt(await lift({ ...why, reason: ' ' }))).toEqual([422, ['reason']]);
    expect(fieldsAt(await lift({ ...why, accountId: NOBODY }))).toEqual([422, ['accountId']]);
    expect((await lift(why, null)).status).toBe(401);
    expect((await from.call('POST', '/suppressions/search', { address: addressOf(people) })).body.suppressed).toBe(
      true,
    );
    const all = await Promise.all([lift(), lift(), lift()]);
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(fieldsAt(await lift())).toEqual([409, ['id']]);
    const { body: found } = await from.call('POST', '/suppressions/search', { address: addressOf(people) });
    expect(found).toMatchObject({
      suppressed: false,
      items: [{ id, customerId: whose, liftedBy: anna.accountId, liftReason: why.reason }],
    });
    expect(await audited('bounces.lifted')).toEqual([['token', from.tokenIds.get('staff')]]);
    expect((await anna.get('/suppressions')).text).toContain('She rang: it works again.');
    expect((await from.call('POST', `/suppressions/${NOBODY}/lift`, why)).status).toBe(404);
    expect((await from.call('POST', '/suppressions/none/lift', why)).status).toBe(404);
  });

  test('what is suppressed of a customer: what was noted of them, and the address that they have now', async () => {
    const whose = await customer();
    const theirs = await suppress(addressOf(people));
    await suppress('somebody@elsewhere.example.com');
    const moved = 'moved@elsewhere.example.com';
    const now = await suppress(moved);
    const { reference } = await app.app.customers.get(whose);
    await from.call('POST', '/customers', { customers: [{ reference, email: moved }] });
    const { items } = (await from.call('GET', `/suppressions?customerId=${whose}`, undefined, 'staff')).body;
    expect(items.map((each: { id: string }) => each.id)).toEqual([now, theirs]);
    expect((await from.call('GET', `/suppressions?customerId=${await customer()}`)).body.items).toEqual([]);
    expect((await from.call('GET', `/suppressions?customerId=${await customer({ email: '' })}`)).body.items).toEqual(
      [],
    );
    expect(fieldsAt(await from.call('GET', '/suppressions?customerId=x'))).toEqual([422, ['customerId']]);
    expect((await from.call('GET', '/suppressions')).body.items.length).toBeGreaterThan(3);
  });

  test('a customer is tagged, none is lost of those who tag at the same moment, and twice is harmless', async () => {
    const id = await customer({ tags: ['VIP'], segment: 'Cafés' });
    const before = (await audited('customers.updated')).length;
    const tag = (name: string, path = '') => from.call('POST', `/customers/${id}/tags${path}`, { tag: name }, 'staff');
    const all = await Promise.all(['fair', 'press', 'fair'].map((name) => tag(name)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await tag(' vip ')).body.tags).toEqual(['VIP', 'fair', 'press']);
    expect((await from.call('GET', `/customers/${id}`)).body.tags).toEqual(['VIP', 'fair', 'press']);
    expect((await from.call('GET', '/tags', undefined, 'staff')).body.items).toEqual(['VIP', 'fair', 'press']);
    expect((await from.call('GET', '/segments', undefined, 'staff')).body.items).toEqual(['Cafés']);
    const gone = await Promise.all([tag('PRESS', '/removal'), tag('press', '/removal'), tag('fair', '/removal')]);
    expect(gone.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await from.call('GET', `/customers/${id}`)).body.tags).toEqual(['VIP']);
    const token = ['token', from.tokenIds.get('staff')];
    expect((await audited('customers.updated')).slice(before)).toEqual([token, token, token, token]);
    for (const wrong of ['', ' ', 'a,b', 'x'.repeat(41)])
      expect([wrong, ...fieldsAt(await tag(wrong))]).toEqual([wrong, 422, ['tag']]);
    for (let i = 2; i <= 20; i += 1) expect((await tag(`tag ${i}`)).status).toBe(200);
    expect(fieldsAt(await tag('one too many'))).toEqual([422, ['tag']]);
    expect((await from.call('GET', `/customers/${id}`)).body.tags).toHaveLength(20);
    expect((await from.call('POST', `/customers/${NOBODY}/tags`, { tag: 'x' })).status).toBe(404);
    expect((await from.call('POST', `/customers/${NOBODY}/tags/removal`, { tag: 'x' })).status).toBe(404);
    expect((await from.call('POST', `/customers/${id}/tags`, { tag: 'x' }, null)).status).toBe(401);
  });

  const FILE = 'Kundennummer;Vorname;Nachname;Sprache\nZ-1;Ada;Berg;de\nZ-2;Ben;Vos;de\nZ-3;Cleo;Lund;de\n';

  test('an import is taken back once, but for what somebody has changed since', async () => {
    const checked = await upload(app, anna, 'customers', FILE);
    const at = `/imports/${checked.id}`;
    expect((await from.call('GET', at, undefined, 'staff')).body).toMatchObject({ state: 'checked', undoable: false });
    expect(fieldsAt(await from.call('POST', `${at}/undo`))).toEqual([409, ['id']]);
    await bringIn(app, anna, checked);
    expect((await from.call('GET', at)).body).toMatchObject({
      id: checked.id,
      kind: 'customers',
      filename: 'kunden.csv',
      state: 'done',
      createdBy: anna.accountId,
      undoable: true,
      undoableUntil: '2026-11-11T08:05:00.000Z',
      rows: { total: 3, new: 3, kept: 0 },
    });
    const changed = await app.app.customers.findByReference('Z-2');
    await from.call('POST', '/customers', { customers: [{ reference: 'Z-2', city: 'Bergen' }] });
    const undo = (role: 'staff' | null = 'staff') => from.call('POST', `${at}/undo`, undefined, role);
    expect((await undo(null)).status).toBe(401);
    const both = await Promise.all([undo(), undo()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await app.app.imports.runDue();
    expect((await from.call('GET', at)).body).toMatchObject({ state: 'undone', undoable: false, undoableUntil: null });
    expect((await from.call('GET', at)).body.rows).toMatchObject({ done: 3, kept: 1 });
    const kept = (await from.call('GET', `${at}/kept`, undefined, 'staff')).body;
    expect(kept).toEqual({ items: [{ row: 3, reference: 'Z-2', customerId: changed?.id }], next: null });
    const left = (await from.call('GET', '/customers?q=Z-')).body.items as { reference: string }[];
    expect(left.map(({ reference }) => reference)).toEqual(['Z-2']);
    expect(fieldsAt(await undo())).toEqual([409, ['id']]);
    expect(await audited('imports.undone')).toEqual([['token', from.tokenIds.get('staff')]]);
    expect((await from.call('POST', `/imports/${NOBODY}/undo`)).status).toBe(404);
    expect((await from.call('GET', `/imports/${NOBODY}/kept`)).status).toBe(404);
  });

  test('imports and the rows that stay are read a part at a time; after a day nothing is taken back', async () => {
    const second = await upload(app, anna, 'customers', FILE.replaceAll('Z-', 'Y-'));
    await bringIn(app, anna, second);
    const rows = ['Y-1', 'Y-2', 'Y-3'].map((reference) => ({ reference, city: 'Oslo' }));
    await from.call('POST', '/customers', { customers: rows });
    await from.call('POST', `/imports/${second.id}/undo`);
    await app.app.imports.runDue();
    const listed = async (path: string) => {
      const first = (await from.call('GET', `${path}?limit=1`, undefined, 'staff')).body;
      const rest = (await from.call('GET', `${path}?cursor=${encodeURIComponent(first.next as string)}`)).body;
      expect(rest.next).toBeNull();
      return [...first.items, ...rest.items];
    };
    expect((await listed(`/imports/${second.id}/kept`)).map(({ reference }) => reference)).toEqual([
      'Y-1',
      'Y-2',
      'Y-3',
    ]);
    const third = await upload(app, anna, 'customers', FILE.replaceAll('Z-', 'X-'));
    await bringIn(app, anna, third);
    expect((await listed('/imports')).map(({ id }) => id).slice(0, 2)).toEqual([third.id, second.id]);
    app.clock.advance({ days: 1, minutes: 1 });
    expect((await from.call('GET', `/imports/${third.id}`)).body).toMatchObject({ state: 'done', undoable: false });
    expect(fieldsAt(await from.call('POST', `/imports/${third.id}/undo`))).toEqual([409, ['id']]);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.records)).toEqual([]);
  });
});
