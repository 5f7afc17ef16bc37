import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { codesOn, onPaper, POSTAL, sentWave } from '../support/post.ts';
import { leavers } from '../support/waves.ts';

const COMPANY = {
  name: 'Hollerbach Kaffee',
  address: 'Speicherstraße 14\n24103 Kiel',
  telephone: '0431 555 01',
  email: 'hallo@example.com',
};

onBothEngines((on) => {
  let app: TestApp;
  let staff: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage());
    staff = await app.signIn('staff', 'Anna');
    const { accounts } = app.app;
    await accounts.settings.saveCompany(COMMAND, COMPANY);
  });
  afterAll(() => app.close());

  const page = (waveId: string, rest = '') => `/waves/${waveId}/letters${rest}`;
  const prepare = async (waveId: string, whom: string) => {
    await staff.get(page(waveId));
    await staff.post(page(waveId), { whom });
    return (await staff.get(page(waveId))).text;
  };
  const accountsOf = async (waveId: string) => (await app.app.invitations.waveStatus(waveId)).accounts;

  describe('letters to those without an e-mail address', () => {
    let waveId: string;
    let printed: string;
    beforeAll(async () => {
      const people = [
        ...onPaper(3, 0),
        ...onPaper(1, 3, { street: '' }),
        ...onPaper(1, 4, { legalBasis: '', legalBasisSource: '', legalBasisOn: null }),
        ...leavers(1, () => POSTAL, 5),
      ];
      waveId = await sentWave(app, people, 'By post');
    });

    test('are prepared for those who have a postal address and a legal basis, and nothing is sent by that', async () => {
      expect(await accountsOf(waveId)).toMatchObject({ recipients: 6, sent: 1, skipped: 5 });
      const said = await prepare(waveId, 'no_address');
      expect(said).toContain('3 letters are ready to print.');
      expect(said).toContain('No complete postal address: 1.');
      expect(said).toContain('No legal basis on record: 1.');
      expect(said).toContain('Part 1: 3 letters');
      expect(await accountsOf(waveId)).toMatchObject({ sent: 1, skipped: 5 });
    });

    test('of a business without an address say that before anybody prints them', async () => {
      const { settings } = app.app.accounts;
      const lacks = 'so letters do not say who writes, or where to send the sheet back';
      expect((await staff.get(page(waveId))).text).not.toContain(lacks);
      await settings.saveCompany(COMMAND, { ...COMPANY, address: '' });
      expect((await staff.get(page(waveId))).text).toContain(lacks);
      await settings.saveCompany(COMMAND, COMPANY);
    });

    test('are not prepared twice', async () => {
      expect(await prepare(waveId, 'no_address')).toContain('There is no letter to prepare.');
      expect((await staff.get(page(waveId, '/2'))).status).toBe(404);
    });

    test('have address, date, greeting, questions, a code and its QR code, in the recipient’s language', async () => {
      const before = await app.app.invitations.waveStatus(waveId);
      printed = (await staff.get(page(waveId, '/1'))).text;
      expect(printed).toContain('<span>Frau Kim Example0</span>');
      expect(printed).toContain('<span>24103 Kiel</span>');
      expect(printed).toContain('10. November 2026');
      expect(printed).toContain('Guten Tag Frau Example0,');
      expect(printed).toContain('Was ist passiert, bevor Sie sich entschieden haben');
      expect(printed).toContain('Zusagen wurden nicht eingehalten');
      expect(printed).toContain('<svg viewBox=');
      expect(printed.match(/class="cover"/g)).toHaveLength(3);
      expect(new Set(codesOn(printed)).size).toBe(3);
      expect(await app.app.invitations.waveStatus(waveId)).toEqual(before);
      expect(codesOn((await staff.get(page(waveId, '/1'))).text)).toEqual(codesOn(printed));
    });

    test('keep no code in the database', async () => {
      const rows = await on.storage().read.selectFrom('letter').selectAll().execute();
      const kept = JSON.stringify(rows);
      for (const code of codesOn(printed)) expect(kept).not.toContain(code.replaceAll('-', ''));
    });

    test('count as sent once somebody says that they are in the post; whoever unsubscribed meanwhile is named', async () => {
      const gone = await app.app.customers.findByReference('W-0002');
      await app.app.customers.unsubscribeByHand(COMMAND, gone?.id ?? '', 'telephone');
      expect((await staff.get(page(waveId, '/1'))).text).toContain('Kim Example2: Does not want to be written to');
      await staff.get(page(waveId));
      await staff.post(page(waveId, '/1/posting'));
      const said = (await staff.get(page(waveId))).text;
      expect(said).toContain('2 letters count as sent.');
      expect(said).toContain(
        'Please take these letters out of the pile: Kim Example2 (Does not want to be written to).',
      );
      expect(said).toContain('2 letters in the post, Anna');
      const { accounts, skipped } = await app.app.invitations.waveStatus(waveId);
      expect(accounts).toMatchObject({ recipients: 6, sent: 3, skipped: 3 });
      expect(skipped).toMatchObject([{ reason: 'no_address', count: 3 }]);
      const again = await staff.post(page(waveId, '/1/posting'));
      expect(again.status).toBe(409);
      expect(again.text).toContain('These letters are in the post already.');
      expect(again.text).toContain('2 letters in the post, Anna');
    });

    test('stand in each recipient’s log and timeline, and count against the contact budget', async () => {
      const one = await app.app.customers.findByReference('W-0000');
      expect((await staff.get(`/customers/${one?.id}`)).text).toContain('Sent a letter: By post');
      const contacts = await on
        .storage()
        .read.selectFrom('contact')
        .selectAll()
        .where('customer_id', '=', one?.id ?? '')
        .execute();
      expect(contacts).toMatchObject([{ allowance: 'sequence', released_at: null }]);
      const later = await sentWave(app, onPaper(1, 0), 'Soon after');
      expect(await prepare(later, 'no_address')).toContain(
        'Asked something else lately: 1 (may be asked again from 8 February 2027 at 09:05).',
      );
    });
  });

  describe('letters to those who have not answered', () => {
    test('go to them all, and can be discarded before they are posted', async () => {
      const waveId = await sentWave(
        app,
        leavers(3, () => POSTAL, 20),
        'Reminding',
      );
      expect(await prepare(waveId, 'unanswered')).toContain('3 letters are ready to print.');
      const [code = ''] = codesOn((await staff.get(page(waveId, '/1'))).text);
      await staff.get(page(waveId));
      await staff.post(page(waveId, '/1/removal'));
      expect((await staff.get(page(waveId, '/1'))).status).toBe(404);
      const visitor = app.visitor();
      expect((await visitor.post('/p?lang=en', { code })).text).toContain('We do not know this code');
      expect(await prepare(waveId, 'unanswered')).toContain('3 letters are ready to print.');
    });

    test('are not prepared while the wave is paused', async () => {
      const waveId = await sentWave(
        app,
        leavers(1, () => POSTAL, 30),
        'Paused',
      );
      await app.app.invitations.pauseWave(COMMAND, waveId);
      await staff.get('/me');
      expect((await staff.post(page(waveId), { whom: 'unanswered' })).status).toBe(409);
      expect((await staff.get(page(waveId))).text).toContain('The wave is paused');
    });
  });

  describe('the code on a letter', () => {
    let waveId: string;
    let codes: string[];
    beforeAll(async () => {
      waveId = await sentWave(app, onPaper(3, 40), 'Codes');
      await prepare(waveId, 'no_address');
      codes = codesOn((await staff.get(page(waveId, '/1'))).text);
      await staff.get(page(waveId));
      await staff.post(page(waveId, '/1/posting'));
    });

    test('is filled in by its address, which says nothing about anybody and changes nothing', async () => {
      const before = await on.storage().read.selectFrom('invitation').selectAll().orderBy('id').execute();
      const visitor = app.visitor();
      for (const code of [codes[0], 'WXY3467777']) {
        const seen = await visitor.get(`/p/${code}?lang=nb`);
        expect(seen.status).toBe(200);
        expect(seen.text).toContain('Tast inn koden fra brevet ditt');
        expect(seen.text).toContain(`value="${code}"`);
        expect(seen.text).not.toContain('Example');
        expect(seen.headers['set-cookie']).toBeUndefined();
      }
      expect(await on.storage().read.selectFrom('invitation').selectAll().orderBy('id').execute()).toEqual(before);
    });

    test('leads to the questions, and what is answered there counts as answered on the website', async () => {
      const visitor = app.visitor();
      const answer = await visitor.post('/p?lang=de', { code: (codes[0] ?? '').toLowerCase() });
      expect(answer.status).toBe(303);
      const home = answer.headers.location ?? '';
      expect(home).toMatch(/^\/q\/[\w-]{43}$/);
      expect((await visitor.get(home)).text).toContain('Was ist passiert');
      await visitor.post(`${home}/happened`, {
        answer: 'Der Kaffee kam dreimal zu spät, und niemand hat sich gemeldet, obwohl ich anrief.',
      });
      await visitor.post(`${home}/check-answers`);
      const rows = await on.storage().read.selectFrom('response').selectAll().where('wave_id', '=', waveId).execute();
      expect(rows).toMatchObject([{ mode: 'web', state: 'complete', language: 'de' }]);
      const used = await visitor.post('/p?lang=nl', { code: codes[0] ?? '' });
      expect(used.status).toBe(410);
      expect(used.text).toContain('Ihre Antworten sind angekommen');
      expect(used.text).not.toContain('Der Kaffee');
    });

    test.each([
      ['en', 'There seems to be a slip in this code'],
      ['de', 'In diesem Code scheint ein Tippfehler zu sein'],
      ['nl', 'In deze code lijkt een tikfout te zitten'],
      ['nb', 'Det ser ut til å være en skrivefeil i koden'],
    ])('that is mistyped is said so kindly in %s, and what was typed is kept', async (language, words) => {
      const typed = `${(codes[1] ?? '').slice(0, -1)}0`;
      const seen = await app.visitor().post(`/p?lang=${language}`, { code: typed });
      expect(seen.status).toBe(422);
      expect(seen.text).toContain(words);
      expect(seen.text).toContain(`value="${typed}"`);
    });

    test('of a withdrawn or expired invitation is closed', async () => {
      const letters = await on.storage().read.selectFrom('letter').selectAll().execute();
      const batch = await on
        .storage()
        .read.selectFrom('letter_batch')
        .selectAll()
        .where('wave_id', '=', waveId)
        .executeTakeFirstOrThrow();
      const second = letters.find((row) => row.batch_id === batch.id && row.position === 2)?.invitation_id ?? '';
      await app.app.invitations.revoke(COMMAND, waveId, second);
      expect((await app.visitor().post('/p', { code: codes[1] ?? '' })).text).toContain('Dieser Link gilt nicht mehr');
      app.clock.advance({ days: 61 });
      expect((await app.visitor().post('/p', { code: codes[2] ?? '' })).status).toBe(410);
      app.clock.advance({ days: -61 });
    });

    test('cannot be guessed for long', async () => {
      const visitor = app.visitor();
      const statuses: number[] = [];
      for (let i = 0; i < 25; i++) statuses.push((await visitor.post('/p', { code: '3333333333' })).status);
      expect(statuses).toContain(422);
      expect(statuses.at(-1)).toBe(429);
      expect((await visitor.get('/p')).status).toBe(200);
    });

    test('is refused from another site', async () => {
      const answer = await app
        .visitor()
        .agent.post('/p')
        .set('Origin', 'https://elsewhere.example')
        .type('form')
        .send('code=x');
      expect(answer.status).toBe(403);
    });
  });

  test('letters are for those who are signed in', async () => {
    expect((await app.visitor().get('/waves/01987654-0000-7000-8000-000000000000/letters')).status).not.toBe(200);
    expect((await staff.get('/waves/01987654-0000-7000-8000-000000000000/letters')).status).toBe(404);
  });
});
