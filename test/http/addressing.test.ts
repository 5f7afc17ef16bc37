import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';
import { leavers, newWave, readyToSend } from '../support/waves.ts';

const ADDRESS = '/settings/languages/address';
const PAGE = '/settings/languages';
/** What a text holds that addresses its reader politely. */
const POLITE = {
  de: /\b(?:Sie haben|Sie uns|Ihre[nmrs]? (?:Antwort|Worte|Link|Gründe)|Ihnen|Dürfen wir fragen, warum Sie)\b/,
  nl: /(?<!\/)\b(?:u|uw)\b(?!\/)/i,
};

onBothEngines((on) => {
  let app: TestApp;
  let boss: Person;
  let ground: Awaited<ReturnType<typeof readyToSend>>;
  let waves = 0;
  /** Asked before anybody said du. */
  let earlier = '';
  beforeAll(async () => {
    app = await startApp(on.storage());
    ground = await readyToSend(app.app);
    boss = await app.signIn('administrator');
  });
  afterAll(() => app.close());

  /** Somebody new is asked in that language: the mail that they get, and the first page behind its link. */
  async function asked(language: 'de' | 'nl', givenName = 'Jana'): Promise<{ mail: string; pages: string[] }> {
    const from = 100 * ++waves;
    const named = { language, givenName, familyName: 'Brandes', title: language === 'de' ? 'Frau' : 'mevrouw' };
    await app.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({ ...named, segment: `s${waves}` }), from),
    );
    const audience = { status: 'left' as const, segments: [`s${waves}`] };
    const wave = await newWave(app.app, ground, { name: `Wave ${waves}`, audience });
    await app.app.invitations.startWave(COMMAND, wave, { holdMinutes: 0 });
    await app.app.invitations.work();
    await app.app.mailer.sendDue();
    const [newest] = (await app.app.mailer.outbox.list(null, { isAdministrator: true })).rows;
    const mail = (await app.app.mailer.outbox.get(newest?.id ?? '', { isAdministrator: true })).text;
    const visitor = app.visitor();
    const link = new URL(/http:\S+\/q\/[\w-]+/.exec(mail)?.[0] ?? '').pathname;
    const refusing = new URL(/http:\S+\/u\/[\w-]+/.exec(mail)?.[0] ?? '').pathname;
    if (waves === 1) earlier = link;
    const first = (await visitor.get(link)).headers.location ?? link;
    const paths = [first, `${link}/happened`, refusing, `/tell-us?lang=${language}`, `/privacy?lang=${language}`];
    const pages: string[] = [];
    for (const path of paths) pages.push(wordsOf((await visitor.get(path)).text));
    return { mail, pages };
  }

  const choose = async (de: string, nl = 'polite') => {
    await boss.get(PAGE);
    return await boss.post(ADDRESS, { address_de: de, address_nl: nl });
  };
  const approve = () => fillIn(boss, PAGE, {});

  test('customers are addressed politely until somebody says otherwise', async () => {
    const { mail, pages } = await asked('de');
    expect(mail).toContain('Guten Tag Frau Brandes,');
    expect(mail).toMatch(POLITE.de);
    expect(pages.join()).toMatch(POLITE.de);
  });

  test('chosen but not saved, du is saved by the button that approves, which then approves nothing unread', async () => {
    await fillIn(boss, PAGE, { address_de: 'familiar', address_nl: 'polite' });
    expect((await app.app.accounts.company()).familiar).toEqual(['de']);
    const open = (await app.app.questionnaires.approvals()).filter(({ approved }) => !approved);
    expect(open.map(({ language }) => language)).toEqual(['de', 'de']);
    await choose('polite');
    await approve();
  });

  test('only an administrator decides; what is no choice changes nothing', async () => {
    const manager = await app.signIn('manager');
    await manager.get('/settings');
    expect((await manager.post(ADDRESS, { address_de: 'familiar', address_nl: 'polite' })).status).toBe(403);
    expect((await choose('chummy')).status).toBe(422);
    expect((await app.app.accounts.company()).familiar).toEqual([]);
  });

  test('with du, mails and pages say du, and greet by given name; until the words are approved nobody is asked', async () => {
    expect((await choose('familiar')).status).toBe(303);
    const page = await boss.get(PAGE);
    expect(page.text).toContain('2 questionnaires have new words.');
    expect(page.text).toMatch(/name="address_de" value="familiar" checked/);
    const unapproved = (await app.app.questionnaires.approvals()).filter(({ approved }) => !approved);
    expect(unapproved.map(({ language }) => language)).toEqual(['de', 'de']);
    await approve();
    const { mail, pages } = await asked('de');
    expect(mail).toContain('Hallo Jana,');
    expect(mail).not.toMatch(POLITE.de);
    for (const each of pages) expect(each).not.toMatch(POLITE.de);
    expect(pages[1]).toMatch(/\bdu\b/);
    expect((await asked('de', '')).mail).toMatch(/^Hallo,$/m);
  });

  test('a process that has just begun knows it; saying it again changes nothing', async () => {
    const { questionnaires } = app.app;
    const versions = async () =>
      (await questionnaires.list()).map(({ latest, draftRevision }) => [latest?.number, draftRevision]);
    const before = await versions();
    await choose('familiar');
    expect(await versions()).toEqual(before);
    const another = await startApp(on.storage());
    expect(another.app.texts.to('de').familiar).toBe(true);
    expect(another.app.texts.to('nl').familiar).toBe(false);
    await another.close();
  });

  test('another process words the next mail in the new way at once', async () => {
    await choose('polite');
    const another = await startApp(on.storage());
    const sending = async () => {
      const contact = { name: 'Jana Brandes', email: 'jana@example.com', telephone: '' };
      const words = { words: 'Kalt geliefert.', language: 'de', contact };
      await on.storage().transaction(async (tx) => {
        const fresh = {
          kind: 'complaint' as const,
          customerId: null,
          origin: 'hand' as const,
          originId: newId(app.clock),
        };
        const { caseId } = await another.app.recovery.cases.open(tx, COMMAND, { ...fresh, ...words });
        const ended = { state: 'closed' as const, root_cause: 'delivery', action: 'New parcel', outcome: 'put_right' };
        const closed = { ...ended, next_step: null, next_due_at: null, closed_at: app.clock.now().toISOString() };
        await tx.updateTable('recovery_case').set(closed).where('id', '=', caseId).execute();
        await another.app.mailer.enqueue(tx, [{ kind: 'case_question', subjectId: caseId }]);
      });
      await another.app.mailer.sendDue();
      const { rows } = await another.app.mailer.outbox.list(null, { isAdministrator: true });
      const mail = rows.find(({ kind }) => kind === 'case_question');
      return (await another.app.mailer.outbox.get(mail?.id ?? '', { isAdministrator: true })).text;
    };
    expect(await sending()).toMatch(/\bSie\b|\bIhnen\b/);
    await choose('familiar');
    expect(await sending()).not.toMatch(/\bSie\b|\bIhnen\b/);
    await another.close();
  });

  test('who is asked in English only gets no new version', async () => {
    const { questionnaires } = app.app;
    const { programme } = await questionnaires.get(ground.questionnaireId);
    const more = { programmeId: programme.id, name: 'In English', from: 'starter', languages: ['en'] };
    const id = await questionnaires.create(COMMAND, more);
    const { draftRevision } = await questionnaires.get(id);
    await questionnaires.publish(COMMAND, id, draftRevision);
    await choose('polite');
    await choose('familiar');
    await approve();
    expect((await questionnaires.get(id)).latest?.number).toBe(1);
    await questionnaires.archive(COMMAND, id);
  });

  test('a questionnaire that is under way goes on as it began, its own words and those around them', async () => {
    const page = wordsOf((await app.visitor().get(`${earlier}/happened`)).text);
    expect(page).toMatch(POLITE.de);
    expect(page).not.toMatch(/\b(?:du|dir|dein\w*)\b/);
  });

  test('a questionnaire that somebody makes now begins with du', async () => {
    const { questionnaires } = app.app;
    const { programme } = await questionnaires.get(ground.questionnaireId);
    const more = { programmeId: programme.id, name: 'Another', from: 'starter', languages: ['de'] };
    const { draft } = await questionnaires.get(await questionnaires.create(COMMAND, more));
    expect(draft.familiar).toEqual(['de']);
    expect(draft.mail.subject.de).not.toMatch(/\bSie\b/);
    await questionnaires.archive(
      COMMAND,
      (await questionnaires.list()).find(({ name }) => name === 'Another')?.id ?? '',
    );
  });

  test('so do the ready-made questions about a delivery or a complaint', async () => {
    const { questionnaires } = app.app;
    const satisfaction = (await questionnaires.programmes()).find(({ key }) => key === 'satisfaction');
    for (const from of ['before', 'during', 'after', 'complaint']) {
      const more = { programmeId: satisfaction?.id ?? '', name: from, from, languages: ['de'] };
      const id = await questionnaires.create(COMMAND, more);
      const { draft } = await questionnaires.get(id);
      const { mail, reminders, questions, title } = draft;
      expect(
        JSON.stringify([title, mail, reminders, questions], (_key, value: unknown) => germanOf(value)),
      ).not.toMatch(POLITE.de);
      await questionnaires.archive(COMMAND, id);
    }
  });

  test('other languages, and colleagues, are spoken to as before', async () => {
    const { mail, pages } = await asked('nl');
    expect(mail).toMatch(POLITE.nl);
    expect(pages.join()).toMatch(POLITE.nl);
    const jana = await app.signIn('staff');
    await fillIn(jana, '/me', { language: 'de' });
    expect((await jana.get('/me')).text).toMatch(/\bSie\b|\bIhre?n?\b/);
  });

  test('je in Dutch, everywhere', async () => {
    await choose('familiar', 'familiar');
    await approve();
    const { mail, pages } = await asked('nl');
    expect(mail).toContain('Jana');
    expect(mail).not.toMatch(POLITE.nl);
    for (const each of pages) expect(each).not.toMatch(POLITE.nl);
  });

  test('words of one’s own stay; among changes that wait the new words wait, too', async () => {
    const { questionnaires } = app.app;
    const leaving = await questionnaires.get(ground.questionnaireId);
    const number = leaving.latest?.number;
    await questionnaires.edit(leaving.id, leaving.draftRevision, (draft) => ({
      ...draft,
      title: { ...draft.title, de: 'Warum Sie fort sind' },
    }));
    await choose('polite', 'familiar');
    expect((await boss.get(PAGE)).text).toContain('In one questionnaire the new words stand in the draft');
    const after = await questionnaires.get(leaving.id);
    expect(after.latest?.number).toBe(number);
    expect(after.draft.title.de).toBe('Warum Sie fort sind');
    expect(after.draft.mail.subject.de).toBe('Dürfen wir fragen, warum Sie gegangen sind?');
    const satisfaction = (await questionnaires.list()).find(({ id }) => id !== leaving.id);
    expect(JSON.stringify(satisfaction?.latest?.definition)).toMatch(POLITE.de);
  });
});

/** Of a text in several languages the German one alone. */
const germanOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'de' in value ? value.de : value;

const wordsOf = (html: string) =>
  html
    .replace(/^[\s\S]*<main/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#?\w+;/g, ' ');
