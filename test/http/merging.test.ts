import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { CustomerRow } from '../../src/customers/index.ts';
import { ALL_ROWS } from '../../src/merging/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Schema } from '../../src/storage/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { smallCodebooks } from '../support/codebooks.ts';
import { onBothEngines } from '../support/engines.ts';
import { CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';
import { respondent } from '../support/respondent.ts';
import { newWave, readyToSend } from '../support/waves.ts';

const BASIS = { legalBasis: 'existing_customer', legalBasisSource: 'contract', legalBasisOn: '2024-01-01' } as const;
const LEFT = { status: 'left', leftOn: '2026-10-20', segment: 'regular', country: 'DE', language: 'en' } as const;

onBothEngines((on) => {
  const codebooks = smallCodebooks();
  let running: TestApp;
  let boss: Person & { accountId: string };
  let from: Program;
  let ready: Awaited<ReturnType<typeof readyToSend>>;
  let people = 0;

  beforeAll(async () => {
    running = await startApp(on.storage(), { codebooks });
    boss = await running.signIn('manager', 'Carla');
    from = await program(running);
    ready = await readyToSend(running.app);
  });
  afterAll(() => running.close());

  interface Two {
    kept: string;
    other: string;
    keptRef: string;
    otherRef: string;
    tag: string;
  }

  const pair = async (more: { kept?: Partial<CustomerRow>; other?: Partial<CustomerRow> } = {}): Promise<Two> => {
    const n = ++people;
    const [keptRef, otherRef, tag] = [`K-${n}`, `O-${n}`, `t${n}`];
    const row = (reference: string, given: Partial<CustomerRow> = {}) =>
      ({
        reference,
        familyName: `Pair${n}`,
        email: `${reference}@example.com`,
        tags: [tag],
        ...LEFT,
        ...BASIS,
        ...given,
      }) as CustomerRow;
    const added = await running.app.customers.upsertMany(COMMAND, [row(keptRef, more.kept), row(otherRef, more.other)]);
    return { kept: added[0]?.id ?? '', other: added[1]?.id ?? '', keptRef, otherRef, tag };
  };

  const merge = async ({ kept, other }: Two, choices: Record<string, string> = {}) => {
    const page = await boss.get(`/customers/${kept}/merge/${other}`);
    const seen = (name: string) => new RegExp(`name="${name}" value="(\\d+)"`).exec(page.text)?.[1] ?? '';
    const fields = { seenKept: seen('seenKept'), seenOther: seen('seenOther'), ...choices };
    return await boss.post(`/customers/${kept}/merge/${other}`, fields);
  };
  const bought = (customerReference: string, reference: string | null, amountMinor: number) => ({
    customerReference,
    purchasedOn: '2026-05-02',
    amountMinor,
    item: 'Chair',
    reference: reference ?? '',
  });
  const customerOf = async (id: string) =>
    await on.storage().read.selectFrom('customer').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const rowsOf = async (table: keyof Schema, id: string) =>
    (
      await on
        .storage()
        .transaction((tx) => sql<object>`select * from ${sql.table(table)} where customer_id = ${id}`.execute(tx))
    ).rows;

  async function inWave(two: Two): Promise<{ waveId: string; ids: Map<string, string> }> {
    const { app } = running;
    const waveId = await newWave(app, ready, { audience: { status: 'left', tags: [two.tag] } });
    await app.invitations.startWaveAtOnce(COMMAND, waveId);
    await app.runDue();
    const rows = await on.storage().read.selectFrom('invitation').selectAll().where('wave_id', '=', waveId).execute();
    return { waveId, ids: new Map(rows.map((row) => [row.customer_id, row.id])) };
  }
  const asks = (invitationId: string) =>
    respondent({ signer: running.app.signer, baseUrl: running.baseUrl }, invitationId);
  async function answers(invitationId: string, words: string): Promise<void> {
    const they = asks(invitationId);
    await they.answer('happened', { answer: words });
    await they.send();
  }

  test('a manager finds the other record, says what is right, and the two are one from then on', async () => {
    const two = await pair({
      kept: { email: 'anna@example.com', telephone: '', city: 'Kiel', notes: 'Likes tea.', leftOn: '2026-10-01' },
      other: { email: 'anna@example.com', telephone: '+49 431 555019', city: 'Lübeck', notes: 'Has a dog.' },
    });
    await running.app.customers.addPurchases(COMMAND, [
      bought(two.keptRef, 'R1', 100),
      bought(two.otherRef, 'R1', 250),
    ]);
    expect((await boss.get(`/customers/${two.kept}`)).text).toContain(`href="/customers/${two.kept}/merge"`);
    const choose = await boss.get(`/customers/${two.kept}/merge?q=${two.otherRef}`);
    expect(choose.text).toContain('Probably the same person');
    expect(choose.text).toContain(`/customers/${two.kept}/merge/${two.other}`);
    const page = await boss.get(`/customers/${two.kept}/merge/${two.other}`);
    expect(page.text).toContain('1 purchase<');
    expect(page.text).toMatch(/id="telephone-other" name="telephone" value="other" checked/);
    expect(page.text).toMatch(/id="city" name="city" value="kept" checked/);
    expect(page.text).not.toMatch(/name="status" value="\w+" checked/);

    const unsaid = await merge(two, { telephone: 'other', city: 'other' });
    expect(unsaid.status).toBe(422);
    expect(unsaid.text).toContain('<a href="#status">Status: Please say which of the two is right</a>');
    expect(unsaid.text).toMatch(/value="other" checked> <span><bdi>Lübeck/);
    expect((await customerOf(two.other)).merged_into_id).toBeNull();

    expect((await merge(two, { status: 'other', telephone: 'other', city: 'other' })).status).toBe(303);
    const kept = await running.app.customers.get(two.kept);
    expect(kept).toMatchObject({ reference: two.keptRef, leftOn: '2026-10-20', city: 'Lübeck', worthMinor: 350 });
    expect(kept.notes).toBe('Likes tea.\n\nHas a dog.');
    const profile = await boss.get(`/customers/${two.kept}`);
    expect(profile.text).toContain(`Put together with ${two.otherRef}, the same person`);
    expect((await boss.get(`/customers/${two.other}`)).headers['location']).toBe(`/customers/${two.kept}`);
    expect((await boss.get(`/customers?q=${two.otherRef}`)).text).not.toContain(`/customers/${two.other}`);
    const audited = await on
      .storage()
      .read.selectFrom('audit_entry')
      .selectAll()
      .where('subject_id', 'in', [two.kept, two.other])
      .execute();
    expect(audited.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['customers.merged', 'customers.mergedInto']),
    );
  });

  test('only managers and administrators may, and not what makes no sense', async () => {
    const two = await pair();
    const staff = await running.signIn('staff', 'Anna');
    expect((await staff.get(`/customers/${two.kept}`)).text).not.toContain('/merge');
    for (const path of [`/customers/${two.kept}/merge`, `/customers/${two.kept}/merge/${two.other}`])
      expect((await staff.get(path)).status).toBe(403);
    expect((await staff.post(`/customers/${two.kept}/merge/${two.other}`)).status).toBe(403);
    expect((await merge({ ...two, other: two.kept })).status).toBe(409);
    expect((await boss.get(`/customers/${two.kept}/merge/${NOBODY}`)).status).toBe(404);
  });

  test('the reference, the address and the records of the other one lead to the kept one', async () => {
    const two = await pair();
    const { customers } = running.app;
    await customers.addPurchases(COMMAND, [bought(two.keptRef, 'X', 100), bought(two.otherRef, 'X', 200)]);
    expect((await merge(two)).status).toBe(303);
    const [again] = await customers.upsertMany(COMMAND, [{ reference: two.otherRef, city: 'Kiel' }]);
    expect(again).toMatchObject({ id: two.kept, outcome: 'updated' });
    expect(await customers.get(two.kept)).toMatchObject({ reference: two.keptRef, city: 'Kiel' });
    const both = await customers.upsertMany(COMMAND, [
      { reference: two.otherRef, city: 'Bonn' },
      { reference: two.keptRef, region: 'NRW' },
    ]);
    expect(both.map(({ id }) => id)).toEqual([two.kept, two.kept]);
    // The same file once more changes nothing, and each purchase is still what it was.
    const same = await customers.addPurchases(COMMAND, [bought(two.keptRef, 'X', 100), bought(two.otherRef, 'X', 200)]);
    expect(same.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
    const [fresh] = await customers.addPurchases(COMMAND, [bought(two.otherRef, 'Y', 50)]);
    expect(fresh).toMatchObject({ outcome: 'added' });
    expect(await rowsOf('purchase', two.kept)).toHaveLength(3);
    expect(await customers.idsWithEmail(on.storage().read, `${two.otherRef}@example.com`)).toEqual([two.kept]);
    expect(await customers.findByReference(two.otherRef)).toMatchObject({ id: two.kept });
    // A list of an audience that still has the old number means the same person, once.
    for (const filter of [
      { references: [two.otherRef] },
      { references: [two.keptRef, two.otherRef] },
      { customerIds: [two.other] },
    ]) {
      const slice = await customers.audienceSlice(on.storage().read, filter, null, 10);
      expect([filter, slice.map(({ id }) => id)]).toEqual([filter, [two.kept]]);
    }
    expect((await from.call('GET', `/customers/${two.other}`)).body).toMatchObject({ id: two.kept });
  });

  test('the stricter wish counts, whichever record it stands on', async () => {
    const [out, topic, address] = [await pair(), await pair(), await pair()];
    await running.app.customers.unsubscribeByHand(COMMAND, out.other, 'telephone');
    await on.storage().transaction((tx) => running.app.customers.refuse(tx, topic.other, 'greetings', 'link'));
    await running.app.bounces.suppressions.addByHand(
      COMMAND,
      `${address.otherRef}@example.com`,
      'Asked by letter',
      null,
    );
    for (const two of [out, topic, address]) expect((await merge(two)).status).toBe(303);
    expect((await customerOf(out.kept)).unsubscribed_at).not.toBeNull();
    expect((await customerOf(address.kept)).unsubscribed_at).not.toBeNull();
    expect((await customerOf(topic.kept)).unsubscribed_at).toBeNull();
    expect(await running.app.customers.refusals(topic.kept)).toMatchObject([{ topic: 'greetings', how: 'merged' }]);
  });

  test('where one of two in a wave has answered, both links lead there; nobody is asked a second time', async () => {
    for (const who of ['kept', 'other'] as const) {
      const two = await pair();
      const { ids } = await inWave(two);
      const [own, theirs] = [ids.get(two.kept) ?? '', ids.get(two.other) ?? ''];
      await answers(who === 'kept' ? own : theirs, 'Nobody called me back.');
      expect((await merge(two)).status).toBe(303);
      for (const invitation of [own, theirs]) {
        const seen = await asks(invitation).get();
        expect([who, seen.status, seen.text.includes('Nobody called me back.') || seen.h1]).not.toContain(
          'This link is no longer in use',
        );
        await asks(invitation).answer('happened', { answer: 'Nobody called me back, twice.' });
      }
      expect(await rowsOf('response', two.kept)).toHaveLength(1);
      expect(await rowsOf('response', two.other)).toHaveLength(0);
      running.clock.advance({ days: 6 });
      await running.app.runDue();
      boss = await running.signIn('manager', 'Carla');
      const reminders = await on
        .storage()
        .read.selectFrom('reminder')
        .selectAll()
        .where('invitation_id', 'in', [own, theirs])
        .execute();
      expect(reminders.filter(({ state }) => state === 'sent' || state === 'queued')).toEqual([]);
    }
  });

  test('where neither has answered, one set of answers comes of two links, and an opt-out by either counts', async () => {
    const two = await pair();
    const { ids, waveId } = await inWave(two);
    expect((await merge(two)).status).toBe(303);
    await answers(ids.get(two.other) ?? '', 'It was too expensive.');
    await asks(ids.get(two.kept) ?? '').answer('happened', { answer: 'It was far too expensive.' });
    const responses = await on
      .storage()
      .read.selectFrom('response')
      .selectAll()
      .where('wave_id', '=', waveId)
      .execute();
    expect(responses).toMatchObject([{ customer_id: two.kept, state: 'complete' }]);
    const out = running.app.invitations.optOutLinkFor(ids.get(two.other) ?? '');
    await fetch(out, {
      method: 'POST',
      headers: { origin: running.baseUrl, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect((await customerOf(two.kept)).unsubscribed_at).not.toBeNull();
  });

  test('questions that wait to be sent to the other record are not sent, and both count against the contact budget', async () => {
    const two = await pair();
    const { app } = running;
    const wave = await newWave(app, ready, { audience: { references: [two.otherRef] } });
    await app.invitations.startWaveAtOnce(COMMAND, wave);
    await app.invitations.work();
    const own = await newWave(app, ready, { audience: { references: [two.keptRef] } });
    await app.invitations.startWaveAtOnce(COMMAND, own);
    await app.runDue();
    const late = await pair();
    const waits = await newWave(app, ready, { audience: { references: [late.otherRef] } });
    await app.invitations.startWaveAtOnce(COMMAND, waits);
    await app.invitations.work();
    expect((await merge(late)).status).toBe(303);
    await app.runDue();
    const queued = await on.storage().read.selectFrom('invitation').selectAll().where('wave_id', '=', waits).execute();
    expect(queued).toMatchObject([{ customer_id: late.kept, delivery: 'cancelled' }]);
    expect((await merge(two)).status).toBe(303);
    expect(await rowsOf('contact', two.kept)).toHaveLength(2);
    expect(await rowsOf('contact', two.other)).toHaveLength(0);
  });

  test('two colleagues at one moment: one puts them together, the other is told; so is whoever saw an older record', async () => {
    const two = await pair();
    const there = { keptId: two.kept, otherId: two.other, seen: { kept: 1, other: 1 } };
    const back = { keptId: two.other, otherId: two.kept, seen: { kept: 1, other: 1 } };
    const tries = await Promise.allSettled([there, back].map((each) => running.app.merging.merge(COMMAND, each, {})));
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const changed = await pair();
    await boss.get(`/customers/${changed.kept}/merge/${changed.other}`);
    await running.app.customers.setTags(COMMAND, changed.other, ['x']);
    const late = await boss.post(`/customers/${changed.kept}/merge/${changed.other}`, {
      seenKept: '1',
      seenOther: '1',
    });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Somebody has changed one of the two records in the meantime');
  });

  test('what is under way or open for both stands in the way, and the page says what to do', async () => {
    const importing = await pair();
    const given = { locale: 'en', language: '', country: '', legalBasis: null };
    const file = {
      kind: 'customers' as const,
      filename: 'a.csv',
      bytes: Buffer.from(`reference,family name\n${importing.otherRef},Von-der-Datei\n`),
      given,
    };
    const imported = await running.app.imports.receive(COMMAND, file);
    await running.app.imports.settle(imported);
    const setState = (state: 'importing' | 'checked') =>
      on.storage().transaction((tx) => tx.updateTable('import').set({ state }).where('id', '=', imported).execute());
    await setState('importing');
    const busy = await merge(importing);
    expect([busy.status, busy.text.includes('A file is being imported right now')]).toEqual([409, true]);
    await setState('checked');
    expect((await merge(importing)).status).toBe(303);
    await running.app.imports.begin(COMMAND, imported);
    await running.app.imports.settle(imported);
    expect((await customerOf(importing.kept)).family_name).toBe('Von-der-Datei');

    const open = await pair();
    await on.storage().transaction(async (tx) => {
      for (const customerId of [open.kept, open.other]) {
        const said = { words: '', language: 'en', summary: 'Left', contact: { name: '', email: '', telephone: '' } };
        const cause = { origin: 'hand', originId: null, customerId, kind: 'payment_difficulty' } as const;
        await running.app.recovery.cases.open(tx, COMMAND, { ...cause, ...said });
      }
    });
    const both = await merge(open);
    expect([both.status, both.text.includes('close one of the two first')]).toEqual([409, true]);

    const sending = await pair();
    const { ids } = await inWave(sending);
    await on.storage().transaction((tx) =>
      tx
        .updateTable('outgoing_mail')
        .set({ state: 'sending' })
        .where('subject_id', '=', ids.get(sending.other) ?? '')
        .execute(),
    );
    const leaving = await merge(sending);
    expect([leaving.status, leaving.text.includes('being sent right now')]).toEqual([409, true]);
    await on.storage().transaction((tx) =>
      tx
        .updateTable('outgoing_mail')
        .set({ state: 'sent' })
        .where('subject_id', '=', ids.get(sending.other) ?? '')
        .execute(),
    );
    expect((await customerOf(sending.other)).merged_into_id).toBeNull();
  });

  test('whoever is erased is erased under every name, and the export holds all of them', async () => {
    const two = await pair({ other: { familyName: 'Quastwirbel', email: 'quastwirbel@example.com' } });
    const { ids } = await inWave(two);
    await answers(ids.get(two.kept) ?? '', 'Quastwirbel was not greeted.');
    await answers(ids.get(two.other) ?? '', 'I am Quastwirbel.');
    expect((await merge(two)).status).toBe(303);
    const cases = await running.app.recovery.cases.ofCustomer(on.storage().read, two.kept);
    expect(cases.map(({ state, mergedIntoId }) => [state, mergedIntoId])).toEqual([
      ['open', null],
      ['closed', cases[0]?.id],
    ]);
    const admin = await running.signIn('administrator', 'Katharina');
    const { data } = JSON.parse((await admin.get(`/customers/${two.kept}/export`)).text) as {
      data: Record<string, Record<string, object[]>>;
    };
    expect(data['customer']?.['profile']).toHaveLength(2);
    expect(data['invitations']?.['invitations']).toHaveLength(2);
    expect(JSON.stringify(data)).toContain('I am Quastwirbel.');
    await admin.get(`/customers/${two.kept}/erasure`);
    expect((await admin.post(`/customers/${two.kept}/erasure`, { reference: two.keptRef })).status).toBe(303);
    for (const { table } of [
      ...ALL_ROWS,
      { table: 'customer' as const },
      { table: 'answer' as const },
      { table: 'captured_mail' as const },
    ]) {
      const { rows } = await on.storage().transaction((tx) => sql`select * from ${sql.table(table)}`.execute(tx));
      expect([table, /quastwirbel/i.test(JSON.stringify(rows))]).toEqual([table, false]);
    }
    const [again] = await running.app.customers.upsertMany(COMMAND, [{ reference: two.otherRef, familyName: 'New' }]);
    expect(again).toMatchObject({ outcome: 'added' });
  });

  test('a program does it, too, and is told what it has to choose', async () => {
    const two = await pair({ other: { customerSince: '2020-01-01' }, kept: { customerSince: '2021-01-01' } });
    const path = `/customers/${two.kept}/merge`;
    const body = { otherId: two.other, otherReference: two.otherRef };
    expect((await from.call('POST', path, body, 'staff')).status).toBe(403);
    expect(fieldsAt(await from.call('POST', path, { ...body, otherReference: 'no' }))).toEqual([
      422,
      ['otherReference'],
    ]);
    expect(fieldsAt(await from.call('POST', path, body))).toEqual([422, ['customerSince']]);
    expect(fieldsAt(await from.call('POST', path, { otherId: two.kept, otherReference: two.keptRef }))).toEqual([
      409,
      ['otherId'],
    ]);
    const done = await from.call('POST', path, { ...body, choices: { customerSince: 'other' } });
    expect([done.status, done.body]).toEqual([200, { id: two.kept, reference: two.keptRef }]);
    expect(await customerOf(two.kept)).toMatchObject({ customer_since: '2020-01-01' });
    expect(missing(from, CALLED_ELSEWHERE.merging)).toEqual([]);
  });

  const totals = async () => {
    const query = sql<Record<string, unknown>>`select
      (select count(*) from purchase) as purchases, (select sum(amount_minor) from purchase) as bought,
      (select count(*) from invoice) as invoices, (select sum(amount_minor) from invoice) as billed,
      (select count(*) from dealing) as dealings, (select count(*) from response) as responses,
      (select count(*) from answer) as answers, (select count(*) from coding where withdrawn_at is null) as codings,
      (select count(*) from main_reason) as reasons, (select count(*) from invitation) as recipients,
      (select count(*) from invitation where delivery = 'sent') as sent,
      (select count(*) from invitation where progress = 'completed') as completed`;
    const { rows } = await on.storage().transaction((tx) => query.execute(tx));
    return JSON.stringify(rows[0], (_key, value: unknown) =>
      value === null ? 0 : /^\d+$/.test(String(value)) ? Number(value) : value,
    );
  };

  test('whatever the two hold, every total is the same before and after, and nothing stays behind but a second invitation', async () => {
    const number = fc.constantFrom('1', '2', '3', null);
    const records = fc.array(fc.record({ number, amount: fc.integer({ min: 1, max: 90_000 }) }), { maxLength: 4 });
    const side = fc.record({ records, answers: fc.boolean(), tag: fc.boolean(), stops: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(side, side, async (own, theirs) => {
        const two = await pair({ kept: { yearlyValueMinor: null }, other: { yearlyValueMinor: null } });
        const { customers } = running.app;
        for (const [reference, each] of [
          [two.keptRef, own],
          [two.otherRef, theirs],
        ] as const) {
          const mine = { customerReference: reference };
          await customers.addPurchases(
            COMMAND,
            each.records.map((row) => bought(reference, row.number, row.amount)),
          );
          await customers.addInvoices(
            COMMAND,
            each.records.flatMap((row) =>
              row.number === null
                ? []
                : [{ ...mine, number: row.number, issuedOn: null, amountMinor: row.amount, dueOn: null, paidOn: null }],
            ),
          );
          await customers.addDealings(
            COMMAND,
            each.records.map((row) => ({
              ...mine,
              kind: 'order' as const,
              reference: row.number ?? '',
              fromOn: '2026-05-02',
              toOn: null,
              note: '',
            })),
          );
        }
        const { ids } = await inWave(two);
        for (const [id, each] of [
          [two.kept, own],
          [two.other, theirs],
        ] as const) {
          if (each.answers) await answers(ids.get(id) ?? '', 'Nobody called me back.');
          if (each.stops) await customers.unsubscribeByHand(COMMAND, id, 'telephone');
        }
        const before = await totals();
        expect((await merge(two)).status).toBe(303);
        expect(await totals()).toBe(before);
        for (const { table } of ALL_ROWS.filter(({ column }) => column === 'customer_id')) {
          if (['invitation', 'timeline_event', 'risk_due'].includes(table)) continue;
          expect([table, await rowsOf(table, two.other)]).toEqual([table, []]);
        }
        const spent = (await rowsOf('purchase', two.kept)).reduce(
          (sum, row) => sum + (row as { amount_minor: number }).amount_minor,
          0,
        );
        expect(await customerOf(two.kept)).toMatchObject({ worth_minor: spent });
        expect((await customerOf(two.kept)).unsubscribed_at !== null).toBe(own.stops || theirs.stops);
        const leavers = await on
          .storage()
          .read.selectFrom('leaver')
          .selectAll()
          .where('customer_id', 'in', [two.kept, two.other])
          .execute();
        expect(leavers).toMatchObject([{ customer_id: two.kept, lost_minor: spent }]);
      }),
      { numRuns: on.engine === 'sqlite' ? 12 : 4 },
    );
  });
});
