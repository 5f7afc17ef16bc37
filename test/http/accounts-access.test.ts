import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../src/web/index.ts';
import { onBothEngines } from '../support/engines.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';

const FOREIGN = '0198c0de-0000-7000-8000-000000000000';
const ROLES: Role[] = ['staff', 'manager', 'administrator'];

/** Every page and form of the feature, with the least role that may use it. */
const PAGES: [path: string, least: Role][] = [
  ['/me', 'staff'],
  ['/setup', 'administrator'],
  ['/settings', 'manager'],
  ['/settings/company', 'administrator'],
  ['/settings/place', 'administrator'],
  ['/settings/notices', 'administrator'],
  ['/settings/mail', 'administrator'],
  ['/settings/languages', 'administrator'],
  ['/settings/people', 'administrator'],
  ['/settings/people/:id', 'administrator'],
  ['/settings/people/:id/handing-over', 'administrator'],
  ['/settings/tokens', 'administrator'],
  ['/settings/audit', 'administrator'],
];
const FORMS: [path: string, least: Role][] = [
  ['/me', 'staff'],
  ['/me/password', 'staff'],
  ['/setup', 'administrator'],
  ['/settings/sample', 'administrator'],
  ['/settings/company', 'administrator'],
  ['/settings/logo/removal', 'administrator'],
  ['/settings/place', 'administrator'],
  ['/settings/notices', 'administrator'],
  ['/settings/mail', 'administrator'],
  ['/settings/mail/test', 'administrator'],
  ['/settings/mail/hooks/ses', 'administrator'],
  ['/settings/mail/hooks/postmark', 'administrator'],
  ['/settings/mail/hooks/mailgun', 'administrator'],
  ['/settings/languages', 'administrator'],
  ['/settings/people', 'administrator'],
  ['/settings/people/:id/role', 'administrator'],
  ['/settings/people/:id/invitation', 'administrator'],
  ['/settings/people/:id/deactivation', 'administrator'],
  ['/settings/people/:id/reactivation', 'administrator'],
  ['/settings/people/:id/handing-over', 'administrator'],
  ['/settings/tokens', 'administrator'],
  ['/settings/tokens/:id/revocation', 'administrator'],
];
const IDS = [FOREIGN, 'x', "'--", '%00', '..%2F..'];

const may = (role: Role, least: Role) => ROLES.indexOf(role) >= ROLES.indexOf(least);

onBothEngines((on) => {
  let app: TestApp;
  let people: Record<Role, Person & { accountId: string }>;
  beforeAll(async () => {
    app = await startApp(on.storage());
    const [staff, manager, administrator] = [
      await app.signIn('staff'),
      await app.signIn('manager'),
      await app.signIn('administrator'),
    ];
    people = { staff, manager, administrator };
  });
  afterAll(() => app.close());

  /** Everything that the feature's forms could change. */
  const everything = async () => {
    const { read } = on.storage();
    return JSON.stringify([
      await read.selectFrom('account').selectAll().orderBy('id').execute(),
      await read.selectFrom('setting').selectAll().orderBy('key').execute(),
      await read.selectFrom('access_token').selectAll().orderBy('id').execute(),
      await read.selectFrom('account_link').selectAll().orderBy('token_hash').execute(),
      await read.selectFrom('audit_entry').selectAll().orderBy('id').execute(),
    ]);
  };

  describe.each(PAGES)('the page %s', (path, least) => {
    test('is for its roles alone, and for nobody who is not signed in', async () => {
      for (const role of ROLES) {
        const answer = await people[role].get(path.replace(':id', people.staff.accountId));
        expect([role, answer.status]).toEqual([role, may(role, least) ? 200 : 403]);
        expect(answer.headers['cache-control']).toBe('no-store');
      }
      const visitor = await app.visitor().get(path.replace(':id', people.staff.accountId));
      expect(visitor.status).toBe(303);
      expect(visitor.headers.location).toMatch(/^\/sign-in\?next=/);
    });
  });

  describe.each(FORMS)('the form %s', (path, least) => {
    test('changes nothing for those who may not', async () => {
      const to = path.replace(':id', people.staff.accountId);
      const before = await everything();
      for (const role of ROLES.filter((each) => !may(each, least))) {
        expect((await people[role].post(to, { role: 'administrator', name: 'x' })).status).toBe(403);
      }
      const visitor = app.visitor();
      await visitor.get('/sign-in');
      expect((await visitor.post(to, { role: 'administrator' })).status).toBe(401);
      expect((await people.administrator.post(to, { csrf: 'forged', role: 'staff' })).status).toBe(403);
      expect(await everything()).toBe(before);
    });
  });

  test.each([...PAGES, ...FORMS].filter(([path]) => path.includes(':id')).map(([path]) => path))(
    'ids that nobody has lead nowhere: %s',
    async (path) => {
      const before = await everything();
      for (const id of IDS) {
        const to = path.replace(':id', id);
        const get = PAGES.some(([page]) => page === path);
        const answer = get
          ? await people.administrator.get(to)
          : await people.administrator.post(to, { role: 'staff' });
        expect([to, [404, 409].includes(answer.status)]).toEqual([to, true]);
      }
      expect(await everything()).toBe(before);
    },
  );

  test('looking at pages changes nothing, however often', async () => {
    await people.administrator.get('/settings');
    const before = await everything();
    for (const [path] of PAGES) {
      const to = path.replace(':id', people.staff.accountId);
      await people.administrator.get(to);
      await people.administrator.agent.head(to);
    }
    const visitor = app.visitor();
    for (const path of ['/', '/sign-in', '/forgot', '/imprint', '/privacy', '/logo', '/sign-out'])
      await visitor.get(path);
    expect(await everything()).toBe(before);
  });

  test('every page carries the security headers and no inline script or style', async () => {
    const visitor = app.visitor();
    const answers = [
      ...(await Promise.all(
        PAGES.map(([path]) => people.administrator.get(path.replace(':id', people.staff.accountId))),
      )),
      ...(await Promise.all(
        ['/sign-in', '/forgot', '/imprint', '/privacy', '/reset/x'].map((path) => visitor.get(path)),
      )),
    ];
    for (const { headers, text } of answers) {
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(text).not.toMatch(/\sstyle="|<style|<script(?![^>]*\ssrc=)|\son\w+="/);
      expect(text).toMatch(/<h1/);
      expect(text).not.toMatch(/>\s*accounts\.[a-zA-Z.]+\s*</);
    }
  });

  test.each(['de', 'nl', 'nb'])('every page speaks %s', async (language) => {
    const { staff } = people;
    const { email, name } = await app.app.accounts.people.me(staff.accountId);
    await app.app.accounts.people.saveMe(staff.accountId, { name, title: '', language });
    const page = await staff.get('/me');
    expect(page.text).toContain(`<html lang="${language}">`);
    expect(page.text).toContain(email);
    expect(page.text).not.toContain('Sign out');
  });
});
