import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SYSTEM, colleague } from '../../src/shared/actor.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let tobias: Colleague;
  let jonas: Colleague;
  let miriam: Colleague;
  let numbers = 0;
  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { TRUST_PROXY: '1' } });
    await arrive();
  });
  afterAll(() => app.close());

  const arrive = async () => {
    tobias = await app.signIn('staff', 'Tobias Lindner');
    jonas = await app.signIn('staff', 'Jonas Wulf');
    miriam = await app.signIn('manager', 'Miriam Adler');
  };

  const alerts = () => on.storage().read.selectFrom('alert').selectAll().orderBy('id').execute();
  const lastAlert = async () => (await alerts()).at(-1);
  /** A customer whose name nobody else has. */
  const someone = async (name = `Gasthof ${++numbers}zum Anker`) => {
    const reference = `A-${++numbers}`;
    const fields = { reference, organisation: name, city: 'Kiel', telephone: `0431 555 0${numbers + 100}` };
    const made = await app.app.customers.create(SYSTEM, { ...fields, status: 'active', language: 'de' });
    if (!made.ok) throw new Error('no customer');
    return { id: made.value.id, name, reference };
  };
  const report = async (who: Colleague, fields: Record<string, string>) => {
    await who.get('/alert');
    return await who.post('/alert', fields);
  };
  /** Closes a case as a colleague would, and the customer says that it is settled. */
  const settle = async (caseId: string, by: Colleague) => {
    const { cases, caseWork } = app.app.recovery;
    const closing = { rootCause: 'quality', action: 'Ersatz geschickt', outcome: 'replaced' };
    await on.storage().transaction((tx) => cases.close(tx, colleague(by.accountId), caseId, closing));
    await caseWork.settling.confirm(caseId);
  };

  describe('from any staff page', () => {
    test('the link is there; two fields open a complaint for the customer that the name means', async () => {
      const customer = await someone();
      // On a telephone it stands in the menu, on top of every page.
      expect((await tobias.get('/customers')).text).toMatch(
        /<nav[\s\S]*<li class="phone"><a href="\/alert">[\s\S]*<\/nav>[\s\S]*href="\/alert"/,
      );
      const answer = await report(tobias, { who: customer.name, what: 'Der Koch war nicht begeistert.' });
      expect([answer.status, answer.headers.location]).toEqual([303, '/alert']);
      const alert = await lastAlert();
      expect(alert).toMatchObject({ customer_id: customer.id, account_id: tobias.accountId, joined: 0 });
      const theCase = await app.app.recovery.cases.get(alert?.case_id ?? '');
      expect(theCase).toMatchObject({ kind: 'complaint', origin: 'alert', customerId: customer.id, state: 'open' });
      expect(theCase.summary).toBe('Der Koch war nicht begeistert. (Tobias Lindner)');
      expect((await tobias.get('/alert')).text).toContain(`case ${theCase.number} is open`);
      const timeline = await app.app.customers.timeline(customer.id, null, 10);
      expect(timeline.rows.map(({ kind }) => kind)).toContain('alerts.reported');
      expect((await tobias.get(`/cases/${theCase.id}`)).text).toContain('Tobias Lindner reported it');
    });

    test('several customers with that name: one is chosen with what was typed kept; nobody: it stays as typed', async () => {
      const [first, second] = [await someone('Café Doppelt'), await someone('Café Doppelt')];
      const before = await alerts();
      const choice = await report(tobias, { who: 'Doppelt', what: 'Kalter <b>Kaffee</b>' });
      expect(choice.status).toBe(200);
      for (const each of [first.id, second.id, 'Kalter &lt;b&gt;Kaffee']) expect(choice.text).toContain(each);
      expect(await alerts()).toEqual(before);
      const fields = { who: 'Doppelt', what: 'Kalter Kaffee' };
      // In a hurry nobody is reported whom nobody chose.
      expect(choice.text).not.toContain('checked');
      const hurried = await tobias.post('/alert', { ...fields, choosing: 'yes' });
      expect([hurried.status, hurried.text.includes('Please choose whom you mean')]).toEqual([422, true]);
      for (const each of [first.id, 'value="Kalter Kaffee"']) expect(hurried.text).toContain(each);
      expect(await alerts()).toEqual(before);
      expect((await tobias.post('/alert', { ...fields, customer: second.id })).status).toBe(303);
      expect((await lastAlert())?.customer_id).toBe(second.id);
      await report(tobias, { ...fields, who: 'Die Dame mit dem roten Schirm' });
      const unknown = await lastAlert();
      expect(unknown).toMatchObject({ customer_id: null, who: 'Die Dame mit dem roten Schirm' });
      const theCase = await app.app.recovery.cases.get(unknown?.case_id ?? '');
      expect(theCase.contact.name).toBe('Die Dame mit dem roten Schirm');
      expect((await tobias.post('/alert', { ...fields, customer: unknown?.id ?? '' })).status).toBe(404);
    });

    test('something is missing or hostile: said at the field, nothing stored, nothing run', async () => {
      const before = await alerts();
      const empty = await report(tobias, { who: ' \u200b', what: 'Bleibt stehen' });
      expect([empty.status, empty.text.includes('Bleibt stehen')]).toEqual([422, true]);
      expect((await report(tobias, { who: 'x'.repeat(200), what: 'y'.repeat(3000) })).status).toBe(422);
      expect(await alerts()).toEqual(before);
      await report(tobias, { who: '\u202eevil\u0000<script>', what: '<script>alert(1)</script>\u0000' });
      expect(await lastAlert()).toMatchObject({ who: 'evil<script>', what: '<script>alert(1)</script>' });
      expect((await tobias.get('/alerts')).text).not.toContain('<script>alert');
    });
  });

  describe('the same customer, reported by several', () => {
    test('at the same moment is one case, and all of them are thanked when it is settled', async () => {
      const customer = await someone();
      for (const who of [tobias, jonas]) await who.get('/alert');
      await Promise.all([
        tobias.post('/alert', { who: customer.name, what: 'Zu spät geliefert' }),
        jonas.post('/alert', { who: customer.reference, what: 'Am Telefon sehr ärgerlich' }),
        jonas.post('/alert', { who: customer.reference, what: 'Am Telefon sehr ärgerlich' }),
      ]);
      const theirs = (await alerts()).filter(({ customer_id }) => customer_id === customer.id);
      expect(theirs).toHaveLength(2);
      expect(new Set(theirs.map(({ case_id }) => case_id)).size).toBe(1);
      expect(theirs.map(({ joined }) => joined).sort()).toEqual([0, 1]);
      expect((await jonas.get('/me')).text).toContain(customer.name);
      // What a colleague wrote for colleagues is not shown to the customer as their own words.
      const link = app.app.recovery.cases.linkFor(theirs[0]?.case_id ?? '').replace(/^https?:\/\/[^/]+/, '');
      const shown = await app.visitor().get(link);
      expect(shown.status).toBe(200);
      for (const words of ['Zu spät geliefert', 'sehr ärgerlich']) expect(shown.text).not.toContain(words);
      expect((await miriam.get('/thanks')).text).not.toContain('Jonas Wulf');
      await settle(theirs[0]?.case_id ?? '', tobias);
      const board = (await miriam.get('/thanks')).text;
      for (const name of ['Tobias Lindner', 'Jonas Wulf']) expect(board).toContain(name);
      expect(board).not.toContain(customer.name);
      expect((await jonas.get('/alerts')).text).toContain('the customer says so');
      expect((await jonas.get('/me')).text).toContain('the customer says so');
    });

    test('kept as typed, the customer is named later, once, and the thanks follow them', async () => {
      const customer = await someone();
      await report(tobias, { who: 'Der Wirt am Hafen', what: 'Kalter Kaffee, dritte Woche' });
      const { case_id: caseId = '' } = (await lastAlert()) ?? {};
      expect((await tobias.get(`/cases/${caseId}`)).text).toContain(`/cases/${caseId}/customer`);
      expect((await tobias.get(`/cases/${caseId}/customer`)).text).toContain('Nobody fits');
      const at = `/cases/${caseId}/customer?q=${encodeURIComponent(customer.reference)}`;
      const revision = /name="revision" value="(\d+)"/.exec((await tobias.get(at)).text)?.[1] ?? '';
      await miriam.get(at);
      const named = { revision, customer: customer.id };
      const both = await Promise.all([tobias, miriam].map((who) => who.post(`/cases/${caseId}/customer`, named)));
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(await app.app.recovery.cases.get(caseId)).toMatchObject({ customerId: customer.id });
      expect(await lastAlert()).toMatchObject({ customer_id: customer.id, who: 'Der Wirt am Hafen' });
      expect((await tobias.get(`/customers/${customer.id}`)).text).toContain('opened');
      expect((await tobias.get(at)).status).toBe(409);
    });

    test('of a case that was put into another is thanked when that one is settled', async () => {
      const customer = await someone();
      await report(jonas, { who: customer.reference, what: 'Falsch abgerechnet' });
      const duplicate = await lastAlert();
      const { cases, caseWork } = app.app.recovery;
      const { caseId, number } = await on.storage().transaction((tx) =>
        cases.open(tx, SYSTEM, {
          kind: 'complaint',
          customerId: customer.id,
          origin: 'hand',
          originId: null,
          words: 'Die Rechnung stimmt nicht',
          language: 'de',
        }),
      );
      await caseWork.handling.merge(colleague(tobias.accountId), duplicate?.case_id ?? '', number);
      expect((await lastAlert())?.led_to).toBeNull();
      const mine = (await jonas.get('/alerts')).text;
      expect(mine).toContain(`<a href="/cases/${caseId}">Case ${number}</a>`);
      expect(mine.slice(0, mine.indexOf(`/cases/${caseId}`))).not.toContain('The case is closed');
      await settle(caseId, tobias);
      expect((await lastAlert())?.led_to).toBe('settled');
    });

    test('whoever reported it hears by mail what became of it, once', async () => {
      const mails = async () => {
        await app.app.mailer.sendDue();
        const { rows } = await app.app.mailer.outbox.list(null, { isAdministrator: true });
        return rows.filter(({ subject }) => subject === 'What became of your report');
      };
      const before = (await mails()).length;
      const { cases, caseWork } = app.app.recovery;
      await report(tobias, { who: (await someone()).name, what: 'Der Kaffee war kalt.' });
      const unheard = (await lastAlert())?.case_id ?? '';
      const closing = { rootCause: 'quality', action: 'Nichts', outcome: 'not_possible', noQuestion: 'moved' };
      await on.storage().transaction((tx) => cases.close(tx, SYSTEM, unheard, closing));
      await report(jonas, { who: (await someone()).name, what: 'Der Kaffee war warm.' });
      const settled = (await lastAlert())?.case_id ?? '';
      await settle(settled, miriam);
      const [good, other] = await mails();
      expect(await mails()).toHaveLength(before + 2);
      const texts = await Promise.all(
        [good, other].map(
          async (each) => (await app.app.mailer.outbox.get(each?.id ?? '', { isAdministrator: true })).text,
        ),
      );
      expect(texts.sort()).toEqual([
        expect.stringMatching(/Jonas Wulf[^]*It was put right, and the customer says so/),
        expect.stringMatching(/Tobias Lindner[^]*has not said whether it is settled/),
      ]);
      await caseWork.settling.confirm(settled);
      expect(await mails()).toHaveLength(before + 2);
    });

    test('typed alike within a day joins; after a day, or once it is closed, it is a new case', async () => {
      const who = 'Der Herr vom Eckladen';
      await report(tobias, { who, what: 'Falsche Bohnen' });
      const first = await lastAlert();
      await report(jonas, { who: who.toUpperCase(), what: 'Schon wieder' });
      expect(await lastAlert()).toMatchObject({ case_id: first?.case_id, joined: 1 });
      app.clock.advance({ hours: 25 });
      await arrive();
      await report(jonas, { who, what: 'Immer noch' });
      expect((await lastAlert())?.case_id).not.toBe(first?.case_id);
    });

    test('joins a complaint that is open for another reason', async () => {
      const customer = await someone();
      const { caseId } = await on.storage().transaction((tx) =>
        app.app.recovery.cases.open(tx, SYSTEM, {
          kind: 'complaint',
          customerId: customer.id,
          origin: 'hand',
          originId: null,
          words: 'Zu teuer',
          language: 'de',
        }),
      );
      await report(tobias, { who: customer.reference, what: 'Hat sich im Laden beschwert' });
      expect(await lastAlert()).toMatchObject({ case_id: caseId, joined: 1 });
    });

    test('is thanked, too, when the customer comes back', async () => {
      const customer = await someone();
      await report(tobias, { who: customer.reference, what: 'Will kündigen' });
      const { cases } = app.app.recovery;
      await on.storage().transaction(async (tx) => {
        const fresh = { kind: 'win_back', customerId: customer.id, origin: 'hand', originId: null } as const;
        const { caseId } = await cases.open(tx, SYSTEM, { ...fresh, words: '', language: 'de' });
        const closing = { rootCause: 'price', action: 'returned', outcome: 'returned', noQuestion: 'winback' };
        await cases.close(tx, SYSTEM, caseId, closing);
      });
      expect((await tobias.get('/alerts')).text).toContain('has come back to us');
      expect((await tobias.get('/thanks')).text).toContain('the customer came back');
    });
  });

  describe('from a phone in the shop', () => {
    let addresses = 0;
    const phone = () => {
      const from = `203.0.113.${++addresses}`;
      const { agent } = app.visitor();
      return {
        get: async (path: string) => (await agent.get(path).set('X-Forwarded-For', from)) as unknown as Answer,
        send: async (path: string, fields: Record<string, string>, origin = app.baseUrl) =>
          (await agent
            .post(path)
            .set({ Origin: origin, 'X-Forwarded-For': from })
            .type('form')
            .send(new URLSearchParams(fields).toString())) as unknown as Answer,
      };
    };
    /** The address behind the code on the sheet that a manager prints. */
    const shopLink = async () => {
      await miriam.get('/alerts/links');
      const made = await miriam.post('/alerts/links', { name: 'Laden Kiel, Pausenraum' });
      const poster = (await miriam.get(made.headers.location ?? '')).text;
      expect(poster).toContain('hang it where only colleagues pass');
      const [, path = ''] = /class="address">[^<]*?(\/alert\/[\w-]{43})</.exec(poster) ?? [];
      return { path, id: made.headers.location?.split('/')[3] ?? '' };
    };

    test('a link that a manager made takes a report with a first name, and shows nothing of any customer', async () => {
      const customer = await someone();
      const { path } = await shopLink();
      const before = await alerts();
      const page = await phone().get(`${path}?lang=nl`);
      expect([page.status, page.headers['set-cookie']]).toEqual([200, undefined]);
      expect(page.text).toContain('Uw voornaam');
      expect(page.text).not.toContain('<script');
      // Without an account nobody can be told: it is not promised.
      expect(page.text).not.toContain('u hoort wat');
      expect(await alerts()).toEqual(before);
      const fields = { who: customer.name, what: 'Melkschuimer kapot', name: 'Femke' };
      const answer = await phone().send(`${path}?lang=nl`, fields);
      expect(answer.status).toBe(303);
      const thanks = await phone().get(answer.headers.location ?? '');
      expect(thanks.text).toContain('Dank u wel, het is binnen.');
      expect(thanks.text).not.toContain(customer.name);
      const alert = await lastAlert();
      expect(alert).toMatchObject({ customer_id: customer.id, account_id: null, reporter: 'Femke' });
      await settle(alert?.case_id ?? '', tobias);
      expect((await tobias.get('/thanks')).text).toContain('Femke');
      expect((await phone().send(path, { ...fields, name: '' })).status).toBe(422);
      expect((await phone().send(path, fields, 'https://example.org')).status).toBe(403);
    });

    test('revoked, forged or of another kind, it leads nowhere; staff may not make one; many tries have to wait', async () => {
      const { path, id } = await shopLink();
      const before = await alerts();
      await miriam.get('/alerts/links');
      const links = (await miriam.get('/alerts/links')).text;
      expect(links).toMatch(/<details>\s*<summary>Revoke[^]*\/revocation[^]*can no longer report with it/);
      const revoked = await Promise.all([1, 2].map(() => miriam.post(`/alerts/links/${id}/revocation`)));
      expect(revoked.map(({ status }) => status).sort()).toEqual([303, 409]);
      const fields = { who: 'Jemand', what: 'Etwas', name: 'Femke' };
      const { signer } = app.app;
      const foreign = [path, '/alert/x', `/alert/${signer.sign('case', id)}`, `/alert/${signer.sign('q', id)}`];
      for (const each of foreign) {
        expect([each, (await phone().get(each)).status]).toEqual([each, 404]);
        expect([each, (await phone().send(each, fields)).status]).toEqual([each, 404]);
      }
      expect((await tobias.get('/alerts/links')).status).toBe(403);
      expect((await tobias.post('/alerts/links', { name: 'x' })).status).toBe(403);
      const eager = phone();
      for (let i = 0; i < 31; i++) await eager.send(path, fields);
      expect((await eager.send(path, fields)).status).toBe(429);
      expect(await alerts()).toEqual(before);
    });
  });

  test('nobody who is not signed in reports, or sees the board; lists are paged', async () => {
    for (const path of ['/alert', '/alerts', '/thanks', '/alerts/links'])
      expect([path, (await app.visitor().get(path)).status]).toEqual([path, 303]);
    const [row] = await alerts();
    if (!row) throw new Error('nothing there');
    const copy = (i: number) => ({ ...row, id: `0198c0de-0000-7000-8000-${String(i).padStart(12, '0')}` });
    const theirs = { account_id: miriam.accountId, customer_id: null };
    const many = Array.from({ length: 35 }, (_, i) => ({ ...copy(i), ...theirs, who: `Unbekannt ${i}` }));
    await on.storage().transaction(async (tx) => void (await tx.insertInto('alert').values(many).execute()));
    const first = (await miriam.get('/alerts')).text;
    const next = /href="(\/alerts\?before=[^"]+)"/.exec(first)?.[1] ?? '';
    const second = (await miriam.get(next)).text;
    const names = [...`${first}${second}`.matchAll(/Unbekannt \d+/g)].map(([name]) => name);
    expect([names.length, new Set(names).size]).toEqual([35, 35]);
  });
});
