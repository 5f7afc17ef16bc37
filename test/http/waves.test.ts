import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { forgetWaves, leavers, newWave, readyToSend } from '../support/waves.ts';

const text = (answer: Answer) =>
  answer.text
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');

onBothEngines((on) => {
  let running: TestApp;
  let staff: Person & { accountId: string };
  let ready: { senderId: string; questionnaireId: string };
  const start = '2026-11-10T08:05:00.000Z';

  beforeAll(async () => {
    running = await startApp(on.storage());
    ready = await readyToSend(running.app);
    staff = await running.signIn('staff', 'Ingrid Solheim');
  });
  afterAll(() => running.close());
  beforeEach(() => running.clock.set(start));
  afterEach(() => forgetWaves(on.storage()));

  const add = (rows: ReturnType<typeof leavers>) => running.app.customers.upsertMany(COMMAND, rows);
  const fields = (more: Record<string, string | string[]> = {}) => ({
    questionnaireId: ready.questionnaireId,
    name: 'Leaving, autumn',
    senderAccountId: ready.senderId,
    status: 'left',
    leftWithin: '3',
    expiresDays: '60',
    ...more,
  });
  async function make(more: Record<string, string | string[]> = {}): Promise<string> {
    await staff.get('/waves/new');
    const answer = await staff.post('/waves', fields(more));
    expect(answer.status).toBe(303);
    return answer.headers.location ?? '';
  }

  test('an empty list says what will fill it; the form begins with those who left', async () => {
    expect(text(await staff.get('/waves'))).toContain('No wave yet.');
    const form = await staff.get('/waves/new');
    expect(form.text).toMatch(/<option value="left" selected>/);
    expect(form.text).toContain('Miriam Adler, Customer care');
  });

  test('those who are still with us are found, whatever period of leaving the form began with', async () => {
    await add([
      { reference: 'STAYS-1', familyName: 'Vos', email: 'vos@example.com', language: 'en', status: 'active' },
    ]);
    const page = text(await staff.get(await make({ status: 'active', leftWithin: '3' })));
    expect(page).toMatch(/in this audience of (one|1) customer|Send to one customer|1 of 1/);
    expect(page).not.toContain('in the last 3 months');
    const none = text(await staff.get(await make({ status: 'active', worthFrom: '900000' })));
    expect(none).toContain('No customer fits this audience.');
    expect(none).not.toContain('everyone in this audience can be written to');
  });

  test('languages that there are no texts in bear their own names, too', async () => {
    await add([
      { reference: 'FR-1', familyName: 'Petit', email: 'petit@example.com', language: 'fr', status: 'active' },
    ]);
    expect((await staff.get('/waves/new')).text).toMatch(/value="fr"[^>]*>\s*(<[^>]+>\s*)*Français/);
  });

  test('a form with faults comes back with what was typed and what to mend', async () => {
    await staff.get('/waves/new');
    const wrong = {
      name: '',
      leftFrom: '2026-05-01',
      leftTo: '2026-04-01',
      worthFrom: 'much',
      replyTo: 'a@example.com, b@example.com',
    };
    const answer = await staff.post('/waves', fields({ ...wrong, languages: ['de', 'nl'] }));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('href="#name"');
    for (const field of ['worthFrom', 'replyTo', 'leftTo']) expect(answer.text).toContain(`href="#${field}"`);
    expect(answer.text).toContain('value="2026-05-01"');
    const again = await staff.post('/waves', fields({ ...wrong, name: 'N', worthFrom: '' }));
    expect(again.status).toBe(422);
    expect(again.text).toContain('href="#replyTo"');
    expect(again.text).toContain('href="#leftTo"');
    expect(await running.app.invitations.listWaves(null)).toMatchObject({ rows: [] });
  });

  test('from the form to the letter: who, who not, preview, test, start, and everybody accounted for', async () => {
    await add(
      leavers(12, (i) =>
        i === 0 ? { email: '' } : i < 4 ? { language: 'de', title: 'Frau', familyName: 'Brandes' } : {},
      ),
    );
    const at = await make();
    const check = await staff.get(at);
    expect(text(check)).toContain('11 of 12 customers in this audience would be written to.');
    expect(text(check)).toMatch(/No e-mail address that works 1 until somebody adds an address/);
    expect(text(check)).toContain('Send to 11 customers');
    const german = await staff.get(`${at}?language=de`);
    expect(text(german)).toContain('Guten Tag Frau Brandes,');
    expect(text(german)).toContain('Meine Antwort schreiben');

    await staff.post(`${at}/test`, { language: 'de' });
    await running.app.runDue();
    const outbox = await staff.get('/outbox');
    expect(text(outbox)).toContain('Test: Dürfen wir fragen');
    const mail = await staff.get(/href="(\/outbox\/[^"]+)"/.exec(outbox.text)?.[1] ?? '');
    expect(text(mail)).toContain('Antworten werden dort nicht gespeichert');
    const preview = /href="http:\/\/[^/]+(\/q\/[^"]+)"/.exec(mail.text)?.[1] ?? '';
    expect((await running.visitor().get(preview)).text).toContain('<html lang="de"');
    const html = await staff.get(/href="(\/outbox\/[^"]+\/html)"/.exec(mail.text)?.[1] ?? '');
    expect(html.headers['content-security-policy']).toMatch(/^sandbox;/);

    await staff.get(at);
    expect((await staff.post(`${at}/start`)).headers.location).toBe(at);
    await running.app.runDue();
    const held = await staff.get(at);
    expect(text(held)).toContain('On hold, can be stopped');
    expect(text(held)).toContain('Nothing leaves before 09:10:00.');
    expect(text(held)).toContain('11 queued, 0 being sent now');
    const renewing = /progress[.\w-]*\.js/;
    for (const page of [held, await staff.get('/waves')]) {
      expect(page.text).toMatch(renewing);
      expect(page.text).toContain(' data-live');
    }
    running.clock.advance({ minutes: 6 });
    await running.app.runDue();
    const done = text(await staff.get(at));
    expect(done).toContain('All 12, accounted for');
    expect(done).toMatch(/Sent 11/);
    expect(done).toMatch(/Skipped 1/);
    expect(done).toContain('Why 1 was skipped');
    expect(done).toContain('of 11 delivered: 0.0% (0.0–25.9)');
    const list = await staff.get('/waves');
    expect(text(list)).toContain('11 of 12');
    for (const page of [list, await staff.get(at)]) expect(page.text).not.toMatch(renewing);
  });

  test('questions published since a wave took its own are told of, until the wave is saved again', async () => {
    await add(leavers(1));
    const at = await make();
    expect(text(await staff.get(at))).not.toContain('Since then version');
    const questionnaire = await running.app.questionnaires.get(ready.questionnaireId);
    const { id, draftRevision } = questionnaire;
    await running.app.questionnaires.edit(id, draftRevision, (draft) => ({
      ...draft,
      questions: draft.questions.toReversed(),
    }));
    await running.app.questionnaires.publish(COMMAND, id, draftRevision + 1);
    const newest = (questionnaire.latest?.number ?? 0) + 1;
    expect(text(await staff.get(at))).toContain(`Since then version ${newest} was published`);
    await staff.get(`${at}/edit`);
    await staff.post(at, fields());
    expect(text(await staff.get(at))).not.toContain('Since then version');
  });

  test('a wave is stopped within the hold, and stopping twice says so', async () => {
    await add(leavers(3));
    const at = await make();
    await staff.get(at);
    await staff.post(`${at}/start`);
    await running.app.runDue();
    await staff.get(at);
    expect((await staff.post(`${at}/stop`)).status).toBe(303);
    await running.app.runDue();
    running.clock.advance({ minutes: 10 });
    await running.app.runDue();
    expect(text(await staff.get(at))).toMatch(/Cancelled 3/);
    expect((await staff.post(`${at}/stop`)).status).toBe(409);
    expect((await staff.post(`${at}/start`)).status).toBe(409);
    expect(text(await staff.get('/outbox'))).toContain('Nothing here yet.');
  });

  test('recipients are listed, filtered, downloaded, and a link can be withdrawn', async () => {
    await add(
      leavers(4, (i) =>
        i === 3 ? { legalBasis: '', legalBasisSource: '', legalBasisOn: null, familyName: '=cmd' } : {},
      ),
    );
    const at = await make();
    await staff.get(at);
    await staff.post(`${at}/start`);
    await running.app.runDue();
    running.clock.advance({ minutes: 6 });
    await running.app.runDue();
    const skipped = text(await staff.get(`${at}/recipients?reason=no_legal_basis`));
    expect(skipped).toContain('No legal basis on record');
    expect(skipped).not.toContain('Example0');
    const sent = await staff.get(`${at}/recipients?delivery=sent`);
    expect(text(sent)).toContain('Kim Example0');
    const revocation = /action="([^"]+\/revocation)"/.exec(sent.text)?.[1] ?? '';
    const answer = await staff.post(revocation, { list: 'delivery=sent' });
    expect(answer.headers.location).toBe(`${at}/recipients?delivery=sent`);
    expect(text(await staff.get(`${at}/recipients`))).toContain('link withdrawn');
    expect((await staff.post(revocation)).status).toBe(409);
    const csv = await staff.get(`${at}/recipients.csv`);
    expect(csv.text.split('\r\n')).toHaveLength(6);
    expect(csv.text).toMatch(/^\uFEFF?reference,name,language,delivery/);
    expect((await staff.get(`${at}/recipients.csv?reason=no_legal_basis`)).text).toContain('no_legal_basis');
  });

  test('a draft is changed and discarded; a started wave is neither', async () => {
    await add(leavers(2));
    const at = await make({ segments: [] });
    const form = await staff.get(`${at}/edit`);
    expect(form.text).toContain('value="Leaving, autumn"');
    expect((await staff.post(at, fields({ name: 'Another name' }))).status).toBe(303);
    expect(text(await staff.get(at))).toContain('Another name');
    await staff.post(`${at}/start`);
    expect((await staff.get(`${at}/edit`)).status).toBe(404);
    expect((await staff.post(at, fields())).status).toBe(409);
    expect((await staff.post(`${at}/discard`)).status).toBe(409);
    const other = await make();
    await staff.get(other);
    expect((await staff.post(`${other}/discard`)).status).toBe(303);
    expect((await staff.get(other)).status).toBe(404);
  });

  test('unknown ids, foreign ids and half a form give nothing away', async () => {
    await add(leavers(1));
    const wave = await newWave(running.app, ready);
    const nobody = newId(running.clock);
    for (const path of [
      '/waves/x',
      `/waves/${nobody}`,
      `/waves/${nobody}/recipients`,
      `/waves/${nobody}/recipients.csv`,
      '/outbox/x',
      `/outbox/${nobody}`,
    ]) {
      expect((await staff.get(path)).status).toBe(404);
    }
    await staff.get(`/waves/${wave}`);
    expect((await staff.post(`/waves/${nobody}/test`, { language: 'en' })).status).toBe(404);
    expect((await staff.post(`/waves/${wave}/test`, {})).status).toBe(422);
    expect((await staff.post(`/waves/${wave}/invitations/${nobody}/revocation`)).status).toBe(409);
    expect((await running.visitor().get(`/waves/${wave}`)).status).toBe(303);
  });

  test('pages hold no text that is missing in a language', async () => {
    await add(leavers(2, (i) => (i ? { email: '' } : {})));
    const id = await newWave(running.app, ready);
    for (const language of ['en', 'de', 'nl', 'nb']) {
      await on
        .storage()
        .transaction((tx) => tx.updateTable('account').set({ language }).where('id', '=', staff.accountId).execute());
      running.clock.advance({ seconds: 30 });
      for (const path of ['/waves', '/waves/new', `/waves/${id}`, `/waves/${id}/recipients`, '/outbox']) {
        const answer = await staff.get(path);
        expect(answer.status).toBe(200);
        expect(answer.text).not.toMatch(/>[^<]*\b(waves|mail|form|list)\.[a-z]+[.\w]*[^<]*</);
        expect(answer.text).not.toContain('undefined');
      }
    }
  });
});
