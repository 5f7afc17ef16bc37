import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { onBothEngines } from '../support/engines.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { png } from '../support/pictures.ts';

const PNG = png(120, 40);
const MAIL = { port: '587', security: 'auto', user: 'post', password: 'a mail password', from: 'post@example.com' };
const COMPANY = { name: 'Hollerbach Kaffee', address: 'Speicherstraße 14', telephone: '', email: 'hallo@example.com' };

onBothEngines((on) => {
  let app: TestApp;
  let administrator: Person;
  beforeAll(async () => {
    app = await startApp(on.storage());
    administrator = await app.signIn('administrator');
    await administrator.get('/setup');
    await administrator.post('/setup');
  });
  afterAll(() => app.close());

  describe('the company', () => {
    test('is seen at once where it is shown, and its starter texts follow its name', async () => {
      await administrator.get('/settings/company');
      const saved = await administrator.post('/settings/company', COMPANY);
      expect(saved.headers.location).toBe('/settings/company');
      expect((await app.visitor().get('/privacy?lang=en')).text).toContain('Hollerbach Kaffee<br>Speicherstraße 14');
      const empty = await administrator.post('/settings/company', { ...COMPANY, name: ' ', email: 'hallo@' });
      expect(empty.status).toBe(422);
      expect((await app.app.accounts.company()).name).toBe('Hollerbach Kaffee');
    });

    test('shows names that look like markup as they are', async () => {
      await administrator.get('/settings/company');
      await administrator.post('/settings/company', { ...COMPANY, name: '<b>Kaffee</b> & Söhne' });
      const page = await app.visitor().get('/imprint');
      expect(page.text).toContain('&lt;b&gt;Kaffee&lt;/b&gt; &amp; Söhne');
      await administrator.post('/settings/company', COMPANY);
    });
  });

  describe('the logo', () => {
    const upload = (content: Buffer, fields: Record<string, string> = {}) =>
      administrator.upload(
        '/settings/company',
        { ...COMPANY, ...fields },
        { field: 'logo', name: 'logo.png', content },
      );

    test('is served with the type of its content, whatever its name says, until it is removed', async () => {
      await administrator.get('/settings/company');
      expect((await upload(PNG)).status).toBe(303);
      const logo = await app.visitor().agent.get('/logo');
      expect(logo.headers['content-type']).toBe('image/png');
      expect(logo.headers['x-content-type-options']).toBe('nosniff');
      expect(logo.body).toEqual(PNG);
      const svg = await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
      expect(svg.status).toBe(422);
      expect((await app.visitor().agent.get('/logo')).body).toEqual(PNG);
      await administrator.post('/settings/logo/removal');
      expect((await app.visitor().get('/logo')).status).toBe(404);
    });

    test('is saved by the one button together with what was typed; refused, it saves nothing and keeps what was typed', async () => {
      await administrator.get('/settings/company');
      expect((await upload(PNG, { name: 'Hollerbach Röster' })).status).toBe(303);
      const { name, logo } = await app.app.accounts.company();
      expect({ name, type: logo?.type }).toEqual({ name: 'Hollerbach Röster', type: 'image/png' });
      await administrator.get('/settings/company');
      const refused = await upload(Buffer.from('no picture'), { name: 'Hollerbach Tee', email: 'hallo@' });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('Please choose a PNG, JPEG or WebP picture');
      expect(refused.text).toContain('value="Hollerbach Tee"');
      expect((await app.app.accounts.company()).name).toBe('Hollerbach Röster');
      await administrator.post('/settings/logo/removal');
    });

    test('that is too large, missing, or sent without the form’s token is refused', async () => {
      await administrator.get('/settings/company');
      const large = await upload(Buffer.concat([PNG, Buffer.alloc(210_000)]));
      expect(large.status).toBe(422);
      expect(large.text).toContain('larger than 200 kB');
      await administrator.get('/settings/company');
      expect((await upload(Buffer.alloc(0))).status).toBe(422);
      expect((await upload(PNG, { csrf: 'wrong' })).status).toBe(403);
      expect((await app.app.accounts.company()).logo).toBeNull();
    });
  });

  test('place, money and hours are kept; a form with faults changes nothing', async () => {
    await administrator.get('/settings/place');
    const days = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].flatMap((day) => [
        [`${day}_from`, ''],
        [`${day}_to`, ''],
      ]),
    );
    const place = { timeZone: 'Europe/Oslo', currency: 'NOK', country: 'NO', defaultLanguage: 'nb', ...days };
    await administrator.post('/settings/place', { ...place, wed_from: '10:00', wed_to: '14:30' });
    const company = await app.app.accounts.company();
    expect(company).toMatchObject({ timeZone: 'Europe/Oslo', currency: 'NOK', country: 'NO', defaultLanguage: 'nb' });
    expect(company.workingHours).toMatchObject({ mon: null, wed: { from: '10:00', to: '14:30' } });
    const wrong = await administrator.post('/settings/place', { ...place, wed_from: '15:00', wed_to: '14:30' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('<a href="#wed_to">');
    const both = await administrator.post('/settings/place', { ...place, wed_from: '15:00', thu_from: '09:00' });
    for (const day of ['wed', 'thu']) expect(both.text).toMatch(new RegExp(`<a href="#${day}_to">\\w+day, until: `));
    expect((await app.visitor().get('/sign-in')).text).toContain('Logg inn');
  });

  test('notices that somebody wrote stay; those that nobody touched, or that were emptied, go on following the company', async () => {
    await administrator.get('/settings/notices');
    const { imprint, privacyNotice } = await app.app.accounts.company();
    const languages = ['en', 'de', 'nl', 'nb'];
    const shown = Object.fromEntries(
      languages.flatMap((code) => [
        [`imprint_${code}`, imprint[code]?.replaceAll('\n', '\r\n') ?? ''],
        [`privacy_${code}`, privacyNotice[code]?.replaceAll('\n', '\r\n') ?? ''],
      ]),
    );
    const own = { imprint_de: 'Hollerbach Kaffee\r\nGeschäftsführung: Ada Beispiel', privacy_nl: '' };
    const saved = await administrator.post('/settings/notices', { ...shown, ...own, retentionMonths: '24' });
    expect(saved.status).toBe(303);
    await administrator.post('/settings/company', { ...COMPANY, name: 'Hollerbach Röster' });
    const company = await app.app.accounts.company();
    expect(company.imprint.de).toContain('Ada Beispiel');
    expect(company.imprint.en).toContain('Hollerbach Röster');
    expect(company.privacyNotice.en).toContain('24 months');
    expect(company.privacyNotice.nl).toContain('24 maanden');
    expect((await administrator.post('/settings/notices', { ...shown, retentionMonths: '0' })).status).toBe(422);
  });

  describe('the mail server', () => {
    const stored = async () =>
      (
        await on
          .storage()
          .read.selectFrom('setting')
          .select('value')
          .where('key', '=', 'mail')
          .executeTakeFirstOrThrow()
      ).value;

    test('is handed to the mailer; its password is sealed, never shown again, and kept when left empty', async () => {
      await administrator.get('/settings/mail');
      expect(await app.app.accounts.mailSettings()).toBeNull();
      await administrator.post('/settings/mail', { ...MAIL, host: 'mail.example.com' });
      expect(await app.app.accounts.mailSettings()).toMatchObject({
        host: 'mail.example.com',
        port: 587,
        password: MAIL.password,
      });
      expect(await stored()).not.toContain(MAIL.password);
      expect((await administrator.get('/settings/mail')).text).not.toContain(MAIL.password);
      await administrator.post('/settings/mail', {
        ...MAIL,
        host: 'mail.example.com',
        password: '',
        from: 'new@example.com',
      });
      expect(await app.app.accounts.mailSettings()).toMatchObject({ from: 'new@example.com', password: MAIL.password });
    });

    test('is named by the page that sets it, wherever it is set; without one the page says where letters stay', async () => {
      const leadOf = (text: string) => /<p class="lead">([^<]*)</.exec(text)?.[1];
      await administrator.get('/settings/mail');
      await administrator.post('/settings/mail', { ...MAIL, host: '', user: '' });
      const none = await administrator.get('/settings/mail');
      expect(leadOf(none.text)).toContain('Without a mail server nothing leaves');
      await administrator.post('/settings/mail', { ...MAIL, host: 'mail.example.com' });
      const set = await administrator.get('/settings/mail');
      expect(leadOf(set.text)).toBe('Letters are sent through mail.example.com.');
      const own = await startApp(on.storage(), { environment: { SMTP_URL: 'smtp://relay.example.org' } });
      try {
        const ada = await own.signIn('administrator');
        const fromOutside = await ada.get('/settings/mail');
        expect(leadOf(fromOutside.text)).toBe('Letters are sent through relay.example.org.');
      } finally {
        await own.close();
      }
    });

    test('never gets a password that was typed for another one', async () => {
      await administrator.get('/settings/mail');
      const moved = await administrator.post('/settings/mail', { ...MAIL, host: 'trap.example.org', password: '' });
      expect(moved.status).toBe(422);
      expect(await app.app.accounts.mailSettings()).toMatchObject({ host: 'mail.example.com' });
    });

    test('that cannot be reached is said in words', async () => {
      await administrator.get('/settings/mail');
      const form = { ...MAIL, host: '127.0.0.1', port: '1', security: 'none', then: 'test' };
      const answer = await administrator.post('/settings/mail', form);
      expect(answer.headers.location).toBe('/settings/mail');
      const page = await administrator.get('/settings/mail');
      expect(page.text).toContain('role="status"');
      expect(page.text).not.toContain('mail.test.');
    });

    test('has limits of its own: with a comma or a point, or none', async () => {
      await administrator.get('/settings/mail');
      const form = { ...MAIL, host: 'mail.example.com', perSecond: '0,5', connections: '3' };
      expect((await administrator.post('/settings/mail', form)).status).toBe(303);
      expect(await app.app.accounts.mailSettings()).toMatchObject({ perSecond: 0.5, connections: 3 });
      expect((await administrator.get('/settings/mail')).text).toMatch(/name="perSecond"[^>]* value="0.5"/);
      for (const wrong of [{ perSecond: '0' }, { perSecond: 'fast' }, { perSecond: '1001' }, { connections: '2.5' }])
        expect((await administrator.post('/settings/mail', { ...form, ...wrong })).status).toBe(422);
      expect((await administrator.post('/settings/mail', { ...form, connections: '21' })).text).toContain(
        'from 1 to 20',
      );
      await administrator.post('/settings/mail', { ...form, perSecond: '', connections: '' });
      const none = await app.app.accounts.mailSettings();
      expect(none).toMatchObject({ perSecond: undefined, connections: undefined });
    });

    test('is none again without a host', async () => {
      await administrator.get('/settings/mail');
      await administrator.post('/settings/mail', { ...MAIL, host: '', user: '', password: '', from: '' });
      expect(await app.app.accounts.mailSettings()).toBeNull();
    });
  });

  test('the usual mail services fill in their settings, and the page has the records for the domain', async () => {
    const ada = await app.signIn('administrator');
    const filled = await ada.get('/settings/mail?provider=postmark');
    expect(filled.text).toContain('value="smtp.postmarkapp.com"');
    expect(filled.text).toContain('API token');
    expect((await ada.get('/settings/mail?provider=__proto__')).status).toBe(200);
    const mail = { host: 'smtp.postmarkapp.com', port: '587', security: 'starttls', user: 'x', password: 'y' };
    expect((await ada.post('/settings/mail', { ...mail, from: 'house@example.com' })).status).toBe(303);
    const { text } = await ada.get('/settings/mail');
    expect(text).toContain('v=spf1 include:spf.mtasv.net ~all');
    expect(text).toContain('_dmarc.example.com');
    expect(text).not.toContain('_domainkey');
    await ada.post('/settings/mail', { ...mail, host: 'mail.example.com', from: 'house@example.com' });
    expect((await ada.get('/settings/mail')).text).toContain('v=spf1 a:mail.example.com ~all');
    await ada.post('/settings/mail', { ...mail, host: '192.0.2.7', from: 'house@example.com' });
    expect((await ada.get('/settings/mail')).text).toContain('v=spf1 ip4:192.0.2.7 ~all');
  });

  test('what may send stands under the domain that returned mail goes to, the rest under the sender’s', async () => {
    const own = await startApp(on.storage(), { environment: { BOUNCE_ADDRESS: 'returned@post.example.com' } });
    try {
      const ada = await own.signIn('administrator');
      await ada.get('/settings/mail');
      const server = { host: 'mail.example.com', port: '587', security: 'starttls', user: 'x', password: 'y' };
      const mail = { ...server, from: 'house@example.com' };
      expect((await ada.post('/settings/mail', mail)).status).toBe(303);
      const { text } = await ada.get('/settings/mail');
      expect(text).toMatch(/<input [^>]*value="post\.example\.com" readonly>/);
      expect(text).toContain('_dmarc.example.com');
    } finally {
      await own.close();
    }
  });

  describe('what mail services report', () => {
    const section = async () => (await administrator.get('/settings/mail')).text;
    const stored = async () => {
      const row = on.storage().read.selectFrom('setting').select('value').where('key', '=', 'mail-hooks');
      return (await row.executeTakeFirst())?.value ?? '';
    };

    test('is set up with the address to paste and steps in words, for the service in use', async () => {
      const { text } = await administrator.get('/settings/mail?provider=ses');
      expect(text).toContain(`value="${app.baseUrl}/hooks/mail/ses"`);
      expect(text).toContain('raw message delivery off');
      expect(text).not.toContain('/hooks/mail/mailgun');
      expect((await administrator.get('/settings/mail?provider=microsoft')).text).toContain(
        'reports nothing by itself',
      );
      expect((await administrator.get('/settings/mail?provider=ses')).text).toMatch(/name="perSecond"[^>]* value="14"/);
    });

    test('counts only from the topic that was named; what is none is said', async () => {
      const wrong = await administrator.post('/settings/mail/hooks/ses', { topicArn: 'arn:aws:s3:::bucket' });
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain('value="arn:aws:s3:::bucket"');
      expect(wrong.text).toContain('<a href="#topicArn">');
      const topicArn = 'arn:aws:sns:eu-central-1:123456789012:returned';
      await administrator.post('/settings/mail/hooks/ses', { topicArn: ` ${topicArn} ` });
      expect(await app.app.accounts.hookSecrets()).toMatchObject({ topicArn });
      expect(await section()).toContain('Amazon has not asked yet');
      await administrator.post('/settings/mail/hooks/ses', { topicArn, then: 'off' });
      expect(await app.app.accounts.hookSecrets()).toMatchObject({ topicArn: '' });
    });

    test('is signed with a key that is sealed and never shown again', async () => {
      const signingKey = '0123456789abcdef0123456789abcdef';
      expect((await administrator.post('/settings/mail/hooks/mailgun', { signingKey: 'a b' })).status).toBe(422);
      await administrator.post('/settings/mail/hooks/mailgun', { signingKey });
      expect(await app.app.accounts.hookSecrets()).toMatchObject({ mailgunKey: signingKey });
      expect(await stored()).not.toContain(signingKey);
      const text = await section();
      expect(text).toContain('A key is kept.');
      expect(text).not.toContain(signingKey);
      await administrator.post('/settings/mail/hooks/mailgun', { then: 'off' });
      expect(await app.app.accounts.hookSecrets()).toMatchObject({ mailgunKey: '' });
    });

    test('comes to an address with a password where nothing is signed; a new one ends the old', async () => {
      const address = async () => /value="(http:\/\/comeback:[^"]+)"/.exec(await section())?.[1] ?? '';
      await administrator.get('/settings/mail');
      await administrator.post('/settings/mail/hooks/postmark');
      const first = await address();
      expect(await section()).toContain('Copy the address above.');
      const { postmarkPassword } = await app.app.accounts.hookSecrets();
      expect(new URL(first).password).toBe(postmarkPassword);
      expect(postmarkPassword.length).toBeGreaterThan(40);
      expect(await stored()).not.toContain(postmarkPassword);
      await administrator.post('/settings/mail/hooks/postmark');
      expect(await address()).not.toBe(first);
      await administrator.post('/settings/mail/hooks/postmark', { then: 'off' });
      expect(await address()).toBe('');
      const { rows } = await app.app.accounts.log.list({ actorId: null, before: null });
      expect(rows.map(({ action }) => action)).toContain('accounts.settings.mailHooks');
    });
  });
});
