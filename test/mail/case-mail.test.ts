import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OfferInput } from '../../src/recovery/index.ts';
import { colleague, COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { storedZip } from '../../src/shared/zip.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { startImap, type ImapServer } from '../support/imap.ts';
import { letterOf, type Written } from '../support/letters-in.ts';
import { png } from '../support/pictures.ts';
import { bounceOf } from '../support/returned.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

const WORDS = 'Guten Tag Frau Brandes,\n\nheute bringt Tobias eine Leihmaschine.';
const OFFER: Omit<OfferInput, 'name'> = {
  kind: 'gift',
  amount: null,
  costMinor: 900,
  forWhom: 'everyone',
  reasons: [],
  leastWorthMinor: 0,
  leastRole: 'staff',
  perCustomer: null,
  perYear: null,
  most: null,
  codeKind: 'generated',
  code: '',
  validDays: 30,
  endsOn: null,
};
let people = 0;

onBothEngines(({ engine, storage }) => {
  let smtp: SmtpServer;
  let imap: ImapServer;
  let started: TestApp;
  let staff: Person & { accountId: string };
  beforeAll(async () => {
    [smtp, imap] = [await startSmtp(), await startImap()];
    const environment = {
      SMTP_URL: smtp.url,
      MAIL_FROM: 'hallo@example.com',
      BOUNCE_ADDRESS: 'post@example.com',
      IMAP_URL: imap.url,
    };
    started = await startApp(storage(), { environment });
    staff = await started.signIn('staff', 'Ingrid Solheim');
  });
  afterAll(async () => {
    await started.close();
    await Promise.all([smtp.close(), imap.close()]);
  });
  beforeEach(async () => {
    // What is kept in memory for a few seconds is read anew.
    started.clock.advance({ minutes: 1 });
    await started.app.mailer.sendDue();
    smtp.received.length = 0;
    smtp.behaviour = {};
  });

  const { recovery, mailer, bounces, customers } = new Proxy({} as TestApp['app'], {
    get: (_, name: keyof TestApp['app']) => new Proxy({}, { get: (_own, of) => (started.app[name] as never)[of] }),
  });

  /** A complaint of a customer with an address of their own. */
  async function complaint() {
    const email = `anna-${++people}@example.org`;
    const fields = { familyName: 'Brandes', givenName: 'Anna', title: 'Frau', language: 'de', email };
    const made = await customers.create(COMMAND, fields);
    if (!made.ok) throw new Error('no customer');
    const customerId = made.value.id;
    const { caseId, number } = await storage().transaction((tx) =>
      recovery.cases.open(tx, SYSTEM, {
        kind: 'complaint',
        customerId,
        origin: 'hand',
        originId: null,
        words: 'Sie tropft.',
        language: 'de',
      }),
    );
    return { email, customerId, caseId, number, path: `/cases/${caseId}` };
  }

  async function reply(path: string, more: Record<string, string> = {}, file?: { name: string; content: Buffer }) {
    const form = /name="mailForm" value="([^"]+)"/.exec((await staff.get(path)).text)?.[1] ?? '';
    const fields = { mailForm: form, mailSubject: 'Ihre Maschine', mailWords: WORDS, ...more };
    const given = file ?? { name: '', content: Buffer.alloc(0) };
    return await staff.upload(`${path}/mail`, fields, { field: 'mailFiles', ...given });
  }
  const sent = async () => {
    await mailer.sendDue();
    const [letter] = smtp.received;
    if (!letter) throw new Error('nothing was sent');
    const header = (name: string) =>
      new RegExp(`^${name}: ((?:.*(?:\\r?\\n[ \\t])?)+)`, 'mi').exec(letter.source)?.[1]?.replace(/\s+/g, ' ').trim() ??
      '';
    return { ...letter, header };
  };
  const arrive = async (...letters: (Buffer | Written)[]) => {
    for (const each of letters)
      imap.messages.push({ source: Buffer.isBuffer(each) ? each : letterOf(each), seen: false });
    await bounces.poll();
  };
  const addressOf = async (path: string) => {
    await reply(path);
    return (await sent()).header('Reply-To');
  };
  const thread = async (caseId: string) => (await recovery.mail.thread(caseId)).mails;
  const newest = async (caseId: string) => (await thread(caseId))[0];
  const toSort = async () => (await recovery.mail.toSort(null)).rows;
  const openCases = async () => (await storage().read.selectFrom('recovery_case').select('id').execute()).length;

  test('what is said in a step goes to them with what they were given, in their language, once, or not at all', async () => {
    const { path, customerId, caseId } = await complaint();
    const other = await complaint();
    const actor = colleague(staff.accountId);
    const names = { de: 'Probierpaket', en: 'Tasting box' };
    const offerId = await recovery.offers.create(actor, { ...OFFER, name: names });
    const give = async (to: { customerId: string; caseId: string }) =>
      await recovery.offers.give({ actor, role: 'staff' }, { offerId, customerId: to.customerId, caseId: to.caseId });
    const [mine, theirs] = [await give({ customerId, caseId }), await give(other)];
    if (mine.state !== 'given' || theirs.state !== 'given') throw new Error('not given');
    expect((await staff.get(path)).text).toContain('name="mail_make_good"');

    const said = { channel_make_good: 'telephone', mail_make_good: '1', given_make_good: [mine.id, theirs.id] };
    const step = (words: string) => staff.post(`${path}/steps/make_good`, { ...said, said_make_good: words });
    const harsh = await step('Sie hätten anrufen müssen.');
    expect(harsh.status).toBe(422);
    expect(harsh.text).toMatch(new RegExp(`value="${mine.id}" checked`));
    await mailer.sendDue();
    expect(smtp.received).toHaveLength(0);
    const clicks = await Promise.all([1, 2].map(() => step('Ihre Maschine ist heute repariert.')));
    expect(clicks.map(({ status }) => status).sort()).toEqual([303, 409]);
    const { source, header } = await sent();
    const text = (await newest(caseId))?.words;
    expect(source).toContain(mine.code);
    expect(smtp.received).toHaveLength(1);
    expect(text).toContain('Guten Tag Frau Brandes,\n\nIhre Maschine ist heute repariert.');
    expect(text).toContain(`Das ist für Sie: Probierpaket. Ihr Code lautet ${mine.code}, gültig bis`);
    expect(text).not.toContain(theirs.code);
    expect(header('Auto-Submitted')).toBe('no');

    const shown = (await staff.get(path)).text;
    expect(shown).toContain('by e-mail');
    expect(shown).toContain('Written to about: Tasting box');
    expect(shown).toMatch(new RegExp(`name="given" value="${mine.id}"> .*written to about it on`));
    expect((await staff.get(`/customers/${customerId}`)).text).toContain('Written to about: Tasting box');
    const contacts = await storage()
      .read.selectFrom('contact')
      .select('kind')
      .where('customer_id', '=', customerId)
      .execute();
    expect(contacts.map(({ kind }) => kind)).toEqual(['service']);

    const again = await complaint();
    await customers.unsubscribeByHand(COMMAND, again.customerId, 'telephone');
    await bounces.suppressions.addByHand(COMMAND, again.email, 'x', null);
    const refused = { ...said, said_make_good: 'Ihre Maschine ist heute repariert.' };
    expect((await staff.get(again.path)).text).not.toContain('name="mail_make_good"');
    expect((await staff.post(`${again.path}/steps/make_good`, refused)).status).toBe(409);
    expect((await staff.get(again.path)).text).not.toContain('Signed by');
  });

  test('an answer leaves once, as a person writes, with its file, and the page says what became of it', async () => {
    const { path, email, customerId } = await complaint();
    const page = await staff.get(path);
    expect(page.text).toContain('Guten Tag Frau Brandes,');
    const form = /name="mailForm" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const fields = { mailForm: form, mailSubject: 'Ihre Maschine', mailWords: WORDS };
    const file = { field: 'mailFiles', name: 'plan.png', content: png(30, 20) };
    const clicks = await Promise.all([1, 2].map(() => staff.upload(`${path}/mail`, fields, file)));
    expect(clicks.map(({ status }) => status)).toEqual([303, 303]);
    expect((await staff.get(path)).text).toContain('Waits to be sent');
    const { to, from, source, header } = await sent();
    expect(smtp.received).toHaveLength(1);
    expect(to).toEqual([email]);
    expect(from).toMatch(/^post\+[a-z2-7]{48}@example\.com$/);
    expect(header('Reply-To')).toMatch(/^<?post\+c\.[a-z2-7]{42}@example\.com>?$/);
    expect(header('Auto-Submitted')).toBe('no');
    expect(header('From')).toContain('Ingrid Solheim');
    expect(source).toContain('filename=plan.png');
    expect(source).toContain(png(30, 20).toString('base64').slice(0, 60));
    const shown = (await staff.get(path)).text;
    expect(shown).toContain('Sent');
    const href = /href="(\/attachments\/[^"]+)"/.exec(shown)?.[1] ?? '';
    const served = await staff.get(href);
    expect(served.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': expect.stringMatching(/^inline; filename="plan.png"/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'private, max-age=300',
    });
    expect((await started.visitor().get(href)).status).not.toBe(200);
    expect((await staff.get(`/customers/${customerId}`)).text).toContain('Wrote about case');
  });

  test('what would hurt is asked about first, what is no good is refused, and nothing that was typed is lost', async () => {
    const { path, caseId } = await complaint();
    const blaming = await reply(path, { mailWords: 'Leider haben Sie nicht angerufen.' });
    expect(blaming).toMatchObject({
      status: 422,
      text: expect.stringContaining('Leider haben Sie nicht angerufen.'),
    });
    expect((await reply(path, { mailWords: 'Leider haben Sie nicht angerufen.', anyway: '1' })).status).toBe(303);
    const svg = {
      name: 'a.png',
      content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    };
    expect(await reply(path, {}, svg)).toMatchObject({
      status: 422,
      text: expect.stringContaining('a.png cannot be taken'),
    });
    expect((await reply(path, {}, { name: 'b.txt', content: Buffer.alloc(11 * 1024 * 1024, 'a') })).status).toBe(422);
    expect((await reply(path, { mailWords: ' \0 ' })).status).toBe(422);
    // The greeting stands there already; a letter that says no more does not leave.
    expect((await reply(path, { mailWords: 'Guten Tag Frau Brandes,\n' })).status).toBe(422);
    expect(
      (
        await staff.upload(
          `${path}/mail`,
          { csrf: 'wrong' },
          { field: 'mailFiles', name: '', content: Buffer.alloc(0) },
        )
      ).status,
    ).toBe(403);
    expect(await thread(caseId)).toHaveLength(1);
  });

  test('their answer finds the case by its address, is read once, and waits for ours', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const text =
      'Danke, das hilft sehr.\n\nAm 21.11.2026 um 09:00 schrieb Ingrid Solheim:\n> heute bringt Tobias\n> eine Leihmaschine.\n';
    const letter = letterOf({ from: `Anna <${email}>`, to, text });
    await arrive(letter, letter);
    expect(await thread(caseId)).toHaveLength(2);
    expect(await newest(caseId)).toMatchObject({
      direction: 'in',
      state: 'received',
      words: 'Danke, das hilft sehr.',
      automatic: 0,
      other_address: 0,
      quoted: expect.stringContaining('> eine Leihmaschine.'),
    });
    expect(await recovery.cases.get(caseId)).toMatchObject({ nextStep: 'answer_mail', awaiting: false });
    const page = (await staff.get(path)).text;
    expect(page).toContain('Waits for an answer');
    await reply(path);
    expect((await recovery.cases.get(caseId)).nextStep).toBe('apologise');
    smtp.received.length = 0;
    const { header } = await sent();
    expect(header('In-Reply-To')).toBe(/^Message-ID: (.*)\r$/m.exec(letter.toString())?.[1]);
  });

  test('a step does not answer them; a colleague who telephoned says so, once', async () => {
    const { path, email, caseId, number } = await complaint();
    await arrive({ from: email, to: 'hallo@example.com', text: 'Wann kommt er?' });
    await started.app.recovery.caseWork.steps.sign(SYSTEM, caseId, 'apologise', { said: 'x', channel: 'telephone' });
    expect((await recovery.cases.get(caseId)).nextStep).toBe('answer_mail');
    expect((await staff.get('/today')).text).toContain('Answer their mail');
    await staff.get(path);
    const clicks = await Promise.all([1, 2].map(() => staff.post(`${path}/mail/answered`)));
    expect(clicks.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect((await recovery.cases.get(caseId)).nextStep).toBe('act');
    expect((await recovery.mail.thread(caseId)).waits).toBe(false);
    expect((await staff.get(`/search?q=%23${number}`)).text).toContain(`href="${path}"`);
    const byWords = (await staff.get('/search?q=wann%20KOMMT%20er')).text;
    expect([byWords.includes(`href="${path}"`), byWords.includes('Wann kommt er?')]).toEqual([true, true]);
  });

  test('of a case that was put into another goes on there, and is answered there', async () => {
    const { path, email, caseId, customerId, number } = await complaint();
    const cause = { kind: 'complaint', customerId, origin: 'hand', originId: null } as const;
    const twice = { ...cause, words: 'Noch einmal', language: 'de' };
    const duplicate = await storage().transaction((tx) => recovery.cases.open(tx, SYSTEM, twice));
    const to = await addressOf(`/cases/${duplicate.caseId}`);
    await arrive({ from: email, to, text: 'Bitte am Freitag.' });
    await recovery.caseWork.steps.sign(SYSTEM, caseId, 'apologise', { said: 'x', channel: 'telephone' });
    await recovery.caseWork.handling.merge(SYSTEM, duplicate.caseId, number);
    expect((await recovery.cases.get(caseId)).nextStep).toBe('answer_mail');
    expect((await thread(caseId)).map(({ direction }) => direction)).toEqual(['in', 'out']);
    expect((await staff.get(path)).text).toContain('Bitte am Freitag.');
    await reply(path);
    expect((await recovery.mail.thread(caseId)).waits).toBe(false);
    expect((await recovery.cases.get(caseId)).nextStep).toBe('act');
  });

  test('by what it answers, by whom it is from, and never by what it merely says', async () => {
    const { path, email, caseId } = await complaint();
    await addressOf(path);
    const id = (await sent()).header('Message-ID');
    await arrive({
      from: 'kim@example.net',
      to: 'hallo@example.com',
      text: 'Von zu Hause.',
      headers: { 'In-Reply-To': id },
    });
    expect(await newest(caseId)).toMatchObject({ words: 'Von zu Hause.', other_address: 1 });
    expect((await staff.get(path)).text).toContain('From another address');
    await arrive({ from: email.toUpperCase(), to: 'hallo@example.com', text: 'Noch etwas.' });
    expect(await newest(caseId)).toMatchObject({ words: 'Noch etwas.', other_address: 0 });
    const cases = await openCases();
    const forged = `post+c.${'a'.repeat(42)}@example.com`;
    await arrive({ from: 'lee@example.net', to: forged, text: 'Wer bin ich?' });
    expect(await toSort()).toMatchObject([{ words: 'Wer bin ich?', case_id: null, customer_id: null }]);
    expect(await openCases()).toBe(cases);
    await recovery.mail.setAside(COMMAND, (await toSort())[0]?.id ?? '');
  });

  test('what answers a letter that asks why somebody left finds the case as well', async () => {
    const email = `anna-${++people}@example.org`;
    const reference = `gone-${people}`;
    const basis = { legalBasis: 'contract', legalBasisSource: 'orders', legalBasisOn: '2020-05-01' } as const;
    const gone = { status: 'left', leftOn: '2026-10-20', yearlyValueMinor: 100_000, language: 'de' } as const;
    const [made] = await customers.upsertMany(COMMAND, [
      { reference, email, familyName: 'Brandes', ...gone, ...basis },
    ]);
    const begun = await staff.post(`/winback/${made?.id}/case`);
    const caseId = /\/cases\/([0-9a-f-]{36})\/call/.exec(begun.headers.location ?? '')?.[1] ?? '';
    expect((await staff.post(`/cases/${caseId}/letter`, { kind: 'ask' })).status).toBe(303);
    await arrive({ from: `Anna <${email}>`, to: (await sent()).header('Reply-To'), text: 'Es war die neue Mischung.' });
    expect(await newest(caseId)).toMatchObject({ direction: 'in', words: 'Es war die neue Mischung.' });
    expect((await recovery.cases.get(caseId)).nextStep).toBe('answer_mail');
  });

  test('machines are noted where they belong, never answered, and open nothing', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const before = await recovery.cases.get(caseId);
    const away = { from: email, to, subject: 'Abwesend: Re: Ihre Maschine', text: 'Ich bin im Urlaub.' };
    await arrive(
      { ...away, headers: { 'Auto-Submitted': 'auto-replied' } },
      { ...away, text: 'Ich bin bis Montag nicht im Haus.' },
      {
        ...away,
        subject: 'Neues',
        text: 'Unser Rundbrief',
        headers: { 'List-Unsubscribe': '<https://example.net/u>' },
      },
      { ...away, subject: 'Re: x', text: 'Im Kreis', headers: { 'X-Loop': 'yes', Precedence: 'bulk' } },
    );
    expect((await thread(caseId)).map(({ automatic }) => automatic)).toEqual([1, 1, 1, 1, 0]);
    expect((await recovery.cases.get(caseId)).nextStep).toBe(before.nextStep);
    expect((await recovery.mail.thread(caseId)).waits).toBe(false);
    await arrive({
      from: 'else@example.net',
      to: 'hallo@example.com',
      subject: 'Out of office',
      headers: { 'Auto-Submitted': 'auto-replied' },
      text: 'Away',
    });
    // Our own mail, sent around.
    await arrive(Buffer.from((await sent()).source));
    expect(await thread(caseId)).toHaveLength(5);
    expect(await toSort()).toEqual([]);
    smtp.received.length = 0;
    await started.app.runDue();
    expect(smtp.received).toEqual([]);
  });

  test('people who write that they are on holiday are people', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    await arrive({ from: email, to, subject: 'Re: Ihr Urlaub', text: 'Ich bin ab Montag im Urlaub, bitte vorher.' });
    expect(await newest(caseId)).toMatchObject({ automatic: 0 });
    expect((await recovery.cases.get(caseId)).nextStep).toBe('answer_mail');
  });

  test('forged senders are said to be, and what a writer claims about themselves counts for nothing', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const received = 'from mail.example.org by mx.example.com with ESMTPS; Sat, 21 Nov 2026 09:00:00 +0000';
    const results = async (claim: string) => {
      await arrive({ from: email, to, text: claim, headers: { Received: received, 'Authentication-Results': claim } });
      return (await newest(caseId))?.trust;
    };
    expect(await results('mx.example.com; dmarc=pass header.from=example.org')).toBe('sure');
    expect(await results('mx.example.com; dkim=pass header.d=example.org')).toBe('sure');
    expect(await results('mx.example.com; dkim=pass header.d=elsewhere.example; spf=none')).toBe('unsure');
    expect(await results('mx.example.com; dkim=none (dmarc=pass); spf=fail smtp.mailfrom=example.org')).toBe('failed');
    expect(await results('mail.attacker.test; dmarc=pass header.from=example.org')).toBe('unsure');
    expect((await staff.get(path)).text).toContain('the check of the sender’s address failed');
    expect(await recovery.cases.get(caseId)).toMatchObject({ closedAt: null });
    expect((await customers.get((await recovery.cases.get(caseId)).customerId ?? '')).email).toBe(email);
  });

  test('nothing in a letter runs, and nothing is fetched', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const bomb = storedZip(new Map([['bomb.txt', Buffer.alloc(100_000)]]));
    await arrive({
      from: email,
      to,
      subject: '<script>alert(1)</script>\u202e',
      html: '<style>p{}</style><p onclick="x()">Guten&nbsp;Tag</p><script>alert(2)</script><img src="https://example.net/seen.gif"><svg onload=alert(3)><a href="javascript:alert(4)">hier</a>',
      files: [
        { name: 'drawing.svg', type: 'image/png', content: Buffer.from('<svg onload="alert(1)"/>') },
        { name: 'page.html', type: 'text/plain', content: Buffer.from('<html><script>1</script>') },
        { name: 'bomb.zip', type: 'application/zip', content: bomb },
        { name: '../../photo\u202egpj.exe', type: 'application/octet-stream', content: png(8, 6) },
      ],
    });
    expect(await newest(caseId)).toMatchObject({ words: expect.stringMatching(/^Guten Tag\s+hier$/) });
    const page = (await staff.get(path)).text;
    expect(page).not.toMatch(/<script>alert|<svg|onclick=|example\.net\/seen|javascript:/);
    for (const name of ['drawing.svg', 'page.html', 'bomb.zip']) expect(page).toContain(`may do harm: ${name}`);
    expect(page).toContain('photogpj.exe.png');
  });

  test('odd encodings, NULs and nonsense arrive as text that both databases take', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const head = `From: ${email}\r\nTo: ${to}\r\nSubject: =?utf-16?B?/////w==?= =?x-none?Q?a=00b?=\r\n`;
    const bodies = [
      'Content-Type: text/plain; charset=x-does-not-exist\r\n\r\nA\0B \xff\xfe',
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=ED=A0=80=00 \xf0\x9f',
      'Content-Type: multipart/mixed; boundary="\r\n\r\nAlles weg',
      'Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!',
    ];
    await arrive(
      ...bodies.map((body, i) => Buffer.from(`${head}Message-ID: <odd-${i}@example.org>\r\n${body}`, 'latin1')),
    );
    const got = (await thread(caseId)).filter(({ direction }) => direction === 'in');
    expect(got).toHaveLength(4);
    expect(got.every(({ words, subject }) => !(words + subject).includes('\0') && words.isWellFormed())).toBe(true);
    expect((await staff.get(path)).status).toBe(200);
  });

  test('a file of megabytes comes whole', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3_000_001, 'Brühgruppe')]);
    await arrive({
      from: email,
      to,
      text: 'Rechnung',
      files: [{ name: 'invoice.pdf', type: 'application/pdf', content }],
    });
    const [kept] = await started.app.recovery.attachments.listOf(storage().read, { caseIds: [caseId] });
    expect((await started.app.recovery.attachments.bytes(storage().read, kept?.id ?? '')).equals(content)).toBe(true);
  });

  test('a letter after the end neither reopens nor confirms: a person does, and one of two', async () => {
    const { path, email, caseId, number } = await complaint();
    const to = await addressOf(path);
    await storage().transaction((tx) =>
      recovery.cases.close(tx, COMMAND, caseId, {
        rootCause: 'delay',
        action: 'x',
        outcome: 'put_right',
        noQuestion: 'test',
      }),
    );
    await arrive({ from: email, to, text: 'Ja, ist erledigt. Oder doch nicht.' });
    expect(await recovery.cases.get(caseId)).toMatchObject({ state: 'closed', settled: null });
    const list = (await staff.get('/mail-to-sort')).text;
    expect(list).toContain(`Came after case ${number} was closed`);
    const id = (await toSort())[0]?.id ?? '';
    const clicks = await Promise.all(
      [1, 2].map(() => staff.post(`/mail-to-sort/${id}/attachment`, { number: String(number) })),
    );
    expect(clicks.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    // Whoever was second is on the list again, and hears why.
    const second = clicks.find(({ status }) => status === 409)?.text;
    expect(second).toMatch(/<p class="panel" role="alert">(Somebody else has sorted this mail|A colleague was faster)/);
    expect(second).toContain('<h1>Mail to sort</h1>');
    expect(await recovery.cases.get(caseId)).toMatchObject({ state: 'reopened' });
  });

  test('a letter after the end that says it is settled counts as their answer once a person has read it so', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const end = { rootCause: 'delay', action: 'x', outcome: 'put_right', noQuestion: 'test' };
    await storage().transaction((tx) => recovery.cases.close(tx, COMMAND, caseId, end));
    await arrive({ from: email, to, text: 'Ja, jetzt ist alles dicht.' });
    const id = (await toSort())[0]?.id ?? '';
    const action = `/mail-to-sort/${id}/settled`;
    expect((await staff.get('/mail-to-sort')).text).toContain(`action="${action}"`);
    const clicks = await Promise.all([1, 2].map(() => staff.post(action)));
    expect(clicks.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(await recovery.cases.get(caseId)).toMatchObject({ state: 'closed', settled: 'yes' });
    const page = (await staff.get(path)).text;
    expect(page).toContain('The customer told Ingrid Solheim that it is settled');
    expect(page.split('Ja, jetzt ist alles dicht.').length).toBeGreaterThan(2);
    expect(await toSort()).toEqual([]);
    await arrive({ from: email, to, text: 'Noch einmal danke.' });
    expect((await staff.get('/mail-to-sort')).text).not.toMatch(/action="[^"]+\/settled"/);
    expect((await staff.post(`/mail-to-sort/${(await toSort())[0]?.id}/settled`)).status).toBe(409);
    expect(await toSort()).toHaveLength(1);
    await staff.post(`/mail-to-sort/${(await toSort())[0]?.id}/removal`);
  });

  test('the number of a case that there is not is said beside the letter, and stays typed', async () => {
    await arrive({ from: 'Kai <kai@example.net>', to: 'hallo@example.com', text: 'Zu meinem Fall.' });
    const id = (await toSort())[0]?.id ?? '';
    for (const number of ['999999', 'Fall 7', '']) {
      const { status, text } = await staff.post(`/mail-to-sort/${id}/attachment`, { number });
      expect(status).toBe(422);
      expect(text).toContain(`<a href="#number-${id}">There is no case with that number.</a>`);
      expect(text).toContain(`id="number-${id}" name="number" value="${number}"`);
    }
    await staff.post(`/mail-to-sort/${id}/removal`);
    expect(await toSort()).toEqual([]);
  });

  test('a letter of nobody known becomes a case with one click, and once', async () => {
    await arrive({
      from: 'Robin <robin@example.net>',
      to: 'hallo@example.com',
      subject: 'Beschwerde',
      text: 'Nie wieder.',
    });
    const id = (await toSort())[0]?.id ?? '';
    const clicks = await Promise.all([1, 2].map(() => staff.post(`/mail-to-sort/${id}/case`)));
    expect(clicks.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const path = clicks.find(({ status }) => status === 303)?.headers.location ?? '';
    expect(await recovery.cases.get(path.split('/').at(-1) ?? '')).toMatchObject({
      kind: 'complaint',
      origin: 'mail',
      words: 'Nie wieder.',
      customerId: null,
      contact: { name: 'Robin', email: 'robin@example.net', telephone: '' },
    });
    await arrive({ from: 'robin@example.net', to: await addressOf(path), text: 'Danke' });
    const page = (await staff.get(path)).text;
    expect(page).toContain('Danke');
    // They wrote it themselves; who put it into a case has not.
    expect(page).not.toContain('Written down by');
    expect(await toSort()).toEqual([]);
  });

  test('an address that takes no mail: the page says so, Today asks for another way, and nothing more goes there', async () => {
    const { path, email, caseId } = await complaint();
    await reply(path);
    const { from } = await sent();
    await arrive(bounceOf(from, email));
    expect(await newest(caseId)).toMatchObject({ state: 'bounced' });
    expect((await recovery.cases.get(caseId)).nextStep).toBe('mail_returned');
    expect((await staff.get(path)).text).toContain('Nothing is sent to this address any more');
    expect((await reply(path, { mailForm: 'again' })).status).toBe(409);
    smtp.received.length = 0;
    await mailer.sendDue();
    expect(smtp.received).toEqual([]);
  });

  // What is cut off never reaches the database's engine; what is kept is kept as of any letter.
  if (engine !== 'sqlite') return;

  test('of fifty megabytes the beginning is read, and what is missing is said', async () => {
    const { path, email, caseId } = await complaint();
    const to = await addressOf(path);
    const photo = png(20, 10);
    const huge = letterOf({
      from: email,
      to,
      text: 'Anbei das Video.',
      files: [
        { name: 'photo.png', type: 'image/png', content: photo },
        {
          name: 'video.pdf',
          type: 'application/pdf',
          content: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(37_000_000, 'v')]),
        },
      ],
    });
    expect(huge.length).toBeGreaterThan(50_000_000);
    await arrive(huge);
    imap.messages.length = 0;
    const row = await newest(caseId);
    expect(row).toMatchObject({
      words: 'Anbei das Video.',
      missing: JSON.stringify([{ name: 'video.pdf', why: 'cut' }]),
    });
    const [kept, ...more] = await started.app.recovery.attachments.listOf(storage().read, { mailIds: [row?.id ?? ''] });
    expect(more).toEqual([]);
    expect(await started.app.recovery.attachments.bytes(storage().read, kept?.id ?? '')).toEqual(photo);
  });
});
