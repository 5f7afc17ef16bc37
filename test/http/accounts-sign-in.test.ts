import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { onBothEngines } from '../support/engines.ts';
import { PASSWORD, startApp, type TestApp } from '../support/app.ts';
import { lettersTo, linkTo } from '../support/letters.ts';

const NEW = 'lamp otter quince';
let made = 0;

onBothEngines((on) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(on.storage());
  });
  afterAll(() => app.close());

  const account = async (role: 'staff' | 'administrator' = 'staff') => {
    const email = `person-${++made}@example.com`;
    const name = `Somebody ${made}`;
    const { id } = await app.app.accounts.createAccount({ email, name, role, language: 'en', password: PASSWORD });
    return { id, email };
  };
  const signIn = async (email: string, password: string, person = app.visitor()) => {
    await person.get('/sign-in');
    return { person, answer: await person.post('/sign-in', { email, password, next: '/me' }) };
  };
  const cookieOf = (headers: Record<string, unknown>) =>
    ([headers['set-cookie']].flat() as string[]).find((each) => each?.startsWith('comeback='))?.split(';')[0];

  describe('signing in', () => {
    test('leads to where one wanted to go, with a new session each time', async () => {
      const { email } = await account();
      const first = await signIn(email, PASSWORD);
      expect([first.answer.status, first.answer.headers.location]).toEqual([303, '/me']);
      const cookie = cookieOf(first.answer.headers);
      await first.person.get('/me');
      await first.person.post('/sign-out');
      const second = await signIn(email.toUpperCase(), PASSWORD, first.person);
      expect(second.answer.status).toBe(303);
      expect(cookieOf(second.answer.headers)).not.toBe(cookie);
      const stale = await app
        .visitor()
        .agent.get('/me')
        .set('Cookie', cookie ?? '');
      expect(stale.status).toBe(303);
    });

    test('never leads to another site', async () => {
      const { email } = await account();
      const person = app.visitor();
      await person.get('/sign-in?next=//example.org/trap');
      const answer = await person.post('/sign-in', { email, password: PASSWORD, next: '//example.org/trap' });
      expect(answer.headers.location).toBe('/');
    });

    test('a planted session id is worth nothing afterwards', async () => {
      const victim = await account();
      const { person } = await signIn((await account()).email, PASSWORD);
      const { answer: planted } = await signIn(victim.email, PASSWORD, person);
      const cookies = await on.storage().read.selectFrom('session').select('account_id').execute();
      expect(cookieOf(planted.headers)).toBeDefined();
      expect(cookies.filter((row) => row.account_id === victim.id)).toHaveLength(1);
    });

    test('clears away sessions that nobody ended and nobody has used for eight hours', async () => {
      const [idle, busy, next] = [await account(), await account(), await account()];
      await signIn(idle.email, PASSWORD);
      const { person } = await signIn(busy.email, PASSWORD);
      app.clock.advance({ minutes: 5 * 60 });
      await person.get('/me');
      app.clock.advance({ minutes: 4 * 60 });
      await signIn(next.email, PASSWORD);
      const kept = await on.storage().read.selectFrom('session').select('account_id').execute();
      const of = ({ id }: { id: string }) => kept.filter((row) => row.account_id === id).length;
      expect([idle, busy, next].map(of)).toEqual([0, 1, 1]);
    });

    test('says the same about a wrong password and an address that nobody has', async () => {
      const { email } = await account();
      const wrong = (await signIn(email, 'not the password')).answer;
      const nobody = (await signIn('nobody@example.com', 'not the password')).answer;
      expect([wrong.status, nobody.status]).toEqual([422, 422]);
      const plain = (text: string, address: string) => text.replaceAll(address, 'X').replace(/value="[\w-]{43}"/, '');
      expect(plain(wrong.text, email)).toBe(plain(nobody.text, 'nobody@example.com'));
      expect(wrong.text).toContain('do not belong together');
    });

    test('is refused for a while after many wrong tries at one account, also with the right password', async () => {
      const { email } = await account();
      for (const address of [email, 'never-there@example.com']) {
        const tries = Array.from({ length: 15 }, () => app.app.accounts.entry.signIn(address, 'wrong password'));
        expect((await Promise.all(tries)).every(({ ok }) => !ok)).toBe(true);
        expect((await signIn(address, PASSWORD)).answer.status).toBe(429);
      }
      app.clock.advance({ minutes: 16 });
      expect((await signIn(email, PASSWORD)).answer.status).toBe(303);
    });

    test('raises the cost of a hash made in cheaper days', async () => {
      const { id, email } = await account();
      const hashOf = async () =>
        (
          await on
            .storage()
            .read.selectFrom('account')
            .select('password_hash')
            .where('id', '=', id)
            .executeTakeFirstOrThrow()
        ).password_hash;
      const dearer = await startApp(on.storage(), { clock: app.clock, passwordCost: { logN: 5, r: 8, p: 1 } });
      const before = await hashOf();
      expect((await dearer.app.accounts.entry.signIn(email, PASSWORD)).ok).toBe(true);
      await dearer.close();
      expect(before).toMatch(/^scrypt\$4\$/);
      expect(await hashOf()).toMatch(/^scrypt\$5\$/);
      expect((await signIn(email, PASSWORD)).answer.status).toBe(303);
    });
  });

  describe('forms', () => {
    test('from another site are refused, signed in or not', async () => {
      const { email } = await account();
      const { person } = await signIn(email, PASSWORD);
      const page = await person.get('/me');
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const body = { csrf, name: 'Changed', title: '', language: 'en' };
      const send = () => person.agent.post('/me').type('form').send(body);
      expect((await send().set('Origin', 'https://example.org')).status).toBe(403);
      expect((await send().set('Sec-Fetch-Site', 'cross-site').set('Origin', app.baseUrl)).status).toBe(403);
      expect((await send()).status).toBe(403);
      expect((await send().set('Sec-Fetch-Site', 'same-origin')).status).toBe(303);
      const forged = app.visitor().agent.post('/sign-in').type('form').send({ email, password: PASSWORD });
      expect((await forged.set('Origin', 'https://example.org')).status).toBe(403);
    });

    test('without their token are refused, or with that of somebody else', async () => {
      const { email } = await account();
      const { person } = await signIn(email, PASSWORD);
      const other = (await signIn((await account()).email, PASSWORD)).person;
      const foreign = /name="csrf" value="([^"]+)"/.exec((await other.get('/me')).text)?.[1] ?? '';
      for (const csrf of ['', 'wrong', foreign]) {
        const refused = await person.post('/me', { csrf, name: 'Changed', title: '', language: 'en' });
        expect(refused.status).toBe(403);
        // Nobody is told that their role is too small where their form was too old.
        expect(refused.text).toContain('<h1>That did not work</h1>');
        expect((await person.post('/sign-out', { csrf })).status).toBe(403);
      }
      const visitor = app.visitor();
      expect((await visitor.post('/sign-in', { csrf: foreign, email, password: PASSWORD })).status).toBe(403);
      expect((await person.get('/me')).status).toBe(200);
    });

    test('of somebody signed out meanwhile are answered in words, and change nothing', async () => {
      const { id, email } = await account();
      const { person } = await signIn(email, PASSWORD);
      await person.get('/me');
      await on.storage().transaction((tx) => tx.deleteFrom('session').where('account_id', '=', id).execute());
      const answer = await person.post('/me', { name: 'Changed', title: '', language: 'en' });
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('no longer signed in');
      expect((await app.app.accounts.people.me(id)).name).not.toBe('Changed');
    });
  });

  describe('a password', () => {
    test('that changes ends every other session, and the letter says so', async () => {
      const { email } = await account();
      const [here, there] = [(await signIn(email, PASSWORD)).person, (await signIn(email, PASSWORD)).person];
      await here.get('/me');
      const wrong = await here.post('/me/password', { passwordNow: 'not mine', password: NEW });
      expect(wrong.status).toBe(422);
      expect((await there.get('/me')).status).toBe(200);
      const changed = await here.post('/me/password', { passwordNow: PASSWORD, password: NEW });
      expect(changed.status).toBe(303);
      expect((await here.get('/me')).text).toContain('Your password is changed');
      expect((await there.get('/me')).headers.location).toBe('/sign-in?next=%2Fme');
      expect((await signIn(email, PASSWORD)).answer.status).toBe(422);
      expect((await signIn(email, NEW)).answer.status).toBe(303);
      expect((await lettersTo(app.app, email))[0]?.subject).toBe('Your password has been changed');
    });

    test('is set anew by a link that works once, for an hour, and ends every session', async () => {
      const { email } = await account();
      const { person } = await signIn(email, PASSWORD);
      const visitor = app.visitor();
      await visitor.get('/forgot');
      await visitor.post('/forgot', { email });
      const path = await linkTo(app.app, email);
      for (let i = 0; i < 3; i++) expect((await visitor.get(path)).status).toBe(200);
      expect((await visitor.post(path, { password: 'short' })).status).toBe(422);
      expect((await person.get('/me')).status).toBe(200);
      const done = await visitor.post(path, { password: NEW });
      expect(done.headers.location).toBe('/sign-in?changed=1');
      expect((await person.get('/me')).status).toBe(303);
      const spent = await visitor.get(path);
      expect([spent.status, spent.text.includes('href="/sign-in"')]).toEqual([404, true]);
      expect((await visitor.post(path, { password: 'another fine password' })).status).toBe(404);
      expect((await signIn(email, NEW)).answer.status).toBe(303);
    });

    test('link that is too old, invented, or of another kind reveals nothing', async () => {
      const { email } = await account();
      await app.app.accounts.entry.askReset(email);
      const path = await linkTo(app.app, email);
      const visitor = app.visitor();
      const other = await visitor.get(path.replace('/reset/', '/welcome/'));
      const invented = await visitor.get(`/reset/${'B'.repeat(43)}`);
      app.clock.advance({ minutes: 61 });
      const old = await visitor.get(path);
      expect([other.status, invented.status, old.status]).toEqual([404, 404, 404]);
      expect(new Set([other.text, invented.text, old.text]).size).toBe(1);
      expect(old.text).not.toContain(email);
    });

    test('can be asked for by anybody, who learns nothing from the answer', async () => {
      const { email } = await account();
      const visitor = app.visitor();
      const ask = async (address: string) => {
        await visitor.get('/forgot');
        return visitor.post('/forgot', { email: address });
      };
      const [known, unknown] = [await ask(email), await ask('nobody-at-all@example.com')];
      expect([known.status, unknown.status]).toEqual([200, 200]);
      expect(known.text).toBe(unknown.text);
      for (let i = 0; i < 5; i++) await app.app.accounts.entry.askReset(email);
      expect(await lettersTo(app.app, email)).toHaveLength(3);
      expect(await lettersTo(app.app, 'nobody-at-all@example.com')).toEqual([]);
    });

    test('and its links are nowhere to be read in the database', async () => {
      const { email } = await account();
      await app.app.accounts.entry.askReset(email);
      const queued = await on
        .storage()
        .read.selectFrom('outgoing_mail')
        .select('detail')
        .where('state', '=', 'queued')
        .execute();
      const kept = await on.storage().read.selectFrom('account_link').select('token_hash').execute();
      const token = (await linkTo(app.app, email)).split('/').at(-1) ?? '';
      expect(queued).toHaveLength(1);
      expect(JSON.stringify([queued, kept])).not.toContain(token);
    });
  });

  test('guessing from one address is slowed down', async () => {
    const own = await startApp(on.storage(), { clock: app.clock });
    const visitor = own.visitor();
    await visitor.get('/sign-in');
    let status = 0;
    for (let i = 0; i < 60 && status !== 429; i++) status = (await visitor.post('/sign-in', { email: '' })).status;
    expect(status).toBe(429);
    await own.close();
  });
});
