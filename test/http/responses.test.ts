import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { colleague } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { invite, layGround, starter } from '../support/asked.ts';
import { startAnswering, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent, type Respondent } from '../support/respondent.ts';

const LONG = 'Der Techniker war dreimal angekündigt und ist nie gekommen, und am Telefon wusste niemand etwas davon.';

onBothEngines((on) => {
  let app: TestApp;
  let staff: Person;
  let karla: Respondent;
  let id: string;
  let leaving: Answering;
  let other: Answered;
  let ingrid: string;
  beforeAll(async () => {
    app = await startApp(on.storage());
    staff = await app.signIn('staff');
    await app.app.questionnaires.approveAll({ kind: 'system', id: null });
    const ground = await layGround(on.storage(), app.clock, starter('leaving'));
    karla = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, await invite(on.storage(), app.clock, ground));
    await karla.answer('happened', { answer: 'Kurz.' });
    await karla.answer('happened.probe', { answer: '<b>Nichts</b> half.' });
    await karla.answer('happened', { answer: LONG, was: '1' });
    await karla.answer('reasons', { reason: ['price', 'promises'] });
    await karla.answer('reasons.most', { most: 'promises' });
    await karla.send();
    leaving = await startAnswering(on.storage(), app.app, app.clock);
    ingrid = (await app.signIn('staff', 'Ingrid Solheim')).accountId;
    other = await leaving.answer({ words: 'It was too dear.', ticked: ['price', 'quality'], most: 'price' });
    id = (await app.app.responses.find(on.storage().read, karla.invitationId))?.response.id ?? '';
  });
  afterAll(() => app.close());

  test('the whole application answers a personal link without a cookie', async () => {
    const page = await karla.get();
    expect(page.status).toBe(200);
    expect(page.h1).toBe('Danke. Ihre Antwort ist angekommen.');
    expect(page.headers.get('set-cookie')).toBeNull();
  });

  describe('one person’s answers', () => {
    test('are shown to staff in order, with question, language, mode and time, and what they replaced', async () => {
      const page = await staff.get(`/responses/${id}`);
      expect(page.status).toBe(200);
      expect(page.text).toContain(LONG);
      expect(page.text).toContain('Zusagen wurden nicht eingehalten');
      expect(page.text).toContain('Deutsch, by e-mail link, 10 November 2026 at 09:05');
      expect(page.text).toContain('1 earlier version');
      expect(page.text).toContain('Kurz.');
      expect(page.text).toContain('No longer asked');
      expect(page.text).toContain('&lt;b&gt;Nichts&lt;/b&gt; half.');
      const order = ['Was ist passiert', 'Was hat bei Ihrer', 'Was davon hat', 'Was genau ist passiert'];
      const places = order.map((each) => page.text.indexOf(each));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
    });

    test('lead to the customer, whose profile and timeline lead back', async () => {
      const page = await staff.get(`/responses/${id}`);
      const customer = /href="(\/customers\/[0-9a-f-]+)"/.exec(page.text)?.[1] ?? '';
      const profile = await staff.get(customer);
      expect(profile.status).toBe(200);
      expect(profile.text).toContain(LONG);
      expect(profile.text).toContain(`href="/responses/${id}"`);
      expect(profile.text).toContain('Sent their answers');
    });

    test('are found by their words', async () => {
      const page = await staff.get(`/search?q=${encodeURIComponent('ANGEKÜNDIGT und ist')}`);
      expect(page.text).toContain(`href="/responses/${id}"`);
    });

    test('are for those who are signed in, and an unknown one is not found', async () => {
      expect((await app.visitor().get(`/responses/${id}`)).status).not.toBe(200);
      expect((await staff.get('/responses/01987654-0000-7000-8000-000000000000')).status).toBe(404);
      expect((await staff.get('/responses/x')).status).toBe(404);
    });
  });

  describe('the codes on one person’s answers', () => {
    const section = (page: string, question: string) =>
      page.split('<section').find((each) => each.includes(question)) ?? '';

    test('are missing until somebody gives them, and the page says so where words wait', async () => {
      const page = (await staff.get(`/responses/${other.responseId}`)).text;
      expect(section(page, 'What happened before')).toContain('Not coded yet.');
      expect(section(page, 'What played a part')).not.toContain('Not coded yet.');
    });

    test('stand below each answer with who gave them and when, the main one first, their own ticks apart', async () => {
      const book = await app.app.coding.codebook(leaving.programmeId);
      const [price, promises] = ['price', 'promises'].map((key) => book?.byKey.get(key)?.id ?? '');
      await app.app.coding.saveCoding(colleague(ingrid), {
        responseId: other.responseId,
        questionKey: 'happened',
        codeIds: [price ?? '', promises ?? ''],
        mainCodeId: promises ?? '',
      });
      const page = (await staff.get(`/responses/${other.responseId}`)).text;
      const words = section(page, 'What happened before');
      expect(words).toContain('Reasons found in it');
      expect(words).not.toContain('Not coded yet.');
      expect(words).not.toContain('ticked by themselves');
      const lines = [...words.matchAll(/<li><b>([^<]+)<\/b>(.*?)<\/li>/g)].map(([, name, rest = '']) => [
        name,
        rest.includes('Main'),
        rest.includes('Ingrid Solheim, 10 November 2026'),
      ]);
      expect(lines).toEqual([
        ['Promises not kept', true, true],
        ['Price', false, true],
      ]);
      const list = section(page, 'What played a part');
      expect(list).toContain('Their own ticks');
      expect(list).toContain('ticked by themselves, 10 November 2026');
      expect(list).not.toContain('Ingrid Solheim');
      expect([...list.matchAll(/<li><b>([^<]+)<\/b>/g)].map(([, name]) => name).sort()).toEqual(['Price', 'Quality']);
    });
  });
});
