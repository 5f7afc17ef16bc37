import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { png } from '../support/pictures.ts';
import { leavers, newWave, readyToSend } from '../support/waves.ts';

const LIGHT = png(300, 60);
const HEAVY = png(200, 200, 30_000);
const COMPANY = { name: 'Hollerbach & Söhne', address: 'Speicherstraße 14', telephone: '', email: '' };

onBothEngines((on) => {
  let running: TestApp;
  let administrator: Person;
  let waveId: string;
  beforeAll(async () => {
    running = await startApp(on.storage());
    administrator = await running.signIn('administrator');
    await administrator.get('/settings/company');
    await administrator.post('/settings/company', COMPANY);
    const ready = await readyToSend(running.app);
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(2, () => ({ language: 'de' })),
    );
    waveId = await newWave(running.app, ready);
    await running.app.invitations.startWave(COMMAND, waveId, { holdMinutes: 0 });
    await running.app.invitations.work();
  });
  afterAll(() => running.close());

  const upload = async (content: Buffer) => {
    await administrator.get('/settings/company');
    await administrator.upload('/settings/company', COMPANY, { field: 'logo', name: 'logo.png', content });
  };
  const firstPage = async () => {
    const { rows } = await running.app.invitations.listInvitations(waveId, {}, null);
    const link = new URL(running.app.invitations.linkFor(rows[0]?.id ?? '')).pathname;
    return (await running.visitor().get(link)).text;
  };
  const house = (page: string) => /<p class="house">(.*?)<\/p>/.exec(page)?.[1];
  const pictures = (page: string) => [...page.matchAll(/<img[^>]*src="([^"]*)"/g)].map(([, src]) => src ?? '');
  const letter = async () => {
    const [colleague] = await running.app.accounts.colleagues();
    const accountId = colleague?.id ?? '';
    const copy = { language: 'de', accountId, customerId: null };
    running.clock.advance({ minutes: 1 });
    await running.app.invitations.sendTest({ kind: 'account', id: accountId }, waveId, copy);
    await running.app.runDue();
    const { rows } = await running.app.mailer.outbox.list(null, { isAdministrator: true });
    const newest = rows.find(({ subject }) => subject.startsWith('Test:'));
    return await running.app.mailer.outbox.get(newest?.id ?? '', { isAdministrator: true });
  };

  test('without a logo the business’s name stands at the head', async () => {
    expect(house(await firstPage())).toBe('Hollerbach &amp; Söhne');
  });

  test('a logo stands at the head of the questions, named and with its room, and the page stays light', async () => {
    await upload(LIGHT);
    const page = await firstPage();
    const [src = ''] = pictures(page);
    expect(house(page)).toBe(`<img src="${src}" width="240" height="48" alt="Hollerbach &amp; Söhne">`);
    const logo = await running.visitor().agent.get(src);
    expect(logo.body).toEqual(LIGHT);
    expect(logo.headers['cache-control']).toContain('immutable');
    expect(logo.headers['cross-origin-resource-policy']).toBe('cross-origin');
    const links = [...page.matchAll(/(?:href|src)="(\/(?:css|js)[^"]+)"/g)].map((match) => match[1] ?? '');
    const files = await Promise.all(links.map((link) => readFile(`public${link.split('?')[0]}`)));
    const bytes = [Buffer.from(page), ...files].map((each) => gzipSync(each).length);
    expect(bytes.reduce((sum, each) => sum + each, 4096)).toBeLessThan(14_000);
    expect(house((await running.visitor().get('/privacy')).text)).toContain(`src="${src}"`);
  });

  test('another logo has another address, and the old one leads to the new picture', async () => {
    const [before = ''] = pictures(await firstPage());
    const other = png(100, 100);
    await upload(other);
    const [after = ''] = pictures(await firstPage());
    expect(after).not.toBe(before);
    const old = await running.visitor().agent.get(before);
    expect(old.body).toEqual(other);
    expect(old.headers['cache-control']).toBe('public, max-age=300');
  });

  test('a heavy one leaves the questions to the name, and whoever uploaded it is told', async () => {
    await upload(HEAVY);
    expect(house(await firstPage())).toBe('Hollerbach &amp; Söhne');
    const page = await administrator.get('/settings/company');
    expect(page.text).toContain('This picture has 31 kB.');
    await upload(LIGHT);
    expect((await administrator.get('/settings/company')).text).not.toContain('This picture has');
  });

  test('letters show it by its whole address, and the text part is as before', async () => {
    await upload(HEAVY);
    const { html, text } = await letter();
    const { logo } = await running.app.accounts.company();
    const [kept] = (await running.app.mailer.outbox.list(null, { isAdministrator: true })).rows;
    const shown = await administrator.get(`/outbox/${kept?.id}/html`);
    expect(shown.headers['content-security-policy']).toContain("img-src 'self'");
    const tag = /<img[^>]*>/.exec(html)?.[0];
    expect(tag).toContain(`src="${running.baseUrl}/logo?v=${logo?.version}"`);
    expect(tag).toContain('width="48" height="48" alt="Hollerbach &amp; Söhne"');
    await administrator.get('/settings/company');
    await administrator.post('/settings/logo/removal');
    const plain = await letter();
    expect(plain.html).not.toContain('<img');
    expect(plain.text).toBe(text);
  });
});
