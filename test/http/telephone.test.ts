import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { onPaper, sentWave } from '../support/post.ts';
import { respondent } from '../support/respondent.ts';
import { leavers, reference } from '../support/waves.ts';

const WORDS = 'Drei Lieferungen kamen zu spät, und am Telefon wusste niemand Bescheid, das ging so nicht.';
type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let people = 100;
  let waveId: string;
  let ids: string[];
  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    ben = await app.signIn('staff', 'Ben');
  });
  afterAll(() => app.close());

  const list = async (who: Person = anna, rest = '') => (await who.get(`/waves/${waveId}/calls${rest}`)).text;
  const fill = async () => {
    await list();
    await anna.post(`/waves/${waveId}/calls`);
    return await list();
  };
  /** The invitation of the nth customer of this test. */
  const invitationOf = async (n: number) => {
    const customer = await app.app.customers.findByReference(ids[n] ?? '');
    const query = on.storage().read.selectFrom('invitation').select('id').where('wave_id', '=', waveId);
    return (await query.where('customer_id', '=', customer?.id ?? '').executeTakeFirstOrThrow()).id;
  };
  const claim = async (who: Person, id: string) => {
    await list(who);
    return await who.post(`/calls/${id}/claim`);
  };
  const finish = async (who: Person, id: string, fields: Record<string, string | string[]>) => {
    const at = `/calls/${id}`;
    return await who.post(at, { ...fieldsOf(await who.get(at), at), ...fields });
  };
  const customerOf = async (n: number) => await app.app.customers.findByReference(ids[n] ?? '');

  const onProfile = async (n: number) => {
    const { text } = await anna.get(`/customers/${(await customerOf(n))?.id}`);
    const section = /<h2 id="contacts">([\s\S]*?)<\/section>/.exec(text)?.[1] ?? '';
    return section.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  };

  /** Three who can be called, of rising worth: the first by e-mail, the second without an address, the third far away. */
  beforeEach(async () => {
    const from = people;
    people += 5;
    ids = [0, 1, 2, 3, 4].map((i) => reference(from + i));
    const number = (i: number) => ({ telephone: `0431 555 ${from + i}`, yearlyValueMinor: (i + 1) * 10_000 });
    waveId = await sentWave(
      app,
      [
        ...leavers(1, () => ({ ...number(0), language: 'de', title: 'Frau' }), from),
        ...onPaper(1, from + 1, { ...number(1), street: '' }),
        ...leavers(1, () => ({ ...number(2), timeZone: 'America/New_York' }), from + 2),
        ...leavers(1, () => ({}), from + 3),
        ...onPaper(1, from + 4, { ...number(4), legalBasis: '', legalBasisSource: '', legalBasisOn: null }),
      ],
      `Calls ${from}`,
    );
  });

  describe('the call list', () => {
    test('has whoever may be called and has not answered, the most valuable first, whom it is day for', async () => {
      const text = await fill();
      expect(text).toContain('3 people have been added.');
      expect(text).toContain('No telephone number: 1.');
      expect(text).toContain('No legal basis on record: 1.');
      const [first, second] = [await customerOf(0), await customerOf(1)];
      const place = (id?: string) => text.indexOf(`/customers/${id}`);
      expect(place(second?.id)).toBeGreaterThan(0);
      expect(place(first?.id)).toBeGreaterThan(place(second?.id));
      expect(place((await customerOf(2))?.id)).toBe(-1);
      expect(text).toContain('Existing customer');
      const later = await list(anna, '?view=later');
      expect(later).toContain(`/customers/${(await customerOf(2))?.id}`);
      expect(later).toContain('from 10 November 2026 at 15:00');
      expect(await fill()).toContain('0 people have been added.');
    });

    test('is paged, and loses nobody between two pages', async () => {
      const rows = leavers(
        120,
        (i) => ({ telephone: `0431 6 ${i}`, yearlyValueMinor: (i % 7) * 1000 }),
        10_000 + people * 200,
      );
      waveId = await sentWave(app, rows, `Many ${people}`);
      let text = await fill();
      const seen: string[] = [];
      for (let pages = 0; pages < 10; pages++) {
        seen.push(...[...text.matchAll(/action="\/calls\/([0-9a-f-]+)\/claim"/g)].map(([, id = '']) => id));
        const next = /href="(\/waves\/[^"]+after=[^"]+)"/.exec(text)?.[1];
        if (!next) break;
        text = (await anna.get(next.replaceAll('&amp;', '&'))).text;
      }
      expect(seen).toHaveLength(120);
      expect(new Set(seen).size).toBe(120);
    });

    test('loses whoever answers or unsubscribes meanwhile', async () => {
      await fill();
      const karla = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, await invitationOf(0));
      await karla.answer('happened', { answer: WORDS });
      await karla.send();
      await app.app.customers.unsubscribeByHand(COMMAND, (await customerOf(1))?.id ?? '', 'telephone');
      const text = await list();
      expect(text).not.toContain('/claim');
      expect((await claim(anna, await invitationOf(0))).status).toBe(409);
      expect((await claim(anna, await invitationOf(1))).status).toBe(409);
    });
  });

  describe('a call', () => {
    test('is one colleague’s at a time, until they have not been heard of for half an hour', async () => {
      await fill();
      const id = await invitationOf(0);
      expect((await claim(anna, id)).headers.location).toBe(`/calls/${id}`);
      expect((await claim(ben, id)).headers.location).toBe(`/waves/${waveId}/calls`);
      const text = await list(ben);
      expect(text).toContain('Anna was quicker');
      expect(text.match(/Anna has been calling since 09:05/g)).toHaveLength(1);
      expect(text).not.toContain(`/calls/${id}/claim`);
      expect((await ben.get(`/calls/${id}`)).status).toBe(303);
      app.clock.advance({ minutes: 31 });
      expect((await claim(ben, id)).headers.location).toBe(`/calls/${id}`);
      const lost = await anna.post(`/calls/${id}/notes`, { 'happened-answer': 'x' });
      expect(lost.status).toBe(409);
      const typed = await anna.post(`/calls/${id}`, { 'happened-answer': WORDS, outcome: 'answered' });
      expect(typed.status).toBe(409);
      expect(typed.text).toContain('or it is done. Nothing has been stored; what you typed still stands here');
      expect(typed.text).toContain(WORDS);
      expect(
        await on.storage().read.selectFrom('response').select('id').where('invitation_id', '=', id).execute(),
      ).toEqual([]);
      expect((await ben.get(`/calls/${id}`)).text).not.toContain(WORDS);
      await ben.post(`/calls/${id}/release`);
      app.clock.advance({ minutes: -31 });
    });

    test('is claimed by exactly one of many who press at the same moment', async () => {
      await fill();
      const id = await invitationOf(0);
      const all = [anna, ben, anna, ben].map(({ accountId }) => app.app.telephone.claim(accountId, id));
      const done = await Promise.all(all);
      const winner = (await app.app.telephone.sheet(id)).call.claimed_by;
      done.forEach(({ mine }, i) => expect(mine).toBe(winner === [anna, ben, anna, ben][i]?.accountId));
    });

    test('has a script in their language, and keeps notes as they were typed', async () => {
      await fill();
      const id = await invitationOf(1);
      await claim(anna, id);
      const page = await anna.get(`/calls/${id}`);
      expect(page.text).toContain('Guten Tag Frau Example');
      expect(page.text).toContain('Hier ist Anna von');
      expect(page.text).toContain('Was genau ist passiert?');
      expect(page.text).toContain('Was ist passiert, bevor Sie sich entschieden haben');
      const typed = {
        'happened-answer': '  halb\nfertig <b>',
        note: 'Hund bellt',
        'reasons-reason': ['price', 'quality'],
      };
      expect((await anna.post(`/calls/${id}/notes`, typed)).status).toBe(303);
      const again = fieldsOf(await anna.get(`/calls/${id}`), `/calls/${id}`);
      expect([again['reasons-reason']].flat().toSorted()).toEqual(['price', 'quality']);
      expect(String(again.note).trim()).toBe('Hund bellt');
      expect(String(again['happened-answer']).trim()).toBe('halb\nfertig <b>');
      const { responses } = app.app;
      expect(await responses.find(on.storage().read, id)).toBeUndefined();
    });

    test('that was answered becomes one complete response by telephone, and the wave’s account says that they were reached', async () => {
      await fill();
      const id = await invitationOf(1);
      await claim(anna, id);
      const fields = { outcome: 'answered', 'happened-answer': WORDS, 'reasons-reason': 'price', contact: 'no' };
      expect((await finish(anna, id, fields)).headers.location).toBe(`/waves/${waveId}/calls`);
      const response = (await app.app.responses.find(on.storage().read, id))?.response;
      expect(response).toMatchObject({ mode: 'telephone', state: 'complete', language: 'de', contactWish: 'no' });
      const story = await app.app.responses.get(response?.id ?? '');
      expect(story.entry).toMatchObject({ by: anna.accountId });
      expect((await app.app.invitations.waveStatus(waveId)).accounts).toMatchObject({
        sent: 4,
        skipped: 1,
        completed: 1,
      });
      const { draft, state } =
        (await on
          .storage()
          .read.selectFrom('phone_call')
          .selectAll()
          .where('invitation_id', '=', id)
          .executeTakeFirst()) ?? {};
      expect({ draft, state }).toEqual({ draft: '{}', state: 'done' });
      expect((await anna.get(`/customers/${response?.customerId}`)).text).toContain('Answered by telephone');
    });

    test('answered beside answers that came by another way meanwhile keeps both', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      const karla = respondent({ signer: app.app.signer, baseUrl: app.baseUrl }, id);
      expect((await anna.get(`/calls/${id}`)).text).not.toContain('There are answers from them already');
      await karla.answer('happened', { answer: `Online: ${WORDS}` });
      await karla.send();
      // Whoever is about to dial need not ask for what has just been said.
      expect((await anna.get(`/calls/${id}`)).text).toContain('There are answers from them already (by e-mail link).');
      await finish(anna, id, { outcome: 'answered', 'happened-answer': WORDS });
      const response = (await app.app.responses.find(on.storage().read, id))?.response;
      expect(response?.mode).toBe('email');
      expect((await app.app.responses.get(response?.id ?? '')).copies).toMatchObject([
        { mode: 'telephone', state: 'waiting' },
      ]);
    });

    test('to be made again comes up when it was promised, with what was typed', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      const wrong = await finish(anna, id, { outcome: 'call_back', 'back-day': '2026-11-09', 'back-time': '10:00' });
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain('still to come');
      await finish(anna, id, {
        outcome: 'call_back',
        'back-day': '2026-11-10',
        'back-time': '11:00',
        note: 'Ist beim Arzt',
      });
      expect(await list()).not.toContain(`/calls/${id}/claim`);
      expect(await list(anna, '?view=later')).toContain('promised for 10 November 2026 at 11:00');
      app.clock.advance({ hours: 2 });
      expect(await list(ben)).toContain('Promised calls that are due');
      await claim(ben, id);
      expect((await ben.get(`/calls/${id}`)).text).toContain('Ist beim Arzt');
      app.clock.advance({ hours: -2 });
    });

    test('that reached nobody comes up again after some hours', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      await finish(anna, id, { outcome: 'not_reached' });
      expect(await list()).not.toContain(`/calls/${id}/claim`);
      app.clock.advance({ hours: 4 });
      const text = await list();
      expect(text).toContain(`/calls/${id}/claim`);
      expect(text).toContain('tried once');
      app.clock.advance({ hours: -4 });
    });

    test('to a wrong number flags the number, until somebody changes it', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      await finish(anna, id, { outcome: 'wrong_number' });
      const customer = await customerOf(0);
      expect((await anna.get(`/customers/${customer?.id}`)).text).toContain('the number is wrong');
      expect(await onProfile(0)).toMatch(/By telephone The number is wrong .* by Anna/);
      const kept = JSON.stringify(await on.storage().read.selectFrom('telephone_flag').selectAll().execute());
      expect(kept.replaceAll(' ', '')).not.toContain(customer?.telephone.replaceAll(' ', '').slice(1));
      await on
        .storage()
        .transaction(async (tx) => void (await tx.deleteFrom('phone_call').where('wave_id', '=', waveId).execute()));
      expect(await fill()).toContain('The number is wrong: 1.');
      await app.app.customers.update(COMMAND, customer?.id ?? '', customer?.revision ?? 0, { telephone: '0431 777 1' });
      expect(await fill()).toContain('1 person has been added.');
      expect(await onProfile(0)).not.toContain('By telephone');
    });

    test('that was refused asks what to leave alone, and keeps to it', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      expect((await finish(anna, id, { outcome: 'refused' })).headers.location).toBe(`/calls/${id}/refusal`);
      expect((await app.app.invitations.find(on.storage().read, id))?.progress).toBe('opted_out');
      expect((await anna.get(`/calls/${id}/refusal`)).text).toContain('Nothing at all any more');
      await anna.post(`/calls/${id}/refusal`, { choice: 'calls' });
      expect(await onProfile(0)).toMatch(/By telephone Does not want to be called .* by Anna/);
      await anna.post(`/calls/${id}/refusal`, { choice: 'everything' });
      expect(await customerOf(0)).toMatchObject({ unsubscribedHow: 'telephone' });
    });

    test('needs an outcome, and answers where it says that there are any; what was typed stays', async () => {
      await fill();
      const id = await invitationOf(0);
      await claim(anna, id);
      const without = await finish(anna, id, { 'happened-answer': WORDS });
      expect(without.status).toBe(422);
      expect(without.text).toContain(WORDS);
      expect(without.text).toContain('Please say how the call ended');
      expect((await finish(anna, id, { outcome: 'answered' })).text).toContain('Nothing has been written down yet');
    });
  });

  test('calls are for those who are signed in', async () => {
    expect((await app.visitor().get(`/waves/${waveId}/calls`)).status).not.toBe(200);
    expect((await anna.get('/calls/01987654-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
