import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { languageCodes } from '../../src/i18n/index.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { crawl } from '../support/crawler.ts';
import { onBothEngines } from '../support/engines.ts';
import { png } from '../support/pictures.ts';

const WORDS = 'Die Maschine kam mit einem Sprung im Tank an, und niemand ging ans Telefon.';

const PNG = png(1, 1);

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let manager: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { TRUST_PROXY: '1' } });
    const { settings } = app.app.accounts;
    await settings.saveCompany(COMMAND, {
      name: 'Hollerbach Kaffee',
      address: 'Speicherstraße 14\n24103 Kiel',
      telephone: '+49 431 555 0100',
      email: 'hallo@example.com',
    });
    await arrive();
  });
  afterAll(() => app.close());

  const arrive = async () => {
    anna = await app.signIn('staff', 'Anna Berg');
    manager = await app.signIn('manager', 'Miriam Adler');
  };

  let addresses = 0;
  /** Somebody at an address of their own. */
  const stranger = () => {
    const from = `203.0.113.${++addresses}`;
    const { agent } = app.visitor();
    return {
      get: async (path: string) => (await agent.get(path).set('X-Forwarded-For', from)) as unknown as Answer,
      async send(
        fields: Record<string, string>,
        { lang = 'de', file }: { lang?: string; file?: [string, Buffer] } = {},
      ) {
        let post = agent.post(`/tell-us?lang=${lang}`).set('Origin', app.baseUrl).set('X-Forwarded-For', from);
        for (const [name, value] of Object.entries(fields)) post = post.field(name, value);
        return (await (file ? post.attach('file', file[1], file[0]) : post)) as unknown as Answer;
      },
    };
  };
  const stampIn = (text: string) => /name="stamp" value="([^"]+)"/.exec(text)?.[1] ?? '';
  /** Opens the page, takes a minute to write, and sends. */
  const tell = async (fields: Record<string, string> = {}, options?: { lang?: string; file?: [string, Buffer] }) => {
    const somebody = stranger();
    const stamp = stampIn((await somebody.get('/tell-us?lang=de')).text);
    app.clock.advance({ minutes: 1 });
    const answer = await somebody.send({ kind: 'problem', words: WORDS, stamp, ...fields }, options);
    return { somebody, answer, stamp };
  };
  const all = () => on.storage().read.selectFrom('public_comment').selectAll().orderBy('id').execute();
  const last = async () => (await all()).at(-1);

  const caseCount = async () => (await on.storage().read.selectFrom('recovery_case').select('id').execute()).length;
  /** What sending could change. */
  const everything = async () => [await all(), await caseCount()];

  describe('somebody with a problem', () => {
    test('is thanked with a reference, a name, a day, a copy; it is a case in the same moment', async () => {
      const { somebody, answer } = await tell({ name: 'Erika Muster', telephone: '0431 555 0177', wish: 'phone' });
      expect(answer.status).toBe(303);
      const thanks = await somebody.get(answer.headers.location ?? '');
      const comment = await last();
      expect(thanks.text).toContain('Danke, dass Sie es uns gesagt haben');
      expect(thanks.text).toContain(comment?.reference ?? '?');
      expect(thanks.text).toMatch(/Hollerbach Kaffee ruft Sie bis \w+, \d+\. \w+ an\./);
      expect(thanks.text).toContain(WORDS);
      expect(thanks.text).toContain('+49 431 555 0100');
      const theCase = await app.app.recovery.cases.get(comment?.case_id ?? '');
      expect(theCase).toMatchObject({ kind: 'complaint', origin: 'comment', words: WORDS, language: 'de' });
      expect(theCase.contact).toEqual({ name: 'Erika Muster', email: '', telephone: '0431 555 0177' });
    });

    test('sends twice at the same moment, and it is one comment and one case', async () => {
      const somebody = stranger();
      const stamp = stampIn((await somebody.get('/tell-us')).text);
      app.clock.advance({ minutes: 2 });
      const [before, cases] = [(await all()).length, await caseCount()];
      const fields = { kind: 'problem', words: 'Zweimal gedrückt, weil nichts geschah.', stamp };
      const answers = await Promise.all([1, 2, 3].map(() => somebody.send(fields)));
      expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
      expect([(await all()).length - before, (await caseCount()) - cases]).toEqual([1, 1]);
    });

    test('adds a photo, which is on the case; a script in a picture’s clothes is refused, and the words are kept', async () => {
      await tell({ words: 'Mit Foto vom Sprung im Tank.' }, { file: ['tank.png', PNG] });
      const comment = await last();
      const files = await app.app.recovery.attachments.listOf(on.storage().read, { caseIds: [comment?.case_id ?? ''] });
      expect(files.map(({ name, commentId }) => [name, commentId])).toEqual([['tank.png', comment?.id]]);
      const before = await everything();
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
      const { answer } = await tell({ words: 'Mit einer Zeichnung.' }, { file: ['bild.png', svg] });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('Mit einer Zeichnung.');
      expect(await everything()).toEqual(before);
    });

    test('forgets something, and is told at the field with everything kept', async () => {
      const before = await everything();
      const { answer } = await tell({ kind: '', words: 'Nur Worte', wish: 'phone', email: 'kein Zeichen' });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('Bitte wählen Sie aus, worum es geht');
      expect(answer.text).toContain('Bitte geben Sie Ihre Telefonnummer an');
      expect(answer.text).toContain('Das sieht nicht nach einer E-Mail-Adresse aus');
      expect(answer.text).toContain('Nur Worte');
      expect(await everything()).toEqual(before);
    });
  });

  describe('praise and ideas', () => {
    test('are read by staff; an address only proposes whose they are, until a colleague has said so', async () => {
      const made = await app.app.customers.create(COMMAND, {
        reference: 'K-1',
        givenName: 'Jette',
        familyName: 'Brandt',
        email: 'jette@example.com',
        status: 'active',
        language: 'de',
      });
      const customerId = made.ok ? made.value.id : '';
      const kinds = async () => (await app.app.customers.timeline(customerId, null, 20)).rows.map(({ kind }) => kind);
      const cases = await caseCount();
      await tell({ kind: 'praise', words: 'Herr Wulf war sehr freundlich.', email: 'JETTE@example.com' });
      const comment = await last();
      expect(comment).toMatchObject({ state: 'list', case_id: null, customer_id: null });
      expect(await caseCount()).toBe(cases);
      expect(await kinds()).not.toContain('comments.praise');
      const at = `/comments/${comment?.id}`;
      expect((await anna.get('/comments')).text).not.toContain('Herr Wulf war sehr freundlich.');
      const praise = (await anna.get('/comments?view=praise')).text;
      expect(praise).toContain('Herr Wulf war sehr freundlich.');
      expect(praise).toContain('Praise 1</a>');
      expect((await anna.get(at)).text).toContain('Jette Brandt (K-1)');
      const confirmed = await Promise.all([
        anna.post(`${at}/customer`, { customer: customerId, from: '' }),
        manager.get(at).then(() => manager.post(`${at}/customer`, { customer: customerId, from: '' })),
      ]);
      expect(confirmed.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await kinds()).filter((kind) => kind === 'comments.praise')).toHaveLength(1);
      expect((await anna.post(`${at}/customer`, { customer: '', from: customerId })).status).toBe(303);
      expect((await last())?.customer_id).toBeNull();
      expect((await anna.post(`${at}/customer`, { from: '', reference: 'K-9' })).text).toContain(
        'No customer has this',
      );
      expect((await anna.post(`${at}/customer`, { from: '', reference: 'K-1' })).status).toBe(303);
      expect((await last())?.customer_id).toBe(customerId);
    });

    test('that turn out to be a problem become a case; of two colleagues one wins', async () => {
      await tell({ kind: 'idea', words: 'Es wäre schön, wenn die Filter einmal passen würden.' });
      const at = `/comments/${(await last())?.id}`;
      await anna.get(at);
      await manager.get(at);
      const answers = await Promise.all([anna, manager].map((who) => who.post(`${at}/release`, { kind: 'problem' })));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
      const theCase = await app.app.recovery.cases.get((await last())?.case_id ?? '');
      expect(theCase).toMatchObject({ kind: 'complaint', words: expect.stringContaining('Filter') });
    });
  });

  test('the list opens on what needs work, with counts by kind; what is settled leaves it', async () => {
    await tell({ kind: 'problem', words: 'Die Tür klemmt seit Wochen.' });
    const theCase = (await last())?.case_id ?? '';
    const counted = async () => {
      const { text } = await anna.get('/comments');
      const [, needs = ''] = /Needs work (\d+)<\/a>/.exec(text) ?? [];
      const [, problems = ''] = /(\d+) problems?/.exec(text) ?? [];
      return { needs: Number(needs), problems: Number(problems), is: text.includes('Die Tür klemmt seit Wochen.') };
    };
    const before = await counted();
    expect(before.is).toBe(true);
    expect((await anna.get('/comments')).text).toMatch(/view=open"\s+aria-current="page"/);
    const closing = { rootCause: 'other', action: 'Geölt', outcome: 'put_right', noQuestion: 'x' };
    await on.storage().transaction((tx) => app.app.recovery.cases.close(tx, COMMAND, theCase, closing));
    expect(await counted()).toEqual({ needs: before.needs - 1, problems: before.problems - 1, is: false });
    expect((await anna.get('/comments?view=case')).text).toContain('Die Tür klemmt seit Wochen.');
  });

  describe('what looks like a program’s doing', () => {
    const links = Array.from({ length: 3000 }, (_, i) => `https://example.com/${i}`).join(' ');
    const ways: [string, Record<string, string>, number][] = [
      ['trap', { website: 'https://example.com' }, 60],
      ['fast', { words: 'Kaffee war kalt, schnell getippt' }, 1],
      ['links', { words: 'Siehe https://example.com/a und https://example.com/b und www.example.com' }, 60],
    ];
    test.each(ways)(
      'waits for a colleague, and whoever sent it sees no difference: %s',
      async (why, fields, seconds) => {
        const somebody = stranger();
        const stamp = stampIn((await somebody.get('/tell-us?lang=de')).text);
        app.clock.advance({ seconds });
        const cases = await caseCount();
        const answer = await somebody.send({ kind: 'problem', words: `Etwas war anders (${why}).`, stamp, ...fields });
        expect((await somebody.get(answer.headers.location ?? '')).text).toContain(
          'Danke, dass Sie es uns gesagt haben',
        );
        const comment = await last();
        expect([comment?.state, comment?.why_held]).toEqual(['held', JSON.stringify([why])]);
        expect(await caseCount()).toBe(cases);
        expect((await anna.get('/comments?view=held')).text).toContain(`/comments/${comment?.id}`);
        await anna.get(`/comments/${comment?.id}`);
        expect((await anna.post(`/comments/${comment?.id}/release`, { kind: 'problem' })).status).toBe(303);
        expect(await caseCount()).toBe(cases + 1);
      },
    );

    test('the same words a third time within a day wait; set aside, they can be brought back', async () => {
      for (const shout of ['Alles zu teuer hier', 'ALLES zu teuer, hier!', 'alles  zu teuer hier.'])
        await tell({ words: shout });
      const comment = await last();
      expect([comment?.state, comment?.why_held]).toEqual(['held', '["repeated"]']);
      await anna.get(`/comments/${comment?.id}`);
      expect((await anna.post(`/comments/${comment?.id}/aside`)).status).toBe(303);
      expect((await anna.get('/comments?view=spam')).text).toContain(`/comments/${comment?.id}`);
      expect((await anna.post(`/comments/${comment?.id}/release`, { kind: 'idea' })).status).toBe(303);
      expect((await last())?.state).toBe('list');
    });

    test('a form that is not ours, or is old, is asked for once more with everything kept', async () => {
      const before = await everything();
      const stamps = ['', 'x', 'abc.0123456789abcdef.0123456789abcdef0123456789abcdef0123456789a'];
      const { somebody, stamp } = await tell({ kind: '', words: 'alt' });
      app.clock.advance({ days: 3 });
      await arrive();
      for (const forged of [...stamps, stamp, stamp.replace(/^\w/, (letter) => (letter === 'm' ? 'n' : 'm'))]) {
        const answer = await somebody.send({ kind: 'problem', words: 'Bleibt hier stehen', stamp: forged });
        expect([forged, answer.status]).toEqual([forged, 422]);
        expect(answer.text).toContain('Bleibt hier stehen');
        expect(answer.text).toContain('drücken Sie noch einmal');
      }
      expect(await everything()).toEqual(before);
    });

    test('too much, too often, or from another site is said in their language, with the telephone number', async () => {
      const before = await everything();
      const large = await tell({ words: 'x'.repeat(10 * 1024 * 1024) });
      expect(large.answer.status).toBe(400);
      expect(large.answer.text).toContain('mehr, als wir auf einmal annehmen können');
      expect((await tell({ words: links })).answer.status).toBe(422);
      const foreign = app.visitor().agent.post('/tell-us?lang=de').set('Origin', 'https://example.org');
      const refused = (await foreign.field('words', 'x')) as unknown as Answer;
      expect([refused.status, refused.text.includes('+49 431 555 0100')]).toEqual([403, true]);
      const eager = stranger();
      for (let i = 0; i < 20; i++) await eager.send({ words: '' });
      const slowed = await eager.send({ words: '' });
      expect([slowed.status, slowed.text.includes('Eine kurze Pause')]).toEqual([429, true]);
      expect(slowed.text).toContain('+49 431 555 0100');
      expect(await everything()).toEqual(before);
    });

    test('hostile text is text', async () => {
      const words = 'A\u0000B <script>alert(1)</script> \u202egnp.exe \ud83d\udc69\u200d\ud83d\udc67';
      const { somebody, answer } = await tell({ kind: 'praise', words, name: '"><b>\u0000\u202e', __proto__: 'x' });
      const comment = await last();
      expect(comment?.words).toBe('AB <script>alert(1)</script> gnp.exe \ud83d\udc69\u200d\ud83d\udc67');
      for (const page of [
        await somebody.get(answer.headers.location ?? ''),
        await anna.get(`/comments/${comment?.id}`),
      ]) {
        expect(page.status).toBe(200);
        expect(page.text).not.toContain('<script>alert');
      }
    });
  });

  describe('looking', () => {
    test('changes nothing, sets no cookie, runs no script, and speaks every language', async () => {
      const before = await everything();
      const somebody = stranger();
      for (const language of languageCodes) {
        const page = await somebody.get(`/tell-us?lang=${language}`);
        expect([language, page.status]).toEqual([language, 200]);
        expect(page.text).toContain(`<html lang="${language}"`);
        for (const other of languageCodes) expect(page.text).toContain(`href="/tell-us?lang=${other}"`);
        expect(page.text).not.toMatch(/>\s*comments\.|<script|set-cookie/i);
        expect(page.headers['set-cookie']).toBeUndefined();
      }
      const { location = '' } = (await tell()).answer.headers;
      const after = await everything();
      const seen = await crawl([`${app.baseUrl}/tell-us`, `${app.baseUrl}${location}`], app.baseUrl);
      expect(seen.filter(({ status }) => status >= 500)).toEqual([]);
      expect(await everything()).toEqual(after);
      expect(after).not.toEqual(before);
    });

    test('at somebody’s thanks takes their link: a reference or a token of another kind opens nothing', async () => {
      await tell();
      const { id = '', reference } = (await last()) ?? {};
      const foreign = [reference, id, app.app.signer.sign('case', id), app.app.signer.sign('q', id)];
      for (const token of foreign) {
        const answer = await stranger().get(`/tell-us/thanks/${token}`);
        expect([answer.status, answer.text.includes(WORDS)]).toEqual([404, false]);
      }
    });
  });

  describe('what is promised', () => {
    test.each([
      [{ email: 'erika@example.com' }, 'schreibt Ihnen bis'],
      [{ telephone: '0431 555 0177' }, 'ruft Sie bis'],
      [{ email: 'erika@example.com', wish: 'no' }, 'geht der Sache bis'],
      [{}, 'geht der Sache bis'],
      [{ kind: 'praise', email: 'erika@example.com', wish: 'mail' }, 'schreibt Ihnen bis'],
    ])('%j is promised what can be kept: %s', async (fields, promise) => {
      const { somebody, answer } = await tell({ words: 'Der Kaffee kam kalt an.', ...fields });
      const thanks = (await somebody.get(answer.headers.location ?? '')).text;
      expect(thanks).toContain(`Hollerbach Kaffee ${promise}`);
      expect(thanks).toContain('Brauchen Sie früher jemanden?');
    });

    test('who only says something nice waits for nothing, and is asked nothing', async () => {
      const { somebody, answer } = await tell({ kind: 'praise', words: 'Köstlich!', email: 'erika@example.com' });
      const thanks = (await somebody.get(answer.headers.location ?? '')).text;
      expect(thanks).toContain('+49 431 555 0100');
      expect(thanks).not.toContain('Brauchen Sie früher jemanden?');
    });
  });

  describe('settings', () => {
    const save = async (fields: Record<string, string>) => {
      await manager.get('/settings/comments');
      const { revision } = await app.app.recovery.comments.settings();
      return await manager.post('/settings/comments', { answerHours: '8', revision: String(revision), ...fields });
    };

    test('a promise is shown where its words are approved; a claim is a case, decided once', async () => {
      expect((await stranger().get('/tell-us?lang=de')).text).not.toContain('Unser Versprechen');
      const promise = { guarantee_on: '1', guarantee_de: 'Geld zurück, immer.', guarantee_ok_de: '1' };
      const gift = { gift_on: '1', gift_ok_de: '1', ownerId: anna.accountId };
      expect((await save({ on: '1', ...promise, ...gift })).status).toBe(303);
      const page = (await stranger().get('/tell-us?lang=de')).text;
      expect(page).toContain('Geld zurück, immer.');
      expect(page).toContain('ein kleines Dankeschön von uns');
      expect((await stranger().get('/tell-us?lang=nl')).text).not.toContain('Onze belofte');
      expect((await tell({ kind: 'guarantee' }, { lang: 'nl' })).answer.status).toBe(422);
      const { answer, somebody } = await tell({ kind: 'guarantee', words: 'Die Mühle mahlt nicht, bitte zurück.' });
      expect((await somebody.get(answer.headers.location ?? '')).text).toContain('Anna Berg geht der Sache bis');
      const comment = await last();
      const theCase = await app.app.recovery.cases.get(comment?.case_id ?? '');
      expect(theCase).toMatchObject({ kind: 'return', origin: 'guarantee', ownerId: anna.accountId });
      const at = `/comments/${comment?.id}`;
      await manager.get(at);
      expect((await anna.get(at)).text).toContain('The claim');
      expect((await anna.get(at)).text).toContain('nothing from the catalogue has been chosen for it');
      expect((await anna.post(`${at}/claim`, { state: '' })).text).toContain('aria-describedby="state-error"');
      expect((await anna.post(`${at}/claim`, { state: 'declined', words: ' ' })).text).toContain(
        'Please write why not',
      );
      const decisions = await Promise.all([
        anna.post(`${at}/claim`, { state: 'granted', kind: 'refund', words: 'Geld zurück', amount: '129,90' }),
        manager.post(`${at}/claim`, { state: 'declined', words: 'Zu spät' }),
      ]);
      expect(decisions.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await anna.get(at)).text).toMatch(
        /Granted: Money back, €129\.90[^]*Decided by Anna Berg|Declined<[^]*Decided by Miriam Adler/,
      );
    });

    test('a claim that is granted makes good its case, within the colleague’s limit', async () => {
      const remediesOf = (caseId: string) =>
        on.storage().read.selectFrom('case_remedy').selectAll().where('case_id', '=', caseId).execute();
      for (const [kind, amount, state, minor] of [
        ['refund', '10,00', 'approved', 1000],
        ['refund', '9000,00', 'proposed', 900_000],
        ['replacement', '12,00', 'approved', 1200],
        ['repair', '', 'approved', 0],
      ] as const) {
        await tell({ kind: 'guarantee', words: `Bitte zurück, ${kind} ${amount}.` });
        const comment = await last();
        const at = `/comments/${comment?.id}`;
        await anna.get(at);
        const words = 'Geld zurück, heute noch';
        const caseLink = async () =>
          (await anna.get(`/cases/${comment?.case_id}`)).text.includes('Decide the guarantee');
        expect(await caseLink()).toBe(true);
        const unnamed = await anna.post(`${at}/claim`, { state: 'granted', words, amount });
        expect([unnamed.status, unnamed.text.includes('Choose what kind.')]).toEqual([422, true]);
        expect(unnamed.text).toContain(`>${words}</textarea>`);
        expect((await anna.post(`${at}/claim`, { state: 'granted', kind, words, amount })).status).toBe(303);
        const name = { refund: 'Money back', replacement: 'Replacement', repair: 'Repair' }[kind];
        const cost = { '': '', '10,00': ', €10.00', '12,00': ', €12.00', '9000,00': ', €9,000.00' }[amount];
        const said = state === 'approved' ? 'They do not know of it yet' : 'waits for a manager';
        const { text } = await anna.get(at);
        expect(text).toContain(said);
        expect(text).toContain(`<b>Granted: ${name}${cost}</b>`);
        expect(text).toMatch(/Decided by Anna Berg, \d+ Nov/);
        expect(text).toContain(state === 'approved' ? 'Not given yet' : 'waits for a decision');
        expect(await caseLink()).toBe(false);
        const [remedy, another] = await remediesOf(comment?.case_id ?? '');
        expect(remedy).toMatchObject({ kind, state, what: words, proposed_by: anna.accountId });
        expect([Number(remedy?.amount_minor), another]).toEqual([minor, undefined]);
        const shown = (await anna.get(`/cases/${comment?.case_id}`)).text;
        expect(shown).toContain(`<b>${{ refund: 'Money back', replacement: 'Replacement', repair: 'Repair' }[kind]}`);
      }
    });

    test('saved by two people at once: one is told; closed, the page says how to reach the business', async () => {
      const { revision } = await app.app.recovery.comments.settings();
      expect((await save({ on: '1' })).status).toBe(303);
      expect((await save({ on: '1', revision: String(revision) })).status).toBe(409);
      expect((await save({ on: '1', answerHours: 'x' })).status).toBe(422);
      expect((await save({ on: '' })).status).toBe(303);
      const before = await everything();
      const closed = await stranger().get('/tell-us?lang=de');
      expect([closed.status, closed.text.includes('+49 431 555 0100')]).toEqual([404, true]);
      expect((await stranger().send({ kind: 'praise', words: 'x' })).status).toBe(404);
      expect(await everything()).toEqual(before);
      expect((await save({ on: '1' })).status).toBe(303);
    });

    test('are for managers; comments for everyone signed in; strange ids lead nowhere', async () => {
      expect((await anna.get('/settings/comments')).status).toBe(403);
      expect((await anna.post('/settings/comments', { on: '' })).status).toBe(403);
      expect((await anna.get('/comments/poster?lang=nb')).text).toContain('Hvordan var det hos oss?');
      const visitor = app.visitor();
      for (const path of ['/comments', '/settings/comments', '/comments/poster', `/comments/${(await last())?.id}`])
        expect([path, (await visitor.get(path)).status]).toEqual([path, 303]);
      for (const id of ['x', '0198c0de-0000-7000-8000-000000000000', "'--"]) {
        expect((await anna.get(`/comments/${id}`)).status).toBe(404);
        expect((await anna.post(`/comments/${id}/release`, { kind: 'idea' })).status).toBe(404);
        expect((await anna.post(`/comments/${id}/claim`, { state: 'granted', words: 'x' })).status).toBe(404);
      }
      const reference = (await last())?.reference ?? '';
      const found = await anna.get(`/comments?reference=${reference.toLowerCase()}`);
      expect(found.headers.location).toBe(`/comments/${(await last())?.id}`);
    });
  });

  test('lists are paged', async () => {
    const rows = await all();
    const from = rows[0];
    if (!from) throw new Error('nothing there');
    const many = Array.from({ length: 70 }, (_, i) => {
      const id = `0198c0de-0000-7000-8000-${String(i).padStart(12, '0')}`;
      const unique = { id, reference: `X-${i}`, form_key: `f${i}`, case_id: null };
      return { ...from, ...unique, state: 'list' as const, kind: 'praise' as const, words: `Lob ${i}.` };
    });
    await on.storage().transaction(async (tx) => void (await tx.insertInto('public_comment').values(many).execute()));
    const seen = new Set<string>();
    for (let path = '/comments?view=praise'; path !== '';) {
      const { text } = await anna.get(path);
      for (const [, id = ''] of text.matchAll(/href="\/comments\/([0-9a-f-]{36})"/g)) seen.add(id);
      path = (
        /href="(\/comments\?view=praise&amp;before=[^"]+|\/comments\?view=praise&#38;before=[^"]+)"/.exec(text)?.[1] ??
        ''
      ).replace(/&(?:amp|#38);/g, '&');
    }
    for (const { id } of many) expect(seen.has(id)).toBe(true);
  });
});
