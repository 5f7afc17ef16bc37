import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Tx } from '../../src/storage/index.ts';
import { everything, invite, startAsking, type Asking } from '../support/asked.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent } from '../support/respondent.ts';

const LONG = 'Der Techniker war dreimal angekündigt und ist nie gekommen, und am Telefon wusste niemand etwas davon.';

onBothEngines((on) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(on.storage());
  });
  afterAll(() => asking.close());

  const someone = async (language = 'de') =>
    respondent(asking, await invite(on.storage(), asking.clock, asking.ground, { language }));
  const kept = async (invitationId: string) => await asking.responses.find(on.storage().read, invitationId);

  describe('the first page', () => {
    test('asks the first question, says who asks, who reads, what for and for how long', async () => {
      const page = await (await someone()).get();
      expect(page.status).toBe(200);
      expect(page.title).toBe('Frage 1 von 4 – Hollerbach Kaffee');
      expect(page.h1).toBe('Was ist passiert, bevor Sie sich entschieden haben, nicht mehr bei uns zu kaufen?');
      expect(page.text).toContain('Miriam Adler<br>');
      expect(page.text).toContain('Kundenbetreuung, Hollerbach Kaffee');
      expect(page.text).toContain('Miriam Adler und das Team, insgesamt 2 Personen. Sonst niemand.');
      expect(page.text).toContain('Nach 24 Monaten löschen wir, was Sie geschrieben haben');
      expect(page.text).toContain('Speicherstraße 14, 24103 Kiel.');
      expect(page.headers.get('set-cookie')).toBeNull();
    });

    test('leads to the privacy notice in its language', async () => {
      const page = await (await someone('nb')).get();
      expect(page.text.match(/href="\/privacy\?lang=nb"/g)).toHaveLength(2);
    });

    test('weighs at most 14 kB packed, style and script included', async () => {
      const page = await (await someone()).get();
      const links = [...page.text.matchAll(/(?:href|src)="(\/(?:css|js)[^"]+)"/g)].map((match) => match[1] ?? '');
      const files = await Promise.all(links.map((link) => readFile(`public${link.split('?')[0]}`)));
      const bytes = [Buffer.from(page.text), ...files].map((each) => gzipSync(each).length);
      expect(links).toHaveLength(2);
      expect(bytes.reduce((sum, each) => sum + each)).toBeLessThan(14_000);
    });
  });

  describe('a walk through all pages', () => {
    test('saves at each step, asks again after a short answer, checks, sends, thanks', async () => {
      const karla = await someone();
      const probe = await karla.answer('happened', { answer: 'Der Techniker kam nicht.' });
      expect(probe.path).toBe(`${karla.home}/happened.probe`);
      expect(probe.text).toContain('<blockquote class="voice" lang="de">Der Techniker kam nicht.</blockquote>');
      expect(probe.text).toContain('Ihre bisherigen Antworten sind gespeichert.');
      const list = await karla.answer('happened.probe', { answer: 'Dreimal.' });
      expect(list.path).toBe(`${karla.home}/reasons`);
      expect(list.text).not.toContain('Wer das liest');
      const most = await karla.answer('reasons', { reason: ['price', 'promises'], other: 'Neue Pächterin' });
      expect(most.path).toBe(`${karla.home}/reasons.most`);
      expect(most.text).toContain('Neue Pächterin');
      await karla.answer('reasons.most', { most: 'promises' });
      await karla.skip('now');
      const check = await karla.answer('keep', { answer: LONG });
      expect(check.path).toBe(`${karla.home}/check-answers`);
      expect(check.text).toContain('Der Techniker kam nicht.');
      expect(check.text).toContain('Zusagen wurden nicht eingehalten');
      expect(check.text).toContain('Nicht beantwortet');
      const thanks = await karla.send();
      expect(thanks.path).toBe(`${karla.home}/thank-you`);
      expect(thanks.text).toMatch(/<b>HK-[34679A-Z]{3}-[34679A-Z]{3}<\/b>/);
      expect(thanks.text).toContain('Dienstag, 10. November 2026 um 09:05');
      expect(thanks.text).toContain('bis Freitag, 13. November');
      expect(thanks.text).toContain('mailto:miriam.adler@example.com');

      const found = await kept(karla.invitationId);
      expect(found?.response).toMatchObject({ state: 'complete', mode: 'email', language: 'de' });
      expect(found?.answers.get('reasons')?.value).toEqual({
        kind: 'reasons',
        ticked: ['price', 'promises', 'other'],
        other: 'Neue Pächterin',
      });
      expect(found?.answers.get('reasons.most')?.value).toEqual({ kind: 'most', code: 'promises' });
      expect(found?.answers.get('now')?.value).toEqual({ kind: 'skipped' });
      expect(found?.answers.get('keep')).toMatchObject({ language: 'de', versionId: asking.ground.versionId });
      expect(asking.events).toContainEqual(
        expect.objectContaining({ customerId: found?.response.customerId, kind: 'responses.submitted' }),
      );
    });

    test('goes on at the first open question on another device, and back without losing anything', async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: LONG });
      const phone = respondent(asking, karla.invitationId);
      expect((await phone.get()).h1).toBe('Was hat bei Ihrer Entscheidung mitgespielt?');
      const back = await phone.get('/happened');
      expect(back.text).toContain(LONG);
      expect(back.text).not.toContain('name="skip"');
    });

    test('keeps the order of the reasons for one person, with "other" and "prefer not to say" last', async () => {
      const orders = new Set<string>();
      for (let i = 0; i < 6; i++) {
        const person = await someone();
        await person.answer('happened', { answer: LONG });
        const order = async () =>
          [...(await person.get('/reasons')).text.matchAll(/name="reason" value="(\w+)"/g)].map((m) => m[1]);
        const first = await order();
        expect(await order()).toEqual(first);
        expect(first.slice(-2)).toEqual(['other', 'prefer_not_to_say']);
        orders.add(first.join());
      }
      expect(orders.size).toBeGreaterThan(1);
    });
  });

  describe('the language', () => {
    test('is carried in the address until an answer keeps it', async () => {
      const karla = await someone('de');
      const dutch = await karla.get('?lang=nl');
      expect(dutch.text).toContain('<html lang="nl"');
      expect(dutch.text).toContain(`action="${karla.home}/happened?lang=nl"`);
      expect((await karla.get()).text).toContain('<html lang="de"');
      const next = await karla.answer('happened', { answer: LONG }, '?lang=nl');
      expect(next.path).toBe(`${karla.home}/reasons`);
      expect(next.text).toContain('<html lang="nl"');
      expect((await kept(karla.invitationId))?.answers.get('happened')?.language).toBe('nl');
      const german = await karla.get('/happened?lang=de');
      expect(german.text).toContain('<html lang="de"');
      expect(german.text).toContain(LONG);
    });

    test('that is not offered is not shown', async () => {
      const karla = await someone('de');
      expect((await karla.get('?lang=fr')).text).toContain('<html lang="de"');
    });
  });

  describe('doing things twice', () => {
    test('double submits, two tabs and sending twice leave one response with one set of answers', async () => {
      const karla = await someone();
      await Promise.all(Array.from({ length: 6 }, () => karla.answer('happened', { answer: LONG })));
      await karla.answer('reasons', { reason: 'price' });
      const sent = await Promise.all(Array.from({ length: 4 }, () => karla.send()));
      expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const rows = await on
        .storage()
        .read.selectFrom('response')
        .selectAll()
        .where('invitation_id', '=', karla.invitationId)
        .execute();
      expect(rows).toHaveLength(1);
      const revisions = await on
        .storage()
        .read.selectFrom('answer_revision')
        .selectAll()
        .where('response_id', '=', rows[0]?.id ?? '')
        .execute();
      expect(revisions).toEqual([]);
      expect(asking.events.filter(({ customerId }) => customerId === rows[0]?.customer_id)).toHaveLength(1);
    });

    test('an empty form from a tab that was open before takes no answer away', async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: LONG });
      await karla.answer('happened', { answer: '' });
      await karla.answer('happened', { answer: '', skip: '1' });
      expect((await kept(karla.invitationId))?.answers.get('happened')?.value).toEqual({ kind: 'open', text: LONG });
    });

    test('an answer can be emptied on the page that shows it, and what it was is kept as a revision', async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: LONG });
      const page = await karla.get('/happened');
      expect(page.text).toContain('name="was" value="1"');
      await karla.answer('happened', { answer: '', was: '1' });
      const found = await kept(karla.invitationId);
      expect(found?.answers.get('happened')?.value).toEqual({ kind: 'skipped' });
      const { revisions } = await asking.responses.get(found?.response.id ?? '');
      expect(revisions.map(({ value }) => value)).toEqual([{ kind: 'open', text: LONG }]);
    });

    test('words from a page that is no longer shown are kept', async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: 'Kurz.' });
      await karla.answer('happened', { answer: LONG, was: '1' });
      const after = await karla.answer('happened.probe', { answer: 'Aus dem anderen Fenster.' });
      expect(after.status).toBe(200);
      expect((await kept(karla.invitationId))?.answers.get('happened.probe')?.value).toEqual({
        kind: 'open',
        text: 'Aus dem anderen Fenster.',
      });
    });
  });

  describe('after sending', () => {
    const sent = async () => {
      const karla = await someone();
      await karla.answer('happened', { answer: LONG });
      await karla.answer('reasons', { reason: 'price' });
      await karla.send();
      return karla;
    };

    test('the link shows the thanks again, with the same reference', async () => {
      const karla = await sent();
      const reference = /<b>(HK-[^<]+)<\/b>/.exec((await karla.get()).text)?.[1];
      expect(reference).toBe((await kept(karla.invitationId))?.response.reference);
    });

    test('a change is a new version of the answer; the response stays complete and the hooks are told', async () => {
      const karla = await sent();
      const told: string[] = [];
      asking.responses.onSubmitted(async (_tx, { response, answers }) => {
        const value = answers.get('happened');
        if (response.invitationId === karla.invitationId && value?.kind === 'open') told.push(value.text);
      });
      const submittedAt = (await kept(karla.invitationId))?.response.submittedAt;
      asking.clock.advance({ hours: 1 });
      const check = await karla.get('/check-answers');
      expect(check.text).toContain(`href="${karla.home}/happened?changing=1"`);
      expect(check.text).not.toContain('Antworten abschicken');
      const after = await karla.answer('happened', { answer: `${LONG} Und dann noch einmal.`, was: '1' });
      expect(after.path).toBe(`${karla.home}/now`);
      expect(told).toEqual([`${LONG} Und dann noch einmal.`]);
      const story = await asking.responses.get((await kept(karla.invitationId))?.response.id ?? '');
      expect(story.response).toMatchObject({ state: 'complete', submittedAt });
      expect(story.revisions).toEqual([
        expect.objectContaining({ key: 'happened', value: { kind: 'open', text: LONG } }),
      ]);
    });

    test('whether we may get in touch is kept, and has to be one of the three', async () => {
      const karla = await sent();
      const wrong = await karla.post('/contact-wish', {});
      expect(wrong.status).toBe(422);
      expect(wrong.title).toMatch(/^Fehler: /);
      expect(wrong.text.indexOf('class="summary"')).toBeLessThan(wrong.text.indexOf('<h1'));
      const saved = await karla.post('/contact-wish', { contact: 'mail' });
      expect(saved.text).toContain('role="status"');
      expect(saved.text).toMatch(/value="mail" checked/);
      expect((await kept(karla.invitationId))?.response.contactWish).toBe('mail');
    });

    test('only what can be done is offered: a call to whom we have a number of, a mail to whom an address', async () => {
      const karla = await sent();
      const offered = async (reach: { telephone: string; email: string }) => {
        const { customerId } = (await kept(karla.invitationId))?.response ?? { customerId: '' };
        const change = (tx: Tx) => tx.updateTable('customer').set(reach).where('id', '=', customerId).execute();
        await on.storage().transaction(change);
        return Array.from((await karla.get()).text.matchAll(/name="contact" value="(\w+)"/g), ([, way]) => way);
      };
      expect(await offered({ telephone: '+49 40 1', email: 'k@example.com' })).toEqual(['phone', 'mail', 'no']);
      expect(await offered({ telephone: '', email: 'k@example.com' })).toEqual(['mail', 'no']);
      expect(await offered({ telephone: '+49 40 1', email: '' })).toEqual(['phone', 'no']);
      expect(await offered({ telephone: '', email: '' })).toEqual([]);
    });

    test('nothing can be changed any more once the link has expired', async () => {
      const karla = await sent();
      const before = asking.clock.now().toISOString();
      asking.clock.set('2027-01-01T00:00:00.000Z');
      const page = await karla.get();
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('check-answers');
      await karla.answer('happened', { answer: 'Zu spät.', was: '1' });
      asking.clock.set(before);
      expect((await kept(karla.invitationId))?.answers.get('happened')?.value).toEqual({ kind: 'open', text: LONG });
    });
  });

  test('opening any page thrice, by GET or HEAD, changes nothing', async () => {
    const fresh = await someone();
    const begun = await someone();
    await begun.answer('happened', { answer: 'Kurz.' });
    const done = await someone();
    await done.answer('happened', { answer: LONG });
    await done.send();
    const before = await everything(on.storage());
    const keys = ['happened', 'happened.probe', 'reasons', 'reasons.most', 'now', 'keep'];
    const named = ['check-answers', 'thank-you', 'contact-wish', 'nonsense'];
    const paths = [
      '',
      '?lang=nl',
      '?skip=1',
      ...[...keys, ...named].map((each) => `/${each}`),
      '/happened?changing=1&answer=x',
    ];
    for (const { home, token } of [fresh, begun, done]) {
      for (const path of [
        ...paths.map((each) => home + each),
        `/u/${token}`,
        `/u/${token}?List-Unsubscribe=One-Click`,
      ]) {
        await Promise.all(['GET', 'HEAD', 'GET', 'HEAD', 'GET', 'HEAD'].map((method) => look(path, method)));
      }
    }
    expect(await everything(on.storage())).toBe(before);
  });

  async function look(path: string, method: string): Promise<void> {
    const answer = await fetch(asking.baseUrl + path, { method, redirect: 'manual' });
    expect(answer.status).toBeLessThan(500);
    await answer.arrayBuffer();
  }
});
