import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { onBothEngines } from '../support/engines.ts';
import { PASSWORD, startApp, type Person, type TestApp } from '../support/app.ts';
import { lettersTo, linkTo } from '../support/letters.ts';

type SignedIn = Person & { accountId: string };
let made = 0;

onBothEngines((on) => {
  let app: TestApp;
  let administrator: SignedIn;
  beforeAll(async () => {
    app = await startApp(on.storage());
    administrator = await app.signIn('administrator', 'Ingrid Solheim');
  });
  afterAll(() => app.close());

  const invite = async (fields: Record<string, string> = {}) => {
    const email = `colleague-${++made}@example.com`;
    await administrator.get('/settings/people');
    const form = { name: 'Jonas Weber', email, title: 'Kundenbetreuung', role: 'staff', language: 'de', ...fields };
    const answer = await administrator.post('/settings/people', form);
    const account = (await app.app.accounts.colleagues()).find((each) => each.email === email);
    return { email, answer, id: account?.id ?? '' };
  };
  const stateOf = async (id: string) => (await app.app.accounts.people.find(id)).state;

  describe('a colleague', () => {
    test('is invited by a letter in their language, and chooses a password once', async () => {
      const { email, answer, id } = await invite();
      expect(answer.status).toBe(303);
      expect(await stateOf(id)).toBe('invited');
      const [letter] = await lettersTo(app.app, email);
      expect(letter?.text).toContain('Guten Tag, Jonas Weber!');
      expect(letter?.text).toContain('Ingrid Solheim hat in Comeback ein Konto für Sie angelegt.');
      const path = await linkTo(app.app, email);
      expect(letter?.html).toContain(`href="${app.baseUrl}${path}"`);
      const visitor = app.visitor();
      for (let i = 0; i < 2; i++) expect((await visitor.get(path)).text).toContain('Willkommen, Jonas Weber');
      const joined = await visitor.post(path, { password: 'lamp otter quince' });
      expect([joined.status, joined.headers.location]).toEqual([303, '/']);
      expect((await visitor.get('/me')).text).toContain('Kundenbetreuung');
      expect(await stateOf(id)).toBe('active');
      expect((await app.visitor().get(path)).status).toBe(404);
    });

    test('is told whose password it is where somebody else is signed in, and signs in after choosing it anew', async () => {
      const { email, id } = await invite({ language: 'en' });
      const host = await app.signIn('staff', 'Petra Ohm');
      const signedIn = 'Petra Ohm is signed in here at the moment.';
      const path = await linkTo(app.app, email);
      expect((await host.get(path)).text).toContain(signedIn);
      expect((await app.visitor().get(path)).text).not.toContain(signedIn);
      await app.app.accounts.entry.askReset(email);
      const reset = await linkTo(app.app, email);
      const page = await host.get(reset);
      expect(page.text).toContain(
        `${signedIn} The password that you set on this page is for the account of Jonas Weber.`,
      );
      const chosen = await host.post(reset, { password: 'lamp otter quince' });
      expect(chosen.headers.location).toBe('/sign-in?changed=1');
      expect((await host.get('/sign-in?changed=1')).text).toContain('Your new password is in place.');
      const welcome = await host.post('/sign-in', { email, password: 'lamp otter quince' });
      expect(welcome.status).toBe(303);
      expect((await host.get('/me')).text).toContain(email);
      expect(await stateOf(id)).toBe('active');
    });

    test('whose letter is kept for want of a mail server is invited without a word of a letter on its way', async () => {
      const { id } = await invite();
      const kept = 'The invitation is in the Outbox, as no mail server is set up yet.';
      expect((await administrator.get('/settings/people')).text).toContain(kept);
      await administrator.get(`/settings/people/${id}`);
      await administrator.post(`/settings/people/${id}/invitation`);
      expect((await administrator.get(`/settings/people/${id}`)).text).toContain(kept);
    });

    test('with an address that is taken, or a form with faults, is told so', async () => {
      const { email } = await invite();
      const taken = await invite({ email: email.toUpperCase() });
      expect(taken.answer.status).toBe(422);
      expect(taken.answer.text).toContain('Somebody already has an account with this address');
      const wrong = await invite({ name: '', email: 'a@b', role: 'king' });
      expect(wrong.answer.status).toBe(422);
      for (const field of ['name', 'email', 'role']) expect(wrong.answer.text).toContain(`<a href="#${field}">`);
      const nul = await invite({ name: 'A\u0000B' });
      expect(nul.answer.status).toBe(422);
    });

    test('whose invitation ran out or was withdrawn can be invited again; only the newest link works', async () => {
      const { email, id } = await invite();
      const first = await linkTo(app.app, email);
      app.clock.advance({ days: 8 });
      administrator = await app.signIn('administrator', 'Ingrid Solheim');
      expect((await app.visitor().get(first)).status).toBe(404);
      expect(await stateOf(id)).toBe('lapsed');
      await administrator.get(`/settings/people/${id}`);
      expect((await administrator.post(`/settings/people/${id}/invitation`)).status).toBe(303);
      const second = await linkTo(app.app, email);
      expect(second).not.toBe(first);
      await administrator.post(`/settings/people/${id}/deactivation`);
      expect((await app.visitor().get(second)).status).toBe(404);
      expect(await stateOf(id)).toBe('deactivated');
      await administrator.post(`/settings/people/${id}/reactivation`);
      await administrator.post(`/settings/people/${id}/invitation`);
      expect((await app.visitor().get(await linkTo(app.app, email))).status).toBe(200);
    });

    test('whose invitation is withdrawn before the letter leaves gets none', async () => {
      const { email, id } = await invite();
      await administrator.get(`/settings/people/${id}`);
      await administrator.post(`/settings/people/${id}/deactivation`);
      expect(await lettersTo(app.app, email)).toEqual([]);
    });

    test('who has joined is not invited once more', async () => {
      const staff = await app.signIn('staff');
      await administrator.get('/settings/people');
      expect((await administrator.post(`/settings/people/${staff.accountId}/invitation`)).status).toBe(409);
    });
  });

  describe('a change of role', () => {
    test('signs the person out everywhere and counts from then on', async () => {
      const staff = await app.signIn('staff');
      expect((await staff.get('/settings')).status).toBe(403);
      await administrator.get(`/settings/people/${staff.accountId}`);
      expect(
        (await administrator.post(`/settings/people/${staff.accountId}/role`, { role: 'administrator' })).status,
      ).toBe(303);
      expect((await staff.get('/me')).headers.location).toBe('/sign-in?next=%2Fme');
      const sessions = await on.storage().read.selectFrom('session').select('account_id').execute();
      expect(sessions.filter((each) => each.account_id === staff.accountId)).toEqual([]);
      const { email } = await app.app.accounts.people.me(staff.accountId);
      await staff.get('/sign-in');
      await staff.post('/sign-in', { email, password: PASSWORD });
      expect((await staff.get('/settings')).status).toBe(200);
    });

    test('is followed by a page to sign in that says why somebody is out, to nobody who was never in', async () => {
      const ended = 'You have been signed out. That happens after some hours without use';
      const staff = await app.signIn('staff');
      await app.app.accounts.people.changeRole(COMMAND, staff.accountId, 'manager');
      const { location = '' } = (await staff.get('/me')).headers;
      expect((await staff.get(location)).text).toContain(ended);
      expect((await app.visitor().get(location)).text).not.toContain(ended);
      const { email } = await app.app.accounts.people.me(staff.accountId);
      expect((await staff.post('/sign-in', { email, password: 'wrong horse battery' })).text).not.toContain(ended);
      await staff.post('/sign-in', { email, password: PASSWORD });
      await staff.get('/me');
      expect((await staff.post('/sign-out')).headers.location).toBe('/sign-in');
      expect((await staff.get('/sign-in')).text).not.toContain(ended);
    });

    test('ends a session even where its row comes back from a backup', async () => {
      const staff = await app.signIn('staff');
      const all = await on.storage().read.selectFrom('session').selectAll().execute();
      const own = all.filter((each) => each.account_id === staff.accountId);
      await app.app.accounts.people.changeRole(COMMAND, staff.accountId, 'manager');
      await on.storage().transaction((tx) => tx.insertInto('session').values(own).execute());
      expect(own).toHaveLength(1);
      expect((await staff.get('/me')).status).toBe(303);
    });
  });

  describe('a deactivated account', () => {
    test('is out at once, cannot sign in or have a password sent, and comes back when it is let in again', async () => {
      const staff = await app.signIn('staff');
      const { email } = await app.app.accounts.people.me(staff.accountId);
      const people = `/settings/people/${staff.accountId}`;
      await administrator.get(people);
      await administrator.post(`${people}/deactivation`);
      expect((await staff.get('/me')).status).toBe(303);
      const tryIn = async () => {
        await staff.get('/sign-in');
        return (await staff.post('/sign-in', { email, password: PASSWORD })).status;
      };
      expect(await tryIn()).toBe(422);
      await app.app.accounts.entry.askReset(email);
      expect(await lettersTo(app.app, email)).toEqual([]);
      expect((await administrator.post(`${people}/deactivation`)).status).toBe(409);
      await administrator.post(`${people}/reactivation`);
      expect(await tryIn()).toBe(303);
    });
  });

  describe('the last administrator', () => {
    test('cannot demote or deactivate themselves', async () => {
      const own = `/settings/people/${administrator.accountId}`;
      await administrator.get(own);
      expect((await administrator.post(`${own}/role`, { role: 'staff' })).status).toBe(409);
      expect((await administrator.post(`${own}/deactivation`)).status).toBe(409);
      expect((await administrator.get(own)).status).toBe(200);
    });

    test('is told to be the only one, on their page and when they try', async () => {
      const { people } = app.app.accounts;
      const others = (await people.list()).filter(({ role, state }) => role === 'administrator' && state === 'active');
      const only = await app.signIn('administrator');
      const own = `/settings/people/${only.accountId}`;
      expect((await only.get(own)).text).toContain('Your role can be changed by another administrator.');
      for (const { id } of others) await people.deactivate(COMMAND, id);
      const told =
        'You are the only administrator, and there has to be at least one. Make somebody else an administrator';
      expect((await only.get(own)).text).toContain(told);
      const refused = await only.post(`${own}/role`, { role: 'staff' });
      expect([refused.status, refused.text]).toEqual([409, expect.stringContaining(told)]);
      expect((await people.find(only.accountId)).role).toBe('administrator');
      for (const { id } of others) await people.reactivate(COMMAND, id);
      administrator = await app.signIn('administrator', 'Ingrid Solheim');
    });

    test('stays when two remove each other at the same moment, and whoever lost changes nobody any more', async () => {
      const { people } = app.app.accounts;
      const before = (await people.list()).filter(({ role, state }) => role === 'administrator' && state === 'active');
      const [one, other] = [await app.signIn('administrator'), await app.signIn('administrator')];
      for (const { id } of before) await people.deactivate(COMMAND, id);
      const results = await Promise.allSettled([
        people.changeRole(colleague(one.accountId), other.accountId, 'staff'),
        people.deactivate(colleague(other.accountId), one.accountId),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const left = (await people.list()).filter(({ role, state }) => role === 'administrator' && state === 'active');
      expect(left).toHaveLength(1);
      await expect(people.deactivate(COMMAND, left[0]?.id ?? '')).rejects.toThrow('accounts.people.lastAdministrator');
      for (const { id } of before) await people.reactivate(COMMAND, id);
      administrator = await app.signIn('administrator', 'Ingrid Solheim');
    });
  });

  describe('the audit log', () => {
    test('says in words who did what, page by page, and for one person alone', async () => {
      const staff = await app.signIn('staff', 'Bente Aasgård');
      await administrator.get('/settings/people');
      await administrator.post(`/settings/people/${staff.accountId}/role`, { role: 'manager' });
      const page = await administrator.get('/settings/audit');
      expect(page.text).toMatch(
        /Ingrid Solheim<\/td><td class="full">changed the role to Manager<\/td><td><a[^>]*>Bente Aasgård/,
      );
      const own = await administrator.get(`/settings/audit?person=${staff.accountId}`);
      expect(own.text).toContain('signed in');
      expect(own.text).not.toContain('changed the role');
      for (let i = 0; i < 60; i++) {
        await on
          .storage()
          .transaction((tx) => app.app.accounts.audit(tx, COMMAND, 'other.thing', { kind: 'thing' }, { count: i }));
      }
      const first = await administrator.get('/settings/audit');
      const more = /href="(\/settings\/audit\?before=[^"]+)"/.exec(first.text)?.[1] ?? '';
      expect(first.text).not.toContain('Bente Aasgård</a>');
      expect((await administrator.get(more)).text).toContain('Bente Aasgård</a>');
      expect((await administrator.get("/settings/audit?person='&before=x")).status).toBe(200);
    });

    test('holds no names, addresses or passwords', async () => {
      const { email } = await invite({ name: 'Kari Fjellheim' });
      const entries = JSON.stringify(await on.storage().read.selectFrom('audit_entry').selectAll().execute());
      for (const personal of [email, 'Kari', PASSWORD, 'example.com']) expect(entries).not.toContain(personal);
    });
  });

  describe('access tokens', () => {
    test('are shown once, kept as a hash, work with their role, and end when revoked', async () => {
      const { accounts } = app.app;
      await administrator.get('/settings/tokens');
      const answer = await administrator.post('/settings/tokens', { name: 'Shop, nightly', role: 'manager' });
      const token = /id="made" value="([^"]+)"/.exec(answer.text)?.[1] ?? '';
      expect(token).toMatch(/^comeback_.{43}$/);
      expect((await administrator.get('/settings/tokens')).text).not.toContain(token);
      const [row] = await accounts.tokens.listTokens();
      expect(JSON.stringify(row)).not.toContain(token);
      expect(await accounts.authenticateToken(token)).toEqual({
        actor: { kind: 'token', id: row?.id },
        role: 'manager',
      });
      expect(await accounts.authenticateToken(`${token.slice(0, -2)}xx`)).toBeUndefined();
      expect(await accounts.authenticateToken('')).toBeUndefined();
      await administrator.post(`/settings/tokens/${row?.id}/revocation`);
      expect(await accounts.authenticateToken(token)).toBeUndefined();
      expect((await administrator.post(`/settings/tokens/${row?.id}/revocation`)).status).toBe(409);
    });

    test('note their use every five minutes at most', async () => {
      const { accounts } = app.app;
      const { id, token } = await accounts.createToken({ name: 'Nightly', role: 'staff' });
      const usedAt = async () => (await accounts.tokens.listTokens()).find((each) => each.id === id)?.last_used_at;
      await accounts.authenticateToken(token);
      const first = await usedAt();
      app.clock.advance({ minutes: 4 });
      await accounts.authenticateToken(token);
      expect(await usedAt()).toBe(first);
      app.clock.advance({ minutes: 2 });
      await accounts.authenticateToken(token);
      expect(await usedAt()).not.toBe(first);
    });
  });

  test('the command line makes accounts with a password, or with a link, and explains what is wrong', async () => {
    const { createAccount, people } = app.app.accounts;
    const { id, link } = await createAccount({ email: 'cli@example.com', name: 'Cli', role: 'staff' });
    expect(link).toMatch(/\/welcome\/.{43}$/);
    expect((await app.visitor().get(new URL(link ?? '').pathname)).status).toBe(200);
    expect((await people.me(id)).language).toBe('en');
    const wrong = createAccount({ email: 'cli@example.com', name: 'Cli', role: 'staff', password: 'short' });
    await expect(wrong).rejects.toMatchObject({ fieldErrors: { password: { key: 'accounts.password.tooShort' } } });
    const twice = createAccount({ email: 'CLI@example.com', name: 'Cli', role: 'staff' });
    await expect(twice).rejects.toMatchObject({ fieldErrors: { email: { key: 'accounts.email.taken' } } });
  });
});
