import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Questionnaire } from '../../src/questionnaires/index.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';

type Somebody = Person & { accountId: string };

onBothEngines((on) => {
  let running: TestApp;
  let staff: Somebody;
  let other: Somebody;
  let manager: Somebody;

  beforeAll(async () => {
    running = await startApp(on.storage());
    staff = await running.signIn('staff', 'Anna Berg');
    other = await running.signIn('staff', 'Ben Cole');
    manager = await running.signIn('manager', 'Carla Dahl');
  });
  afterAll(() => running.close());

  const service = () => running.app.questionnaires;
  const leaving = async (): Promise<Questionnaire> =>
    (await service().list()).find(({ programme }) => programme.key === 'leaving')!;
  const at = (id: string) => `/questionnaires/${id}`;
  const revision = async (id: string) => String((await service().get(id)).draftRevision);
  const publish = async (id: string, by: Person = manager) =>
    by.post(`${at(id)}/publish`, { revision: await revision(id) });

  const actor = () => ({ kind: 'account' as const, id: manager.accountId });

  const fresh = async (name: string): Promise<string> => {
    const { programme } = await leaving();
    return await service().create(actor(), { programmeId: programme.id, name, from: 'starter', languages: [] });
  };

  /** A questionnaire of the test's own, published as version 1. */
  const own = async (name: string): Promise<string> => {
    const id = await fresh(name);
    await service().publish(actor(), id, 1);
    return id;
  };

  describe('the starters', () => {
    test('are there, published and approved by nobody', async () => {
      const all = await service().list();
      expect(all.map(({ programme, latest }) => [programme.key, latest?.number])).toEqual([
        ['leaving', 1],
        ['satisfaction', 1],
      ]);
      for (const { latest } of all) expect(await service().offeredLanguages(latest!.id)).toEqual([]);
      expect((await service().approvals()).map(({ approved }) => approved)).toEqual(Array(8).fill(false));
    });

    test('come once, however often they are installed', async () => {
      await Promise.all([service().installStarters(), service().installStarters()]);
      expect(await service().list()).toHaveLength(2);
      expect(await service().programmes()).toHaveLength(2);
    });

    test('are approved in one go, and the click is on record', async () => {
      await service().approveAll(actor());
      const { latest } = await leaving();
      expect(await service().offeredLanguages(latest!.id)).toEqual(['en', 'de', 'nl', 'nb']);
      const entries = await on
        .storage()
        .read.selectFrom('audit_entry')
        .select('actor_id')
        .where('action', '=', 'questionnaires.approve')
        .execute();
      expect(entries).toEqual(Array(8).fill({ actor_id: manager.accountId }));
    });

    test('there are questions for before, while and after something is delivered, and after a complaint', async () => {
      const form = (await staff.get('/questionnaires/new?programme=satisfaction')).text;
      expect(form).toContain('<option value="before">questions before a delivery or visit</option>');
      const more = { programme: 'satisfaction', name: 'Before we come', languages: ['en', 'nl'] };
      for (const from of ['before', 'during', 'after', 'complaint']) {
        const made = await staff.post('/questionnaires', { ...more, from });
        expect(made.status).toBe(303);
        const { id, draft } = await service().get(made.headers.location?.split('/')[2] ?? '');
        expect(draft).toMatchObject({ programme: 'satisfaction', languages: ['en', 'nl'] });
        expect(draft.questions.map(({ kind }) => kind)).toEqual(['open', 'scale']);
        expect(await publish(id)).toMatchObject({ status: 303 });
        await service().archive(actor(), id);
      }
      const leavers = (await staff.get('/questionnaires/new?programme=leaving')).text;
      expect(leavers).not.toContain('value="before"');
      expect((await staff.post('/questionnaires', { ...more, programme: 'leaving', from: 'before' })).status).toBe(404);
    });

    test('stand in the list with their languages', async () => {
      const page = await staff.get('/questionnaires');
      expect(page.status).toBe(200);
      expect(page.text).toContain('Exit questionnaire');
      expect(page.text).toContain('English, German, Dutch, and Norwegian');
      expect(page.text.match(/As published/g)).toHaveLength(2);
    });
  });

  describe('editing', () => {
    test('changes the draft and nothing that is published', async () => {
      const id = await own('Edited');
      const before = (await service().get(id)).latest!;
      const page = `${at(id)}/questions/happened`;
      const saved = await fillIn(staff, page, { 'text.de': 'Was war los, bevor Sie gegangen sind?' });
      expect([saved.status, saved.headers.location]).toEqual([303, `${at(id)}#q-happened`]);
      const after = await service().get(id);
      expect(after.draft.questions[0]!.text.de).toBe('Was war los, bevor Sie gegangen sind?');
      expect({ ...after.draft.questions[0]!, text: null }).toEqual({
        ...before.definition.questions[0]!,
        text: null,
      });
      expect(after.draft.questions.slice(1)).toEqual(before.definition.questions.slice(1));
      expect(after.latest!.definition).toEqual(before.definition);
      const shown = await staff.get(at(id));
      expect(shown.text).toContain('Was war los, bevor Sie gegangen sind?');
      expect(shown.text).toContain('other wording (German)');
      expect(shown.text).toContain('The draft has changes that are not published.');
    });

    test.each(['happened', 'reasons', 'now', 'keep'])('a form sent as it is changes nothing (%s)', async (key) => {
      const { id, draft } = await leaving();
      await fillIn(staff, `${at(id)}/questions/${key}`, {});
      expect(JSON.parse(JSON.stringify((await leaving()).draft))).toEqual(JSON.parse(JSON.stringify(draft)));
    });

    test('the letter sent as it is changes nothing either', async () => {
      const { id, draft, name } = await leaving();
      expect((await fillIn(staff, `${at(id)}/letter`, {})).status).toBe(303);
      expect(JSON.parse(JSON.stringify((await leaving()).draft))).toEqual(JSON.parse(JSON.stringify(draft)));
      expect((await leaving()).name).toBe(name);
    });

    test('the letter and the name can be changed', async () => {
      const id = await own('Letter');
      await fillIn(staff, `${at(id)}/letter`, { name: 'Renamed', 'mail.subject.en': 'A short question', minutes: '4' });
      const { draft, name } = await service().get(id);
      expect([name, draft.mail.subject.en, draft.minutes]).toEqual(['Renamed', 'A short question', 4]);
    });

    test('what reminders say is edited beside the invitation, and the edit asks for approval in its language', async () => {
      const id = await own('Reminders');
      await service().approveAll(actor());
      const draft = async () => (await service().get(id)).draft;
      const { reminders } = await draft();
      await fillIn(staff, `${at(id)}/letter`, { 'reminders.second.body.nl': 'Nog één keer.\n\nDank u wel.' });
      expect((await draft()).reminders).toEqual({
        first: reminders!.first,
        second: { ...reminders!.second, body: { ...reminders!.second.body, nl: 'Nog één keer.\n\nDank u wel.' } },
      });
      for (const path of ['/read?lang=nl', '/preview?lang=nl&page=reminder.second'])
        expect((await staff.get(at(id) + path)).text).toContain('<p>Nog één keer.</p>');
      expect((await staff.get(at(id))).text).toContain(reminders!.first.subject.de);
      await publish(id);
      expect(await service().offeredLanguages((await service().get(id)).latest!.id)).toEqual(['en', 'de', 'nb']);
    });

    test('a reminder without words in a language stands in the way of publishing', async () => {
      const id = await own('Wordless reminder');
      await fillIn(staff, `${at(id)}/letter`, { 'reminders.first.button.nb': '' });
      expect((await publish(id)).text).toContain(`${at(id)}/letter#reminders.first.button.nb`);
      expect((await service().get(id)).latest!.number).toBe(1);
    });

    test('questions move, come and go', async () => {
      const id = await own('Order');
      const keys = async () => (await service().get(id)).draft.questions.map(({ key }) => key);
      await staff.post(`${at(id)}/questions/keep/move`, { revision: await revision(id), direction: 'up' });
      expect(await keys()).toEqual(['happened', 'reasons', 'keep', 'now']);
      await staff.post(`${at(id)}/questions/happened/move`, { revision: await revision(id), direction: 'up' });
      expect(await keys()).toEqual(['happened', 'reasons', 'keep', 'now']);
      const added = await fillIn(staff, at(id), { kind: 'yesno' }, `${at(id)}/questions`);
      expect(added.headers.location).toBe(`${at(id)}/questions/yesno`);
      expect((await staff.get(`${at(id)}/questions/now/remove`)).text).toContain('Remove “Where do you buy now?”?');
      const now = (await service().get(id)).draft.questions.find(({ key }) => key === 'now');
      const removed = await fillIn(staff, `${at(id)}/questions/now/remove`, {});
      expect(removed.status).toBe(303);
      expect(await keys()).toEqual(['happened', 'reasons', 'keep', 'yesno']);
      const page = (await staff.get(at(id))).text;
      expect(page).toContain('Put it back');
      expect((await staff.post(`${at(id)}/questions/keep/return`)).status).toBe(404);
      await staff.get(at(id));
      expect((await staff.post(`${at(id)}/questions/now/return`)).headers.location).toBe(`${at(id)}#q-now`);
      expect(await keys()).toEqual(['happened', 'reasons', 'keep', 'now', 'yesno']);
      const back = (await service().get(id)).draft.questions.find(({ key }) => key === 'now');
      expect(back).toEqual(now);
      expect((await staff.get(at(id))).text).toContain('The question is back in the draft, at its place.');
    });

    test('a question added later never takes the key of one that was published before', async () => {
      const id = await own('Keys');
      const add = async () => (await fillIn(staff, at(id), { kind: 'open' }, `${at(id)}/questions`)).headers.location!;
      const first = await add();
      await fillIn(staff, first, { 'text.en': 'A?', 'text.de': 'A?', 'text.nl': 'A?', 'text.nb': 'A?' });
      expect((await publish(id)).status).toBe(303);
      await fillIn(staff, `${first}/remove`, {});
      expect(await add()).not.toBe(first);
    });

    test('conditions, extras and the list of reasons are set in the form', async () => {
      const id = await own('Settings');
      const page = `${at(id)}/questions/reasons`;
      const form = await staff.get(page);
      expect(form.text).toContain('Stands for: Price');
      await staff.post(page, {
        ...fieldsOf(form, page),
        condition: 'happened|answered|',
        'drop.price': '1',
        'place.quality': '9',
        ...Object.fromEntries(['en', 'de', 'nl', 'nb'].map((language) => [`preferNotToSay.${language}`, ''])),
        shuffle: '',
      });
      const question = (await service().get(id)).draft.questions[1]!;
      expect(question).toMatchObject({ shuffle: false, condition: { question: 'happened', op: 'answered' } });
      if (question.kind !== 'reasons') throw new Error('another kind');
      expect(question.options.map(({ key }) => key)).not.toContain('price');
      expect(question.options[0]!.key).toBe('competitor');
      expect(question.preferNotToSay).toBeUndefined();
      expect(question.other).toBeDefined();
      expect((await staff.get(at(id))).text).toContain('Only when question 1 was answered');
      await fillIn(staff, page, { do: 'add', option: 'price' });
      const again = (await service().get(id)).draft.questions[1]!;
      if (again.kind !== 'reasons') throw new Error('another kind');
      expect(again.options.at(-1)).toEqual({
        key: 'price',
        text: { en: 'Price', de: 'Preis', nl: 'Prijs', nb: 'Pris' },
      });
    });

    test('what the lint finds stands beside the words, and forbids nothing', async () => {
      const id = await own('Lint');
      const page = `${at(id)}/questions/happened`;
      await fillIn(staff, page, { 'text.en': 'Did you not like our prices?', 'text.nb': 'Liker du ikke prisene?' });
      const form = await staff.get(page);
      const described = /aria-describedby="(text\.en-notes)"/.exec(form.text)?.[1];
      expect(described).toBe('text.en-notes');
      const notes = new RegExp(`id="${described}">([\\s\\S]*?)</div>`).exec(form.text)?.[1];
      expect(notes).toContain('“Yes” or “no” would answer this.');
      expect(form.text).not.toContain('text.de-notes');
      expect((await staff.get(at(id))).text).toContain('“Yes” or “no” would answer this.');
      expect((await publish(id)).status).toBe(303);
    });

    test('words are shown as they were typed, never as markup', async () => {
      const id = await own('Markup');
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.en': '<b>What</b> happened & "why"?' });
      for (const path of ['', '/questions/happened', '/read?lang=en', '/preview?lang=en&page=happened']) {
        const page = await staff.get(at(id) + path);
        expect(page.text).not.toContain('<b>What');
        expect(page.text).toContain('&lt;b&gt;What&lt;/b&gt;');
      }
    });
  });

  describe('two who edit at once', () => {
    test('the second is told, keeps what was typed, and decides', async () => {
      const id = await own('Conflict');
      const page = `${at(id)}/questions/happened`;
      const [mine, theirs] = [fieldsOf(await staff.get(page), page), fieldsOf(await other.get(page), page)];
      await other.post(page, { ...theirs, 'text.en': 'What went wrong?' });
      const refused = await staff.post(page, { ...mine, 'text.en': 'What was it?', 'hint.en': 'In your words.' });
      expect(refused.status).toBe(409);
      expect(fieldsOf(refused, page)).toMatchObject({ 'text.en': 'What was it?', 'hint.en': 'In your words.' });
      expect(refused.text).toContain('It now reads: <span lang="en">What went wrong?</span>');
      expect((await service().get(id)).draft.questions[0]!.text.en).toBe('What went wrong?');
      const saved = await staff.post(page, fieldsOf(refused, page));
      expect(saved.status).toBe(303);
      expect((await service().get(id)).draft.questions[0]!.text.en).toBe('What was it?');
    });

    test('a move from an old page moves nothing', async () => {
      const id = await own('Old move');
      const old = await revision(id);
      await staff.post(`${at(id)}/questions/keep/move`, { revision: old, direction: 'up' });
      const late = await other.post(`${at(id)}/questions/keep/move`, { revision: old, direction: 'up' });
      expect(late.status).toBe(409);
      expect(late.text).toContain('Somebody else has changed this questionnaire');
      const keys = (await service().get(id)).draft.questions.map(({ key }) => key);
      expect(keys).toEqual(['happened', 'reasons', 'keep', 'now']);
    });

    test('of two saves at the same moment one is kept', async () => {
      const id = await own('Race');
      const { draftRevision } = await service().get(id);
      const titled = (en: string) => service().edit(id, draftRevision, (draft) => ({ ...draft, title: { en } }));
      const outcomes = await Promise.all([titled('One'), titled('Two')]);
      expect(outcomes.filter(({ saved }) => saved)).toHaveLength(1);
      expect((await service().get(id)).draft.title.en).toBe(outcomes[0]!.saved ? 'One' : 'Two');
    });
  });

  describe('publishing', () => {
    test('makes version 2 and leaves version 1 as it was', async () => {
      const id = await own('Published');
      const [first] = await service().versions(id);
      const definition = structuredClone(first!.definition);
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.en': 'What came before?' });
      const done = await publish(id);
      expect(done.headers.location).toBe(at(id));
      const versions = await service().versions(id);
      expect(versions.map(({ number }) => number)).toEqual([2, 1]);
      expect(versions[1]!.definition).toEqual(definition);
      expect(versions[0]).toMatchObject({ publishedBy: manager.accountId });
      expect(versions[0]!.definition.questions[0]!.text.en).toBe('What came before?');
      const restarted = await startApp(on.storage());
      expect((await restarted.app.questionnaires.version(first!.id))!.definition).toEqual(definition);
      await restarted.close();
      const history = await staff.get(`${at(id)}/versions`);
      expect(history.text).toContain('by Carla Dahl');
      expect(history.text).toContain('other wording (English)');
      expect((await staff.get(`${at(id)}/versions/1?lang=en`)).text).toContain('What happened before you decided');
      expect((await staff.get(`${at(id)}/versions/2?lang=en`)).text).toContain('What came before?');
    });

    test('a published version refuses to be changed', async () => {
      const { latest } = await leaving();
      const change = on.storage().transaction(async (tx) => {
        await tx.updateTable('questionnaire_version').set({ definition: '{}' }).where('id', '=', latest!.id).execute();
      });
      await expect(change).rejects.toThrow('never change');
    });

    test('a draft as published cannot be published again, not even by two at once', async () => {
      const id = await own('Twice');
      expect((await publish(id)).status).toBe(409);
      await fillIn(staff, `${at(id)}/questions/now`, { 'text.en': 'Where now?' });
      const at1 = await revision(id);
      const both = await Promise.all([
        manager.post(`${at(id)}/publish`, { revision: at1 }),
        manager.post(`${at(id)}/publish`, { revision: at1 }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(await service().versions(id)).toHaveLength(2);
    });

    test('a draft that is not whole is refused, with what is missing where', async () => {
      const id = await own('Not whole');
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.de': '', 'probe.text.nl': '' });
      await fillIn(staff, `${at(id)}/letter`, {
        'mail.subject.en': 'x'.repeat(51),
        'mail.body.nb': 'Hei {nobody}',
      });
      const refused = await publish(id);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('Not published yet: 4 things are to be put right first');
      const summary = /role="alert"[\s\S]*?<\/div>/.exec(refused.text)?.[0] ?? '';
      const links = [...summary.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
      expect(links).toEqual([
        `${at(id)}/letter#mail.subject.en`,
        `${at(id)}/letter#mail.body.nb`,
        `${at(id)}/questions/happened#text.de`,
        `${at(id)}/questions/happened#probe.text.nl`,
      ]);
      expect(await service().versions(id)).toHaveLength(1);
      const form = await staff.get(`${at(id)}/letter`);
      expect(/id="mail.subject.en-notes">([\s\S]*?)<\/div>/.exec(form.text)?.[1]).toContain('50 characters at most');
      expect(/id="mail.body.nb-notes">([\s\S]*?)<\/div>/.exec(form.text)?.[1]).toContain('nobody');
      const question = await staff.get(`${at(id)}/questions/happened`);
      expect(/id="text.de-notes">([\s\S]*?)<\/div>/.exec(question.text)?.[1]).toContain('Not written in German yet');
    });

    test('a condition that moving has broken is named', async () => {
      const id = await own('Broken condition');
      await fillIn(staff, `${at(id)}/questions/reasons`, { condition: 'happened|answered|' });
      await staff.post(`${at(id)}/questions/reasons/move`, { revision: await revision(id), direction: 'up' });
      const refused = await publish(id);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('It depends on a question that does not come before it');
      const form = await staff.get(`${at(id)}/questions/reasons`);
      expect(fieldsOf(form, `${at(id)}/questions/reasons`).condition).toBe('happened|answered|');
    });

    test('an empty questionnaire, or one without a language, is refused', async () => {
      const { programme } = await leaving();
      const made = await staff.post('/questionnaires', {
        programme: programme.key,
        name: 'Empty',
        from: 'empty',
        languages: 'en',
      });
      const id = made.headers.location!.split('/').at(-1)!;
      expect((await staff.get(at(id))).text).toContain('There are no questions yet.');
      expect((await publish(id)).text).toContain('There is no question yet');
      const none = await staff.post(`${at(id)}/languages`, { revision: await revision(id) });
      expect([none.status, none.text.includes('Choose at least one language')]).toEqual([422, true]);
    });
  });

  describe('languages', () => {
    const states = async (id: string) =>
      Object.fromEntries(
        (await service().languageStates(await service().get(id))).map(({ language, draftApproval }) => [
          language,
          draftApproval !== null,
        ]),
      );
    const approveForms = (page: Answer) =>
      [...page.text.matchAll(/name="language" value="(\w+)"><input type="hidden" name="hash" value="(\w+)"/g)].map(
        ([, language = '', hash = '']) => ({ language, hash }),
      );

    test('are approved one by one by a manager, and an edit clears the edited one alone', async () => {
      const id = await own('Approved');
      const offered = async () => service().offeredLanguages((await service().get(id)).latest!.id);
      const forms = approveForms(await manager.get(at(id)));
      expect(forms.map(({ language }) => language)).toEqual(['en', 'de', 'nl', 'nb']);
      for (const form of forms) expect((await manager.post(`${at(id)}/approve`, form)).status).toBe(303);
      expect(await offered()).toEqual(['en', 'de', 'nl', 'nb']);
      expect((await manager.get(at(id))).text).toContain('Reviewed by Carla Dahl on');

      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.de': 'Was war los?' });
      expect(await states(id)).toEqual({ en: true, de: false, nl: true, nb: true });
      expect(await offered()).toEqual(['en', 'de', 'nl', 'nb']);
      expect((await staff.get(at(id))).text).toContain('Edited since Carla Dahl reviewed it');
      await publish(id);
      expect(await offered()).toEqual(['en', 'nl', 'nb']);

      const [german] = approveForms(await manager.get(at(id)));
      expect(german!.language).toBe('de');
      await manager.post(`${at(id)}/approve`, german!);
      expect(await offered()).toEqual(['en', 'de', 'nl', 'nb']);
    });

    test('moving a question leaves every approval', async () => {
      const id = await own('Moved');
      await service().approve(actor(), id, 'en');
      await staff.post(`${at(id)}/questions/keep/move`, { revision: await revision(id), direction: 'up' });
      expect((await states(id)).en).toBe(true);
    });

    test('what was edited after it was read is not approved', async () => {
      const id = await own('Read before');
      const [english] = approveForms(await manager.get(at(id)));
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.en': 'First edit?' });
      const stillPublished = await manager.post(`${at(id)}/approve`, english!);
      expect(stillPublished.status).toBe(303);
      expect(await states(id)).toMatchObject({ en: false });
      const edited = approveForms(await manager.get(at(id))).find(({ language }) => language === 'en')!;
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.en': 'Second edit?' });
      const late = await manager.post(`${at(id)}/approve`, edited);
      expect(late.status).toBe(409);
      expect(late.text).toContain('nothing was approved');
    });

    test('a language with gaps cannot be approved', async () => {
      const id = await fresh('Gaps');
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.nl': '' });
      const page = await manager.get(at(id));
      expect(page.text).toContain('Texts are missing');
      expect(approveForms(page).map(({ language }) => language)).toEqual(['en', 'de', 'nb']);
      const [{ hash } = { hash: '' }] = approveForms(page);
      expect((await manager.post(`${at(id)}/approve`, { language: 'nl', hash })).status).toBe(409);
      await expect(service().approve(actor(), id, 'nl')).rejects.toThrow('questionnaires.approve.incomplete');
    });

    test('a language taken away keeps its words until it comes back', async () => {
      const id = await own('Come back');
      const before = (await service().get(id)).draft;
      await staff.post(`${at(id)}/languages`, { revision: await revision(id), languages: ['en', 'de'] });
      await fillIn(staff, `${at(id)}/questions/reasons`, {});
      await publish(id);
      const version = (await service().get(id)).latest!;
      expect(Object.keys(version.definition.questions[0]!.text)).toEqual(['en', 'de']);
      await staff.post(`${at(id)}/languages`, { revision: await revision(id), languages: ['en', 'de', 'nl', 'nb'] });
      expect((await service().get(id)).draft).toEqual(JSON.parse(JSON.stringify(before)));
    });
  });

  describe('the preview', () => {
    test('leads through every page in its language, with nothing to send', async () => {
      const { id, latest } = await leaving();
      let next: string | undefined = `${at(id)}/preview?lang=de`;
      const headings: string[] = [];
      while (next) {
        const page: Answer = await staff.get(next);
        expect(page.status).toBe(200);
        expect(page.text).toContain('This is a preview. Nothing is sent or saved.');
        expect(page.text).not.toContain('<form');
        expect(page.text).toContain('<html lang="de"');
        headings.push(/<h1[^>]*>([^<]*)<\/h1>/.exec(page.text)?.[1] ?? '');
        next = /<a class="button" href="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
      }
      const { questions, mail, reminders } = latest!.definition;
      expect(headings.slice(0, 3)).toEqual(
        [mail, reminders!.first, reminders!.second].map(({ subject }) => subject.de),
      );
      expect(headings).toEqual(expect.arrayContaining(questions.map(({ text }) => text.de)));
      expect(headings).toContain('Was genau ist passiert?');
    });

    test('shows a version as it was published', async () => {
      const id = await own('Version preview');
      await fillIn(staff, `${at(id)}/questions/happened`, { 'text.en': 'Changed?' });
      const path = (query: string) => `${at(id)}/preview?${query}lang=en&page=happened`;
      expect((await staff.get(path(''))).text).toContain('Changed?');
      expect((await staff.get(path('version=1&'))).text).not.toContain('Changed?');
    });
  });

  describe('new ones', () => {
    test('begin from a copy, and a programme of its own gets its key from its name', async () => {
      const made = await manager.post('/questionnaires/programmes', { name: 'Händler & Partner' });
      expect(made.headers.location).toBe('/questionnaires/new?programme=haendler_partner');
      const refused = await staff.post('/questionnaires', { programme: 'haendler_partner', name: '', from: 'empty' });
      expect([refused.status, refused.text.includes('Please fill this in')]).toEqual([422, true]);
      const source = await leaving();
      const answer = await staff.post('/questionnaires', {
        programme: 'haendler_partner',
        name: 'Partners',
        from: source.id,
        languages: ['en', 'de'],
      });
      const copy = await service().get(answer.headers.location!.split('/').at(-1)!);
      expect(copy).toMatchObject({ name: 'Partners', latest: null, programme: { key: 'haendler_partner' } });
      expect(copy.draft.languages).toEqual(['en', 'de']);
      expect(copy.draft.questions).toEqual(source.draft.questions);
      expect(copy.draft.programme).toBe('haendler_partner');
      expect((await publish(copy.id)).status).toBe(303);
    });
  });

  describe('who may what', () => {
    let id: string;
    beforeAll(async () => {
      id = await own('Roles');
    });
    const READ = [
      '',
      '/questions/happened',
      '/questions/happened/remove',
      '/letter',
      '/languages',
      '/read',
      '/versions',
    ];

    test.each([...READ, '/versions/1', '/preview'])('staff read %s', async (path) => {
      expect((await staff.get(at(id) + path)).status).toBe(200);
    });

    test.each(['', '/letter', '/versions', '/preview'])('nobody reads %s without signing in', async (path) => {
      expect((await running.visitor().get(at(id) + path)).status).toBe(303);
    });

    test.each([
      ['publish', () => ({ revision: '1' })],
      ['approve', () => ({ language: 'en', hash: 'x' })],
    ] as const)('staff may not %s', async (what, fields) => {
      await staff.get(at(id));
      expect((await staff.post(`${at(id)}/${what}`, fields())).status).toBe(403);
    });

    test('staff add no programmes, and see no button for what they may not do', async () => {
      expect((await staff.get('/questionnaires/programmes/new')).status).toBe(403);
      expect((await staff.post('/questionnaires/programmes', { name: 'Mine' })).status).toBe(403);
      await fillIn(staff, `${at(id)}/questions/now`, { 'text.en': 'Where now?' });
      expect((await staff.get(at(id))).text).not.toMatch(/\/(publish|approve)"/);
      expect((await manager.get(at(id))).text).toMatch(/\/publish"/);
    });

    test.each([
      '/questionnaires/nonsense',
      '/questionnaires/01890000-0000-7000-8000-000000000000',
      '/questionnaires/new?programme=nonsense',
    ])('%s is not there', async (path) => {
      expect((await staff.get(path)).status).toBe(404);
    });

    test.each(['/questions/nonsense', '/versions/99', '/versions/nonsense', '/preview?version=99'])(
      'nor is %s of a questionnaire',
      async (path) => {
        expect((await staff.get(at(id) + path)).status).toBe(404);
      },
    );

    test('a post without the form token is refused', async () => {
      const bare = await staff.post(`${at(id)}/questions/keep/move`, { revision: '1', direction: 'up', csrf: '' });
      expect(bare.status).toBe(403);
    });
  });
});
