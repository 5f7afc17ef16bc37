import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { codesOn, onPaper, sentWave } from '../support/post.ts';
import { respondent } from '../support/respondent.ts';

const WORDS = 'Drei Lieferungen kamen zu spät, und am Telefon wusste niemand Bescheid.';

onBothEngines((on) => {
  let app: TestApp;
  let staff: Person & { accountId: string };
  let people = 0;
  let code: string;
  let invitationId: string;
  beforeAll(async () => {
    app = await startApp(on.storage());
    staff = await app.signIn('staff', 'Anna');
  });
  afterAll(() => app.close());

  /** Each test has a letter of its own in the post. */
  beforeEach(async () => {
    const from = people++;
    const waveId = await sentWave(app, onPaper(1, from), `Letter ${from}`);
    await staff.get(`/waves/${waveId}/letters`);
    await staff.post(`/waves/${waveId}/letters`, { whom: 'no_address' });
    [code = ''] = codesOn((await staff.get(`/waves/${waveId}/letters/1`)).text);
    await staff.get(`/waves/${waveId}/letters`);
    await staff.post(`/waves/${waveId}/letters/1/posting`);
    const query = on.storage().read.selectFrom('invitation').select('id').where('wave_id', '=', waveId);
    invitationId = (await query.executeTakeFirstOrThrow()).id;
  });

  const at = () => `/letters/entry/${invitationId}`;
  const open = async () => {
    await staff.get('/letters/entry');
    const answer = await staff.post('/letters/entry', { code: code.toLowerCase() });
    expect(answer).toMatchObject({ status: 303, headers: { location: at() } });
    return await staff.get(at());
  };
  const enter = async (fields: Record<string, string | string[]>) =>
    await staff.post(at(), { ...fieldsOf(await open(), at()), ...fields });
  const found = async () => await app.app.responses.find(on.storage().read, invitationId);

  describe('a letter that came back', () => {
    test('is found by its code, and shows every question in its language on one page', async () => {
      const page = await open();
      expect(page.text).toContain('Kim Example');
      for (const name of ['happened-answer', 'reasons-reason', 'reasons.most-most', 'now-answer', 'keep-answer'])
        expect(page.text).toContain(`name="${name}"`);
      expect(page.text).toContain('Was ist passiert, bevor Sie sich entschieden haben');
      expect(page.text).toContain('value="2026-11-10"');
      expect(await found()).toBeUndefined();
    });

    test('becomes one complete response on paper, with who entered it and when it came back', async () => {
      const fields = { 'happened-answer': WORDS, 'reasons-reason': ['price'], 'reasons.most-most': 'promises' };
      const answer = await enter({ ...fields, received: '2026-11-09', contact: 'phone' });
      expect(answer).toMatchObject({ status: 303, headers: { location: '/letters/entry' } });
      const response = (await found())?.response;
      expect(response).toMatchObject({ mode: 'paper', state: 'complete', language: 'de', contactWish: 'phone' });
      const story = await app.app.responses.get(response?.id ?? '');
      expect(story.entry).toEqual({ by: staff.accountId, at: '2026-11-10T08:05:00.000Z', receivedOn: '2026-11-09' });
      // The circle behind a reason counts as its tick.
      expect(story.answers.get('reasons')?.value).toEqual({ kind: 'reasons', ticked: ['price', 'promises'] });
      expect(story.answers.get('reasons.most')?.value).toEqual({ kind: 'most', code: 'promises' });
      const next = await staff.get('/letters/entry');
      expect(next.text).toContain(`Saved as ${response?.reference}.`);
      expect(next.text).toMatch(/id="code"[^>]* autofocus/);
      const shown = await staff.get(`/responses/${response?.id}`);
      expect(shown.text).toContain('came back on 9 November 2026, entered by Anna');
      expect((await app.app.invitations.find(on.storage().read, invitationId))?.progress).toBe('completed');
    });

    test('is put on the desk for coding', async () => {
      await enter({ 'happened-answer': WORDS });
      const id = (await found())?.response.id ?? '';
      const tasks = await on
        .storage()
        .read.selectFrom('coding_task')
        .selectAll()
        .where('response_id', '=', id)
        .execute();
      expect(tasks.map((row) => row.question_key)).toContain('happened');
    });

    test('with a slip keeps what was typed, and says at its place what is wrong', async () => {
      const long = 'ä'.repeat(5001);
      const answer = await enter({ 'happened-answer': long, 'keep-answer': 'Anrufen', received: '2027-01-01' });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(long);
      expect(answer.text).toContain('Anrufen');
      expect(answer.text).toContain('href="#happened-answer"');
      expect(answer.text).toContain('Please give a day that is not in the future');
      expect(await found()).toBeUndefined();
    });

    test('without a word is not saved', async () => {
      const answer = await enter({});
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('Nothing has been entered yet');
    });

    test('can say that they want no more letters', async () => {
      await enter({ 'keep-answer': 'Nichts.', stop: '1' });
      const customerId = (await found())?.response.customerId ?? '';
      expect(await app.app.customers.get(customerId)).toMatchObject({ unsubscribedHow: 'letter' });
    });

    test('or came back undelivered is noted as that', async () => {
      await open();
      await staff.post(`${at()}/return`);
      const [row] = (await app.app.invitations.listedById(on.storage().read, [invitationId])).values();
      expect(row?.bouncedAt).toBe('2026-11-10T08:05:00.000Z');
    });

    test.each([
      ['', 'Please type the code on the sheet'],
      ['WXY-346-79C', 'A character of this code is wrong or missing'],
      ['3333333333', 'No letter has this code'],
    ])('is not found by %j', async (typed, words) => {
      await staff.get('/letters/entry');
      const answer = await staff.post('/letters/entry', { code: typed });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(words);
      expect(answer.text).toContain(`value="${typed}"`);
    });
  });

  describe('two sets of answers to one invitation', () => {
    const byLink = async () => {
      const karla = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, invitationId);
      await karla.answer('happened', { answer: `Online: ${WORDS}` });
      await karla.answer('reasons', { reason: 'price' });
      await karla.send();
    };
    const mainReason = async (id: string) => {
      const query = on.storage().read.selectFrom('main_reason').where('main_reason.response_id', '=', id);
      const joined = query.leftJoin('code', 'code.id', 'main_reason.stated_code_id').select('code.key');
      return (await joined.executeTakeFirst())?.key;
    };

    test('are both kept; the second counts nowhere until somebody chooses', async () => {
      await byLink();
      expect((await open()).text).toContain('There are answers from them already (by e-mail link)');
      await enter({ 'happened-answer': 'Auf Papier: ganz anders.', 'reasons-reason': ['quality'] });
      const { response, answers } = (await found()) ?? {};
      expect(response).toMatchObject({ mode: 'email', state: 'complete' });
      expect(answers?.get('happened')?.value).toEqual({ kind: 'open', text: `Online: ${WORDS}` });
      const page = await staff.get(`/responses/${response?.id}`);
      expect(page.text).toContain('There is a second set of answers, given on paper.');
      expect((await staff.get('/letters/entry')).text).toContain('second set');
      // Who does not enter letters finds it as well: the second set may have been given by telephone.
      expect((await staff.get('/today')).text).toContain('href="/responses/copies">1 second set of answers');
      const waiting = (await staff.get('/responses/copies')).text;
      expect(waiting).toMatch(new RegExp(`>${response?.reference}, [^<]+</a>[^<]*<span[^>]*>on paper, `));
      expect(await mainReason(response?.id ?? '')).toBe('price');
    });

    test('change places when somebody chooses the second, and codings and figures follow', async () => {
      await byLink();
      await enter({
        'happened-answer': 'Auf Papier: ganz anders.',
        'reasons-reason': ['quality'],
        received: '2026-11-10',
      });
      const id = (await found())?.response.id ?? '';
      const copy = (await app.app.responses.get(id)).copies[0];
      const compare = `/responses/${id}/copies/${copy?.id}`;
      const page = await staff.get(compare);
      expect(page.text).toContain(`Online: ${WORDS}`);
      expect(page.text).toContain('Auf Papier: ganz anders.');
      expect((await staff.post(`${compare}/choice`, { which: 'copy' })).headers.location).toBe(`/responses/${id}`);
      const story = await app.app.responses.get(id);
      expect(story.response).toMatchObject({ mode: 'paper', state: 'complete' });
      expect(story.answers.get('happened')?.value).toEqual({ kind: 'open', text: 'Auf Papier: ganz anders.' });
      expect(story.copies).toMatchObject([{ mode: 'email', state: 'set_aside', chosenBy: staff.accountId }]);
      expect(story.entry).toMatchObject({ by: staff.accountId, receivedOn: '2026-11-10' });
      expect(await mainReason(id)).toBe('quality');
      const log = await app.app.accounts.log.about({ kind: 'response', id });
      expect(log.map(({ action }) => action)).toEqual(['responses.chose.copy']);

      // And back again: the choice can be taken back.
      await staff.get(compare);
      await staff.post(`${compare}/choice`, { which: 'copy' });
      expect((await app.app.responses.get(id)).response.mode).toBe('email');
      expect((await app.app.responses.get(id)).entry).toBeUndefined();
      expect(await mainReason(id)).toBe('price');
    });

    test('stay as they are when somebody keeps the first', async () => {
      await byLink();
      await enter({ 'happened-answer': 'Auf Papier: ganz anders.' });
      const id = (await found())?.response.id ?? '';
      const compare = `/responses/${id}/copies/${(await app.app.responses.get(id)).copies[0]?.id}`;
      await staff.get(compare);
      await staff.post(`${compare}/choice`, { which: 'standing' });
      const story = await app.app.responses.get(id);
      expect(story.response.mode).toBe('email');
      expect(story.copies).toMatchObject([{ mode: 'paper', state: 'set_aside' }]);
    });

    test('are decided by one person only', async () => {
      await byLink();
      await enter({ 'happened-answer': 'Auf Papier: ganz anders.' });
      const id = (await found())?.response.id ?? '';
      const [copy] = (await app.app.responses.get(id)).copies;
      const { definition } = await app.app.letterEntry.sheet(invitationId);
      const actor = { kind: 'account', id: staff.accountId } as const;
      const twice = [1, 2].map(() => app.app.responses.choose(actor, copy as never, 'copy', definition));
      const done = await Promise.allSettled(twice);
      expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await found())?.response.mode).toBe('paper');
    });

    test('of which the first was not finished become one complete response by the choice', async () => {
      const karla = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, invitationId);
      await karla.answer('happened', { answer: WORDS });
      await enter({ 'happened-answer': 'Auf Papier.', 'keep-answer': 'Anrufen.' });
      const id = (await found())?.response.id ?? '';
      expect((await found())?.response.state).toBe('partial');
      const compare = `/responses/${id}/copies/${(await app.app.responses.get(id)).copies[0]?.id}`;
      await staff.get(compare);
      await staff.post(`${compare}/choice`, { which: 'copy' });
      expect((await found())?.response).toMatchObject({ mode: 'paper', state: 'complete' });
      expect((await app.app.invitations.find(on.storage().read, invitationId))?.progress).toBe('completed');
    });

    test('entered in the same moment leave one response and one copy', async () => {
      const fields = { ...fieldsOf(await open(), at()), 'happened-answer': WORDS };
      await Promise.all([staff.post(at(), fields), staff.post(at(), fields)]);
      const id = (await found())?.response.id ?? '';
      expect((await app.app.responses.get(id)).copies).toHaveLength(1);
    });
  });

  test('letters are entered by those who are signed in', async () => {
    for (const path of ['/letters/entry', at(), '/responses/copies'])
      expect((await app.visitor().get(path)).status).not.toBe(200);
  });
});
