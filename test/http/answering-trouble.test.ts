import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { everything, invite, startAsking, starter, type Asking } from '../support/asked.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent } from '../support/respondent.ts';

onBothEngines((on) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(on.storage());
  });
  afterAll(() => asking.close());

  const someone = async (language = 'de', expiresAt?: string) =>
    respondent(asking, await invite(on.storage(), asking.clock, asking.ground, { language, expiresAt }));
  const textOf = async (invitationId: string, key = 'happened') => {
    const value = (await asking.responses.find(on.storage().read, invitationId))?.answers.get(key)?.value;
    return value?.kind === 'open' ? value.text : undefined;
  };
  const change = (id: string, changes: object) =>
    on.storage().transaction((tx) => tx.updateTable('invitation').set(changes).where('id', '=', id).execute());

  describe('an answer that is too long', () => {
    test('is explained above the heading and at the field, and stays in the form', async () => {
      const karla = await someone();
      const long = 'ä'.repeat(5212);
      const page = await karla.answer('happened', { answer: long });
      expect(page.status).toBe(422);
      expect(page.title).toMatch(/^Fehler: Was ist passiert/);
      const message = 'Kürzen Sie Ihre Antwort auf höchstens 5.000 Zeichen. Sie hat jetzt 5.212.';
      expect(page.text.split(message)).toHaveLength(3);
      expect(page.text.indexOf('class="summary"')).toBeLessThan(page.text.indexOf('<h1'));
      expect(page.text).toMatch(/class="summary" role="alert" tabindex="-1" autofocus/);
      expect(page.text).toContain('<a href="#answer">');
      expect(page.text).toContain('aria-describedby="answer-error hint" aria-invalid="true"');
      expect(page.text).toContain('212 Zeichen zu viel. Nichts geht verloren');
      expect(page.text).toContain(long);
      expect(await textOf(karla.invitationId)).toBeUndefined();
    });

    test('in the field for "other" keeps what was ticked', async () => {
      const karla = await someone();
      const page = await karla.answer('reasons', { reason: ['price', 'other'], other: 'x'.repeat(600) });
      expect(page.status).toBe(422);
      expect(page.text).toContain('<a href="#other">');
      expect(page.text).toMatch(/value="price" checked/);
      expect(page.text).toContain('x'.repeat(600));
    });
  });

  describe('odd words', () => {
    test.each([
      ['five thousand families', '👩‍👩‍👧‍👦'.repeat(5000)],
      ['right to left', 'המחיר עלה שוב ושוב ואף אחד לא ענה לטלפון במשך שבועיים שלמים בקיץ האחרון'],
      ['markup', '<script>alert(1)</script> & "quotes" \'and\' more {count} <%= v %>, long enough for no probe'],
      ['line ends', 'first\n\nsecond, with much more to say than the sixty characters that it needs'],
    ])('are kept as they were written: %s', async (_what, words) => {
      const karla = await someone();
      const next = await karla.answer('happened', { answer: words });
      expect(next.path).toBe(`${karla.home}/reasons`);
      expect(await textOf(karla.invitationId)).toBe(words);
      const shown = (await karla.get('/happened')).text;
      expect(shown).not.toContain('<script>alert');
    });

    test('lose nothing but what no database and no reader can hold', async () => {
      const karla = await someone();
      await karla.answer('happened', {
        answer: 'Der\u0000 Techniker\u0007 kam nicht, dreimal, und niemand rief an, wochenlang.',
      });
      expect(await textOf(karla.invitationId)).toBe(
        'Der Techniker kam nicht, dreimal, und niemand rief an, wochenlang.',
      );
    });

    test('of six thousand characters in emoji are explained or kept whole', async () => {
      const karla = await someone();
      const page = await karla.answer('happened', { answer: '🙂'.repeat(6000) });
      expect(page.status).toBe(422);
      expect(page.text).toContain('🙂'.repeat(6000));
    });
  });

  test('a body beyond all bounds is refused in kind words, and nothing before it is lost', async () => {
    const karla = await someone();
    await karla.answer('happened', { answer: 'Kurz.' });
    const page = await karla.answer('happened.probe', { answer: 'a'.repeat(1_200_000) });
    expect(page.status).toBe(413);
    expect(page.h1).toBe('Das war mehr, als wir auf einmal annehmen können');
    expect(page.text).toContain(`href="${karla.home}"`);
    expect(await textOf(karla.invitationId)).toBe('Kurz.');
  });

  test('more fields than any page has are refused in the same words, and nothing is kept', async () => {
    const karla = await someone();
    const others = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, 'x']));
    const page = await karla.answer('happened', { ...others(200), answer: 'Kurz.' });
    expect([page.status, page.h1]).toEqual([413, 'Das war mehr, als wir auf einmal annehmen können']);
    expect(await textOf(karla.invitationId)).toBeUndefined();
    await karla.answer('happened', { ...others(199), answer: 'Kurz.' });
    expect(await textOf(karla.invitationId)).toBe('Kurz.');
  });

  test.each(['https://evil.example', 'null', undefined])(
    'a form from elsewhere (%s) changes nothing',
    async (origin) => {
      const karla = await someone();
      const before = await everything(on.storage());
      const page = await karla.post('/happened', { answer: 'Nicht von mir.' }, origin === undefined ? {} : { origin });
      expect(page.status).toBe(403);
      expect(page.text).toContain('von einer fremden Website');
      expect(await everything(on.storage())).toBe(before);
    },
  );

  describe('fields that the form does not have', () => {
    test.each<[string, Record<string, string | string[]>]>([
      ['a reason that is none', { reason: ['price', 'constructor'] }],
      ['a key of the prototype', { reason: '__proto__' }],
    ])('are refused: %s', async (_what, fields) => {
      const karla = await someone();
      expect((await karla.answer('reasons', fields)).status).toBe(422);
    });

    test('pages that the questionnaire does not have lead back to the questions', async () => {
      const karla = await someone();
      for (const key of ['nothing', 'happened.most', 'happened.probe.probe', '__proto__', 'reasons.probe', '%00']) {
        const page = await karla.answer(key, { answer: 'x' });
        expect([200, 400]).toContain(page.status);
      }
      expect(await asking.responses.find(on.storage().read, karla.invitationId)).toBeUndefined();
    });

    test('sending before anything is answered sends nothing', async () => {
      const karla = await someone();
      const page = await karla.send();
      expect(page.path).toBe(`${karla.home}/happened`);
      expect(await asking.responses.find(on.storage().read, karla.invitationId)).toBeUndefined();
    });
  });

  describe('a link that leads to no questions', () => {
    test('has expired: says so and takes nothing', async () => {
      const karla = await someone('nl', '2026-11-01T00:00:00.000Z');
      const page = await karla.get();
      expect(page.status).toBe(410);
      expect(page.h1).toBe('Deze vragenlijst is gesloten');
      expect(page.text).toContain('hallo@example.com');
      expect(page.text).not.toContain('Miriam');
      expect((await karla.answer('happened', { answer: 'Toch nog.' })).status).toBe(410);
      expect(await textOf(karla.invitationId)).toBeUndefined();
    });

    test('has been withdrawn: says so, and shows no reference even where it was answered', async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: 'Kurz.' });
      await karla.send();
      await change(karla.invitationId, { revoked_at: '2026-11-09T00:00:00.000Z' });
      const page = await karla.get('/thank-you');
      expect(page.status).toBe(410);
      expect(page.text).not.toMatch(/HK-\w{3}-\w{3}/);
    });

    test('belongs to somebody who opted out: says so', async () => {
      const karla = await someone('en');
      await change(karla.invitationId, { progress: 'opted_out' });
      const page = await karla.get();
      expect(page.status).toBe(410);
      expect(page.h1).toBe('You have asked us not to write to you');
    });

    test('was never ours: not found, the same for every kind of wrong', async () => {
      const karla = await someone();
      const last = karla.token.at(-1) === 'A' ? 'E' : 'A';
      const wrong = [
        'x',
        'A'.repeat(43),
        karla.token.slice(0, -1) + last,
        asking.signer.sign('q', '01987654-0000-7000-8000-000000000000'),
        asking.signer.sign('other', karla.invitationId),
        asking.signer.sign('preview', karla.invitationId),
        `${karla.token}%00`,
        karla.invitationId,
      ];
      const pages = await Promise.all(wrong.map((token) => fetch(`${asking.baseUrl}/q/${token}`)));
      const texts = await Promise.all(pages.map((page) => page.text()));
      expect(pages.map(({ status }) => status)).toEqual(wrong.map(() => 404));
      expect(new Set(texts).size).toBe(1);
      const accepted = { headers: { 'accept-language': 'no, en;q=0.5' } };
      expect(await (await fetch(`${asking.baseUrl}/q/x`, accepted)).text()).toContain('fører ingen steder');
    });
  });

  test.each([
    ['POST', ''],
    ['PUT', '/happened'],
    ['GET', '/happened/more'],
  ])('%s to an address that is none (%s) is not found', async (method, path) => {
    const { home } = await someone();
    const answer = await fetch(asking.baseUrl + home + path, { method, headers: { origin: asking.baseUrl } });
    expect(answer.status).toBe(404);
  });

  describe('opting out', () => {
    const customerOf = async (id: string) => {
      const { customer_id } = await on
        .storage()
        .read.selectFrom('invitation')
        .select('customer_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return await on
        .storage()
        .read.selectFrom('customer')
        .selectAll()
        .where('id', '=', customer_id)
        .executeTakeFirstOrThrow();
    };
    const at = (token: string) => `${asking.baseUrl}/u/${token}`;

    test('shows a form in the customer’s language and does it when it is sent, as often as one likes', async () => {
      const karla = await someone('nb');
      const form = await (await fetch(at(karla.token))).text();
      expect(form).toContain('Hva skal vi ikke lenger sende deg?');
      expect((await customerOf(karla.invitationId)).unsubscribed_at).toBeNull();
      for (let i = 0; i < 3; i++) {
        const done = await fetch(at(karla.token), { method: 'POST' });
        expect(done.status).toBe(200);
        expect(await done.text()).toContain('Vi skriver ikke til deg igjen');
      }
      expect((await customerOf(karla.invitationId)).unsubscribed_how).toBe('link');
      expect((await karla.get()).status).toBe(410);
      expect(await (await fetch(at(karla.token))).text()).toContain(
        'Du har bedt oss om ikke å skrive til deg mer, og det holder vi oss til',
      );
    });

    test('leaves the choice: no more questions, or no more greetings', async () => {
      const refusals = async (invitationId: string) => {
        const { id } = await customerOf(invitationId);
        const query = on.storage().read.selectFrom('refusal').select(['topic', 'how']).where('customer_id', '=', id);
        return await query.execute();
      };
      const send = (token: string, wish: string) =>
        fetch(at(token), { method: 'POST', body: new URLSearchParams({ wish }) });
      const karla = await someone('de');
      expect(await (await send(karla.token, 'greetings')).text()).toContain('keine Grüße mehr');
      expect((await karla.get()).status).toBe(200);
      expect(await refusals(karla.invitationId)).toEqual([{ topic: 'greetings', how: 'link' }]);
      for (let i = 0; i < 2; i++) {
        expect(await (await send(karla.token, 'surveys')).text()).toContain('keine Fragebögen');
      }
      expect((await karla.get()).status).toBe(410);
      expect((await refusals(karla.invitationId)).map(({ topic }) => topic).sort()).toEqual(['greetings', 'surveys']);
      const again = await (await fetch(at(karla.token))).text();
      for (const what of ['Fragen', 'Grüße']) expect(again).toContain(`gebeten, Ihnen keine ${what} mehr zu schicken`);
      expect((await customerOf(karla.invitationId)).unsubscribed_at).toBeNull();
    });

    test('can be read in another language, which stays while it is sent', async () => {
      const karla = await someone('de');
      expect(await (await fetch(at(karla.token))).text()).toContain(`href="/u/${karla.token}?lang=nl"`);
      const dutch = await (await fetch(`${at(karla.token)}?lang=nl`)).text();
      expect(dutch).toContain('Wat zullen we u niet meer sturen?');
      expect(dutch).toContain(`action="/u/${karla.token}?lang=nl"`);
      const done = await fetch(`${at(karla.token)}?lang=nl`, { method: 'POST' });
      expect(await done.text()).toContain('<html lang="nl"');
      expect((await customerOf(karla.invitationId)).unsubscribed_how).toBe('link');
    });

    test('works with one click from a mail program, which is no page of ours', async () => {
      const karla = await someone();
      const done = await fetch(at(karla.token), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'cross-site',
          origin: 'https://mail.example',
        },
        body: 'List-Unsubscribe=One-Click',
      });
      expect(done.status).toBe(200);
      expect((await customerOf(karla.invitationId)).unsubscribed_how).toBe('oneClick');
    });

    test('works from an old link, too, but not from one that was never ours', async () => {
      const karla = await someone('de', '2026-01-01T00:00:00.000Z');
      expect((await fetch(at(karla.token), { method: 'POST' })).status).toBe(200);
      expect((await customerOf(karla.invitationId)).unsubscribed_at).not.toBeNull();
      expect((await fetch(at('x'), { method: 'POST' })).status).toBe(404);
    });
  });

  test('a preview shows every page and keeps nothing', async () => {
    const before = await everything(on.storage());
    const home = `/q/${asking.signer.sign('preview', asking.ground.versionId)}`;
    const headers = { origin: asking.baseUrl };
    const paths = [
      '/happened',
      '/happened.probe',
      '/reasons',
      '/reasons.most',
      '/now',
      '/now.probe',
      '/keep',
      '/check-answers',
    ];
    const seen: string[] = [];
    let page = await fetch(`${asking.baseUrl}${home}?lang=nl`);
    for (let steps = 0; steps < 12 && !page.url.includes('check-answers'); steps++) {
      const text = await page.text();
      expect(text).toContain('lang="nl"');
      expect(text).toContain('Dit is een voorbeeld');
      const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      seen.push(action.slice(home.length).split('?')[0] ?? '');
      page = await fetch(asking.baseUrl + action, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ skip: '1' }),
      });
    }
    expect(paths).toEqual(expect.arrayContaining(seen));
    expect(seen.slice(0, 5)).toEqual(['/happened', '/happened.probe', '/reasons', '/reasons.most', '/now']);
    const thanks = await fetch(`${asking.baseUrl}${home}/check-answers`, { method: 'POST', headers });
    expect(thanks.url).toContain('/thank-you');
    expect(thanks.status).toBe(200);
    expect(await everything(on.storage())).toBe(before);
  });

  test('whoever tries link after link is asked to wait', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 80; i++) statuses.push((await fetch(`${asking.baseUrl}/q/guess-${i}`)).status);
    expect(statuses[0]).toBe(404);
    expect(statuses.at(-1)).toBe(429);
    expect((await (await someone()).get()).status).toBe(200);
  });

  describe('numbers, and questions that must be answered', () => {
    let satisfaction: Asking;
    beforeAll(async () => {
      const definition = starter('satisfaction');
      const questions = definition.questions.map((each) => (each.key === 'needs' ? { ...each, required: true } : each));
      satisfaction = await startAsking(on.storage(), { definition: { ...definition, questions } });
    });
    afterAll(() => satisfaction.close());

    test('a scale can be answered, is quoted at its why, and is not to be skipped where it is required', async () => {
      const { clock, ground } = satisfaction;
      const karla = respondent(satisfaction, await invite(on.storage(), clock, ground, { language: 'en' }));
      const scale = await karla.answer('why_buy', { answer: 'Because it is good.' });
      expect(scale.text.match(/type="radio"/g)?.length).toBeGreaterThan(4);
      expect(scale.text).not.toContain('name="skip"');
      const missing = await karla.skip('needs');
      expect(missing.status).toBe(422);
      expect(missing.text).toContain('Please choose a number');
      const blocked = await karla.send();
      expect(blocked.path).toBe(`${karla.home}/needs`);
      const why = await karla.answer('needs', { answer: '4' });
      expect(why.path).toBe(`${karla.home}/needs.probe`);
      expect(why.text).toMatch(/<b>4 out of \d+<\/b>/);
      expect((await karla.send()).path).toBe(`${karla.home}/thank-you`);
    });
  });
});
