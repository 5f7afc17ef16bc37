import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND, colleague, SYSTEM } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { sentWave } from '../support/post.ts';
import { respondent } from '../support/respondent.ts';
import { leavers, reference } from '../support/waves.ts';

type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let manager: Colleague;
  let people = 500;
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna Example');
    ben = await app.signIn('staff', 'Ben Example');
    manager = await app.signIn('manager', 'Miriam Example');
  });
  afterAll(() => app.close());

  const cases = () => app.app.recovery.cases;
  const open = async (name: string, worth: number, ownerId: string | null = null, urgent = false) => {
    const from = ++people;
    const who = {
      organisation: name,
      language: 'de',
      status: 'active' as const,
      leftOn: null,
      yearlyValueMinor: worth,
    };
    await app.app.customers.upsertMany(
      SYSTEM,
      leavers(1, () => who, from),
    );
    const customerId = (await app.app.customers.findByReference(reference(from)))?.id ?? '';
    const fresh = { kind: 'complaint' as const, customerId, origin: 'hand' as const, originId: newId(app.clock) };
    const said = { words: `Worte von ${name}`, language: 'de', ownerId, urgent };
    return await on.storage().transaction((tx) => cases().open(tx, colleague(anna.accountId), { ...fresh, ...said }));
  };
  const names = (text: string) => [...text.matchAll(/<h3><a href="[^"]+"><bdi>([^<]+)/g)].map(([, name]) => name);
  const list = async (who: Person, view = '') => names((await who.get(`/today${view && `?view=${view}`}`)).text);

  test('by due time, then by worth; mine, nobody\u2019s, and what waits', async () => {
    const small = await open('Kleine Rösterei', 10_000);
    await open('Gasthof zum Anker', 432_000);
    await open('Bei Ben', 50_000, ben.accountId);
    expect(await list(anna)).toEqual(['Gasthof zum Anker', 'Bei Ben', 'Kleine Rösterei']);
    expect(await list(ben, 'mine')).toEqual(['Bei Ben']);
    expect(await list(anna, 'unassigned')).toEqual(['Gasthof zum Anker', 'Kleine Rösterei']);
    const page = await anna.get('/today');
    expect(page.text).toContain('3 things are due today');
    expect(page.text).toContain('€4,920</b> a year');
    expect(page.text).toContain('today, 13:05');
    await anna.post('/today/bulk', { pick: [small.caseId], do: 'snooze', view: 'due' });
    expect(await list(anna)).toEqual(['Gasthof zum Anker', 'Bei Ben']);
    expect(await list(anna, 'waiting')).toEqual(['Kleine Rösterei']);
    await anna.post('/today/bulk', { pick: [small.caseId], do: 'snooze', view: 'waiting' });
    const undo = fieldsOf(await anna.get('/today?view=waiting'), '/today/bulk/undo');
    await ben.post('/today/bulk/undo', { act: undo.act ?? '' });
    expect((await ben.get('/today')).text).toContain('nothing was undone');
    await anna.post('/today/bulk/undo', undo);
    expect((await anna.get('/today?view=waiting')).text).toContain('1 case is back where it was.');
    await anna.post('/today/bulk/undo', undo);
    expect(await list(anna, 'waiting')).toEqual(['Kleine Rösterei']);
    await anna.post('/today/bulk', { pick: [small.caseId], do: 'tag', tag: 'Kasse <2>', view: 'due' });
    await anna.post('/today/bulk', { pick: [small.caseId], do: 'tag', tag: 'Kasse', view: 'due' });
    expect((await anna.get('/today?view=waiting')).text).toContain('<bdi>Kasse</bdi>');
    await anna.post('/today/bulk', { pick: [small.caseId], do: 'mine', view: 'waiting' });
    expect((await cases().get(small.caseId)).ownerId).toBe(anna.accountId);
    expect((await anna.post('/today/bulk', { do: 'mine' })).status).toBe(303);
    expect((await anna.post('/today/bulk', { pick: newId(app.clock), do: 'mine' })).status).toBe(404);
  });

  test('the cases of whoever is away are nobody\u2019s until they are back', async () => {
    expect(await list(anna, 'unassigned')).not.toContain('Bei Ben');
    expect((await anna.post('/today/absence', { who: ben.accountId, until: '2026-11-12' })).status).toBe(403);
    await manager.get('/today');
    await manager.post('/today/absence', { who: ben.accountId, until: '2026-11-12' });
    expect(await list(anna, 'unassigned')).toContain('Bei Ben');
    expect((await anna.get('/today?view=unassigned')).text).toContain('Ben Example (away until 12 November 2026)');
    await ben.get('/today');
    await ben.post('/today/absence/end', { who: ben.accountId });
    expect(await list(anna, 'unassigned')).not.toContain('Bei Ben');
  });

  test('what is overdue is told to the managers once for each due time', async () => {
    app.clock.advance({ hours: 5 });
    expect((await anna.get('/today')).text).toMatch(/overdue 60 min|overdue 1 h/);
    const mails = async () =>
      (
        await on
          .storage()
          .read.selectFrom('outgoing_mail')
          .select('detail')
          .where('kind', '=', 'case_escalation')
          .execute()
      ).length;
    await Promise.all([app.app.recovery.work(), app.app.recovery.work()]);
    await app.app.recovery.work();
    expect(await mails()).toBe(1);
    await app.app.mailer.sendDue();
    const [mail] = (await app.app.mailer.outbox.list(null, { isAdministrator: true })).rows;
    expect(mail?.subject).toBe('2 cases are overdue');
    const [first] = await on
      .storage()
      .read.selectFrom('recovery_case')
      .select('id')
      .where('escalated_for', 'is not', null)
      .execute();
    await app.app.recovery.caseWork.steps.sign(colleague(anna.accountId), first?.id ?? '', 'apologise', {
      said: 'x',
      channel: 'visit',
    });
    await app.app.recovery.work();
    expect(await mails()).toBe(1);
  });

  test('pages of a long list follow each other without a gap', async () => {
    for (let i = 0; i < 55; i++) await open(`Kunde ${i}`, (i % 7) * 1000);
    const first = await anna.get('/today');
    const [, more = ''] =
      /href="(\/today\?view=due&#38;after=[^"]+|\/today\?view=due&amp;after=[^"]+)"/.exec(first.text) ?? [];
    const second = await anna.get(more.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
    const all = [...names(first.text), ...names(second.text)];
    expect(names(first.text)).toHaveLength(50);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(57);
    expect((await anna.get('/today?after=nonsense')).status).toBe(200);
  });

  test('a low score opens a complaint in the same moment, and a leaver\u2019s answer a win-back; the wish joins it', async () => {
    await app.app.questionnaires.approveAll(COMMAND);
    const from = (people += 5);
    const waveId = await sentWave(
      app,
      leavers(1, () => ({ language: 'de' }), from),
      'Leaving',
    );
    const customer = await app.app.customers.findByReference(reference(from));
    const query = on.storage().read.selectFrom('invitation').select('id').where('wave_id', '=', waveId);
    const { id } = await query.executeTakeFirstOrThrow();
    const someone = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, id);
    await someone.answer('happened', { answer: 'Die Lieferung kam dreimal zu spät.' });
    await someone.send();
    const opened = async () => await cases().ofCustomer(on.storage().read, customer?.id ?? '');
    expect(await opened()).toMatchObject([
      { kind: 'win_back', words: 'Die Lieferung kam dreimal zu spät.', language: 'de' },
    ]);
    await someone.post('/contact-wish', { contact: 'phone' });
    expect(await opened()).toHaveLength(1);
    const page = await anna.get(`/cases/${(await opened())[0]?.id ?? ''}`);
    expect(page.text).toContain('Would like a call');
    expect((await anna.get(`/customers/${customer?.id}`)).text).toContain(`/cases/new?customer=${customer?.id}`);
  });

  test('each answer stands on the case below the question that it answers, in the reader’s language, and so on the call sheet', async () => {
    const from = (people += 5);
    const customers = leavers(1, () => ({ language: 'de' }), from);
    const waveId = await sentWave(app, customers, 'Leaving, several answers');
    const query = on.storage().read.selectFrom('invitation').select(['id', 'customer_id']);
    const { id, customer_id } = await query.where('wave_id', '=', waveId).executeTakeFirstOrThrow();
    const someone = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, id);
    const late = 'Die Lieferung kam dreimal zu spät, und niemand hat angerufen.';
    await someone.answer('happened', { answer: late });
    await someone.answer('reasons', { reason: ['promises', 'other'], other: 'Der neue Fahrer' });
    await someone.answer('keep', { answer: 'Ein Anruf vorher hätte gereicht, jedes Mal.' });
    await someone.send();
    const [opened] = await cases().ofCustomer(on.storage().read, customer_id);
    const asked = [
      ['What happened before you decided to stop buying from us?', late],
      ['What played a part in your decision?', 'Der neue Fahrer'],
      ['What could we have done to keep you?', 'Ein Anruf vorher hätte gereicht, jedes Mal.'],
    ] as const;
    const page = (await anna.get(`/cases/${opened?.id}`)).text;
    const sheet = (await anna.get(`/cases/${opened?.id}/call`)).text;
    for (const [question, answer] of asked) {
      const own = 'class="voice large" lang="de" dir="auto"';
      expect(page).toContain(`<p class="small soft">${question}</p><blockquote ${own}>${answer}</blockquote>`);
      expect(sheet).toContain(`${answer}</blockquote><p class="small soft">${question}</p>`);
      expect([page, sheet].map((text) => text.split(answer).length)).toEqual([2, 2]);
    }
    // What is answered otherwise later stays on the case as it was said, and the others below their questions.
    await someone.answer('happened', { answer: 'Es lag am Fahrer, an niemandem sonst, und an keinem Preis der Welt.' });
    await someone.send();
    const changed = (await anna.get(`/cases/${opened?.id}`)).text;
    expect(changed).toContain(`<div><blockquote class="voice large" lang="de" dir="auto">${late}</blockquote>`);
    expect(changed).toContain('What could we have done to keep you?');
  });

  test('who is drawn for the holdout after they were asked still answers; nobody wins them back, but who asks for a call gets one', async () => {
    const from = (people += 5);
    const waveId = await sentWave(
      app,
      leavers(1, () => ({}), from),
      'Leaving, drawn later',
    );
    const { id, customer_id, programme_id } = await on
      .storage()
      .read.selectFrom('invitation')
      .innerJoin('wave', 'wave.id', 'invitation.wave_id')
      .select(['invitation.id', 'customer_id', 'programme_id'])
      .where('wave_id', '=', waveId)
      .executeTakeFirstOrThrow();
    await on.storage().transaction(async (tx) => {
      const row = {
        programme_id,
        customer_id,
        held_out: 1,
        share: 10,
        number: 0.01,
        drawn_at: app.clock.now().toISOString(),
      };
      await tx.deleteFrom('holdout_draw').where('customer_id', '=', customer_id).execute();
      await tx.insertInto('holdout_draw').values(row).execute();
    });
    const someone = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, id);
    await someone.answer('happened', { answer: 'Too dear.' });
    await someone.send();
    const opened = async () => await cases().ofCustomer(on.storage().read, customer_id);
    expect(await opened()).toEqual([]);
    expect((await someone.post('/contact-wish', { contact: 'phone' })).status).toBe(200);
    expect(await opened()).toMatchObject([{ kind: 'complaint', origin: 'wish' }]);
    const page = async () => await anna.get(`/cases/${(await opened())[0]?.id ?? ''}`);
    expect((await page()).text).toContain('<bdi>a call</bdi>');
    expect((await someone.post('/contact-wish', { contact: 'mail' })).status).toBe(200);
    expect((await page()).text).toContain('Would like an answer by e-mail only');
    expect((await page()).text).toContain('<bdi>an answer by e-mail</bdi>');
    expect((await page()).text).toContain('<option value="mail" selected>');
    expect((await page()).text).toContain('<a class="link" href="#step-apologise">Apologise and acknowledge</a>');
  });

  test('a case opened by hand twice with one form is one case; settings are the managers\u2019', async () => {
    const page = await anna.get('/cases/new');
    const form = {
      ...fieldsOf(page, '/cases'),
      name: 'Frau Ohnekonto',
      words: 'Das Paket stand im Regen.',
      language: 'de',
    };
    const [one, two] = [await anna.post('/cases', form), await anna.post('/cases', form)];
    expect(one.headers.location).toMatch(/^\/cases\//);
    expect(two.headers.location).toBe(one.headers.location);
    expect((await anna.post('/cases', { ...form, words: ' ' })).status).toBe(422);
    expect((await anna.get('/settings/cases')).status).toBe(403);
    const settings = fieldsOf(await manager.get('/settings/cases'), '/settings/cases');
    expect((await manager.post('/settings/cases', { ...settings, actDays: 'soon' })).status).toBe(422);
    expect((await manager.post('/settings/cases', { ...settings, actDays: '2', staffLimit: '75,50' })).status).toBe(
      303,
    );
    expect(fieldsOf(await manager.get('/settings/cases'), '/settings/cases')).toMatchObject({
      actDays: '2',
      staffLimit: '75.50',
    });
  });

  test('what is above a colleague\u2019s limit stands before the managers until one has decided', async () => {
    const { caseId } = await open('Café am Deich', 20_000, anna.accountId);
    const at = `/cases/${caseId}`;
    const asked = async (who: Person) => (await who.get('/today')).text.includes(`<a href="${at}#remedies">`);
    await anna.get(at);
    await anna.post(`${at}/remedies`, { kind: 'credit', what: 'Gutschrift', amount: '20' });
    expect(await asked(manager)).toBe(false);
    for (const amount of ['300', '400'])
      await anna.post(`${at}/remedies`, { kind: 'replacement', what: 'Eine neue Mühle', amount });
    const { text } = await manager.get('/today');
    expect(text).toContain('Waiting for your decision, because it is above the limit:');
    expect(text.split(`<a href="${at}#remedies">`)).toHaveLength(2);
    expect(await asked(anna)).toBe(false);
    for (const answer of ['yes', 'no']) {
      const [, decision = ''] = /action="([^"]+\/decision)"/.exec((await manager.get(at)).text) ?? [];
      expect(await asked(manager)).toBe(true);
      await manager.post(decision, { answer, reason: 'Stammkunde' });
    }
    expect(await asked(manager)).toBe(false);
  });

  test('whoever proposed it hears of the decision: on their Today, and by mail without a customer\u2019s name', async () => {
    const { caseId } = await open('Café am Kanal', 5_000_000, anna.accountId);
    const at = `/cases/${caseId}`;
    const mails = async () => {
      await app.app.mailer.sendDue();
      const { rows } = await app.app.mailer.outbox.list(null, { isAdministrator: true });
      const found = rows.filter(({ kind }) => kind === 'recovery_decision');
      return await Promise.all(found.map((row) => app.app.mailer.outbox.get(row.id, { isAdministrator: true })));
    };
    await anna.get(at);
    await anna.post(`${at}/remedies`, { kind: 'credit', what: 'Klein', amount: '20' });
    const before = (await mails()).length;
    for (const answer of ['yes', 'no']) {
      await anna.get(at);
      await anna.post(`${at}/remedies`, { kind: 'repair', what: 'Große Reparatur', amount: '500' });
      const [, decision = ''] = /action="([^"]+\/decision)"/.exec((await manager.get(at)).text) ?? [];
      await Promise.all([1, 2].map(() => manager.post(decision, { answer, reason: 'Stammkunde' })));
    }
    const told = (await mails()).slice(0, -before || undefined);
    expect(told.map((mail) => mail?.subject).sort()).toEqual([
      'Approved: what you proposed',
      'Not approved: what you proposed',
    ]);
    for (const mail of told) {
      expect(mail?.text).toMatch(/^Hello Anna Example,\n\nTest manager|^Hello Anna Example,\n\nMiriam Example/);
      expect(mail?.text).toContain(`${at}#remedies`);
      expect(mail?.text).not.toMatch(/Kanal|Stammkunde/);
    }
    const row = async (who: Person) =>
      (await who.get('/today')).text.split('<li>').find((each) => each.includes(`href="${at}"`)) ?? '';
    expect(await row(anna)).toMatch(/Approved, not given yet.+Not approved/s);
    expect(await row(manager)).not.toContain('pproved');
    const [, given = ''] = /action="([^"]+\/given)"/.exec((await anna.get(`${at}`)).text.split('Große')[1] ?? '') ?? [];
    await anna.post(given);
    expect(await row(anna)).not.toContain('Approved, not given yet');
    app.clock.advance({ hours: 97 });
    expect(await row(anna)).not.toContain('Not approved');
  });

  test('what was late already when the managers were told is not told again as the steps before it are signed', async () => {
    const { caseId } = await open('Spätes Haus', 1000);
    const { steps } = app.app.recovery.caseWork;
    const escalated = async () => {
      while ((await app.app.recovery.today.escalate()) > 0);
      const lines = on.storage().read.selectFrom('case_event').select('id').where('case_id', '=', caseId);
      return (await lines.where('kind', '=', 'escalated').execute()).length;
    };
    app.clock.advance({ days: 7 });
    expect(await escalated()).toBe(1);
    await steps.sign(colleague(anna.accountId), caseId, 'apologise', { said: 'x', channel: 'visit' });
    expect((await cases().get(caseId)).nextDueAt! < app.clock.now().toISOString()).toBe(true);
    expect(await escalated()).toBe(1);
    for (const step of ['act', 'empathy', 'make_good'] as const)
      await steps.sign(colleague(anna.accountId), caseId, step, { said: 'x', channel: 'visit' });
    app.clock.advance({ days: 30 });
    expect(await escalated()).toBe(2);
  });

  test('managers read first what is late the longest', async () => {
    const calm = await open('Ruhiges Haus', 1000);
    const pressing = await open('Eiliges Haus', 1000, null, true);
    app.clock.advance({ days: 7 });
    while ((await app.app.recovery.today.escalate()) > 0);
    await app.app.mailer.sendDue();
    const mails = on.storage().read.selectFrom('captured_mail').select('text').orderBy('id', 'desc').limit(1);
    const { text } = await mails.executeTakeFirstOrThrow();
    const told = [...text.matchAll(/^Complaint (\d+):/gm)].map(([, number]) => Number(number));
    const numberOf = async (caseId: string) => (await cases().get(caseId)).number;
    const first = await numberOf(pressing.caseId);
    const second = await numberOf(calm.caseId);
    expect(told).toEqual([first, second]);
  });
});
