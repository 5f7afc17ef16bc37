import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { onBothEngines } from '../support/engines.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';

const FIRST = { name: 'Ingrid Solheim', email: 'ingrid@example.com', language: 'nb', password: 'lamp otter quince' };

onBothEngines((on) => {
  let app: TestApp;
  let administrator: Person;
  beforeAll(async () => {
    app = await startApp(on.storage());
    administrator = app.visitor();
  });
  afterAll(() => app.close());

  const setupPath = async () => new URL((await app.app.accounts.setupLink()) ?? '').pathname;

  test('a link that was never given, is used up or too old looks like any other', async () => {
    const visitor = app.visitor();
    const old = await setupPath();
    const current = await setupPath();
    const foreign = await visitor.get(`/setup/${'A'.repeat(43)}`);
    const replaced = await visitor.get(old);
    expect([foreign.status, replaced.status]).toEqual([404, 404]);
    expect(replaced.text).toBe(foreign.text.replace('A'.repeat(43), ''));
    app.clock.advance({ days: 8 });
    expect((await visitor.get(current)).status).toBe(404);
  });

  test('opening the link changes nothing; a form that needs mending keeps what was typed but the password', async () => {
    const path = await setupPath();
    for (let i = 0; i < 3; i++) expect((await administrator.get(path)).status).toBe(200);
    await administrator.agent.head(path);
    const rejected = await administrator.post(path, { ...FIRST, email: 'ingrid', password: 'kort' });
    expect(rejected.text.match(/href="#(email|password)"/g)).toEqual(['href="#email"', 'href="#password"']);
    expect(rejected.status).toBe(422);
    expect(rejected.text).toContain('value="Ingrid Solheim"');
    expect(rejected.text).not.toContain('value="kort"');
    const weak = await administrator.post(path, { ...FIRST, password: 'ingridsolheim1' });
    expect(weak.status).toBe(422);
    expect(await app.app.accounts.setupLink()).not.toBeNull();
  });

  test('whoever comes without the link is told where it stands, as long as nobody has set it up', async () => {
    expect((await app.visitor().get('/sign-in')).text).toContain(
      'Please open the link that stands where it was started',
    );
  });

  test('the link makes one administrator, signs them in, and is spent', async () => {
    const path = await setupPath();
    await administrator.get(path);
    const made = await administrator.post(path, FIRST);
    expect([made.status, made.headers.location]).toEqual([303, '/setup']);
    expect((await administrator.get('/setup')).text).toContain('Så fint at du er her, Ingrid Solheim.');
    const late = app.visitor();
    expect((await late.get('/sign-in')).text).not.toContain('role="status"');
    expect((await late.get(path)).status).toBe(404);
    expect((await late.post(path, { ...FIRST, email: 'other@example.com' })).status).toBe(404);
    expect(await app.app.accounts.setupLink()).toBeNull();
    expect((await app.app.accounts.colleagues()).map(({ email, role }) => [email, role])).toEqual([
      ['ingrid@example.com', 'administrator'],
    ]);
  });

  test('a business that has said nothing yet works with sensible defaults', async () => {
    const company = await app.app.accounts.company();
    expect(company).toMatchObject({ name: '', currency: 'EUR', timeZone: 'Europe/Berlin', setUp: false, logo: null });
    expect(company.privacyNotice.nl).toContain('We bewaren uw antwoorden 36 maanden');
    expect((await app.visitor().get('/privacy?lang=de')).text).toContain('36 Monate lang');
    expect((await app.visitor().get('/imprint')).status).toBe(200);
    expect((await app.visitor().get('/logo')).status).toBe(404);
  });

  test('the first run walks through the sections, each saved alone', async () => {
    const page = await administrator.get('/settings/company');
    expect(page.text).toContain('Steg 1 av 5');
    const address = 'Strandgaten 4\r\n5013 Bergen';
    const company = { name: 'Fjordkaffe', address, telephone: '', email: '' };
    const saved = await administrator.post('/settings/company', company);
    expect([saved.status, saved.headers.location]).toEqual([303, '/settings/place']);
    expect(await app.app.accounts.company()).toMatchObject({
      name: 'Fjordkaffe',
      address: 'Strandgaten 4\n5013 Bergen',
    });
    expect((await administrator.get('/setup')).text).toContain('<li class="done" data-mark="✓">');
    await administrator.get('/settings/languages');
    const approved = await administrator.post('/settings/languages');
    expect(approved.headers.location).toBe('/setup');
    expect((await administrator.get('/settings/languages')).text).toContain('Alle tekster er godkjent');
    const finished = await administrator.post('/setup');
    expect(finished.headers.location).toBe('/');
    expect((await app.app.accounts.company()).setUp).toBe(true);
    expect((await administrator.get('/settings/company')).text).not.toContain('Steg 1');
  });
});
