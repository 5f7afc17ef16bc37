import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { testClock, type TestClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { addressOf, forgetWaves, leavers, newWave, readyToSend } from '../support/waves.ts';

jest.setTimeout(30_000);

onBothEngines((on) => {
  let smtp: SmtpServer;
  let running: TestApp;
  let clock: TestClock;
  let staff: Person & { accountId: string };
  let ready: { senderId: string; questionnaireId: string };

  beforeAll(async () => {
    smtp = await startSmtp();
    clock = testClock();
    running = await startApp(on.storage(), {
      clock,
      environment: { SMTP_URL: smtp.url, MAIL_FROM: 'house@example.com' },
    });
    ready = await readyToSend(running.app);
    staff = await running.signIn('staff', 'Ingrid Solheim');
  });
  afterAll(async () => {
    await running.close();
    await smtp.close();
  });
  beforeEach(() => {
    smtp.behaviour = {};
    smtp.received.length = 0;
    clock.set('2026-11-10T08:05:00.000Z');
  });
  afterEach(() => forgetWaves(on.storage()));

  const recipients = () => smtp.received.flatMap(({ to }) => to).sort();
  const run = async (at: string) => {
    clock.set(at);
    await running.app.runDue();
  };

  /** A wave of so many that has been sent, with nothing in the mailbox any more. */
  async function sent(
    count: number,
    reminderDays = [5, 12],
    more = {},
  ): Promise<{ id: string; invitations: string[] }> {
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(count, () => more),
    );
    const id = await newWave(running.app, ready, { reminderDays });
    await running.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await running.app.runDue();
    expect(smtp.received).toHaveLength(count);
    const { rows } = await running.app.invitations.listInvitations(id, {}, null);
    return { id, invitations: rows.map((row) => row.id) };
  }
  const reminders = async (id: string) => {
    const { reminders: counts } = await running.app.invitations.waveStatus(id);
    return Object.fromEntries(counts.map(({ state, reason, count }) => [reason ? `${state} ${reason}` : state, count]));
  };

  test('on day 5 and day 12, moved to working days; nobody twice, nobody after that', async () => {
    const { id } = await sent(3);
    smtp.received.length = 0;
    await run('2026-11-14T12:00:00.000Z');
    await run('2026-11-15T12:00:00.000Z'); // day 5 is a Sunday
    await run('2026-11-16T06:59:00.000Z');
    expect(smtp.received).toEqual([]);
    await run('2026-11-16T07:00:00.000Z');
    expect(recipients()).toEqual([0, 1, 2].map(addressOf));
    await running.app.runDue();
    await run('2026-11-20T12:00:00.000Z');
    expect(smtp.received).toHaveLength(3);
    await run('2026-11-23T07:00:00.000Z'); // day 12, a Sunday too
    expect(smtp.received).toHaveLength(6);
    await run('2026-12-10T08:05:00.000Z');
    await run('2027-01-10T08:05:00.000Z');
    expect(smtp.received).toHaveLength(6);
    expect(await reminders(id)).toEqual({ sent: 6 });
  });

  test('the letter answers the invitation, with the same link and another text each time', async () => {
    const { invitations } = await sent(1, [5, 12], { language: 'de', title: 'Frau', familyName: 'Brandes' });
    await run('2026-11-16T09:00:00.000Z');
    await run('2026-11-23T09:00:00.000Z');
    const mails = await Promise.all(smtp.received.map(({ source }) => PostalMime.parse(source)));
    const [first, second, third] = mails;
    const header = (mail: typeof first, key: string) => mail?.headers.find((each) => each.key === key)?.value;
    const link = running.app.invitations.linkFor(invitations[0] ?? '');
    expect(second?.subject).toBe('Ihre Meinung hilft uns weiterhin');
    expect(third?.subject).toBe('Mein letzter Brief dazu');
    for (const mail of [second, third]) {
      expect(header(mail, 'in-reply-to')).toBe(first?.messageId);
      expect(header(mail, 'references')).toBe(first?.messageId);
      expect(header(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(mail?.messageId).not.toBe(first?.messageId);
      expect(mail?.text).toMatch(/^Guten Tag Frau Brandes,\n/);
      expect(mail?.text).toContain(`Meine Antwort schreiben:\n${link}\n`);
      expect(mail?.html).toContain(`href="${link}"`);
    }
    expect(second?.text).not.toBe(third?.text);
  });

  test('each recipient’s own clock and holidays', async () => {
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(2, (i) =>
        i ? { timeZone: 'America/New_York', country: 'US' } : { timeZone: 'Europe/Berlin', country: 'DE' },
      ),
    );
    clock.set('2026-11-20T08:05:00.000Z');
    const id = await newWave(running.app, ready, { reminderDays: [6] });
    await running.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await running.app.runDue();
    smtp.received.length = 0;
    await run('2026-11-26T08:05:00.000Z');
    expect(recipients()).toEqual([addressOf(0)]);
    await run('2026-11-26T18:00:00.000Z'); // Thanksgiving
    await run('2026-11-27T12:59:00.000Z');
    expect(recipients()).toEqual([addressOf(0)]);
    await run('2026-11-27T13:00:00.000Z');
    expect(recipients()).toEqual([addressOf(0), addressOf(1)]);
  });

  test('an answer, an opt-out, a bounce, a withdrawn link and an unsubscription end it', async () => {
    const { id, invitations } = await sent(6);
    const [a = '', b = '', c = '', d = '', e = ''] = invitations;
    const { markStarted, optOut, markBounced, revoke } = running.app.invitations;
    const customer = (await running.app.customers.findByReference('W-0004'))?.id ?? '';
    await on.storage().transaction(async (tx) => {
      await markStarted(tx, a);
      await optOut(tx, b, 'link');
      await markBounced(tx, c);
    });
    await revoke(COMMAND, id, d);
    await on.storage().transaction((tx) => running.app.customers.unsubscribe(tx, customer, 'link'));
    expect(e).not.toBe('');
    smtp.received.length = 0;
    await run('2026-11-16T09:00:00.000Z');
    expect(recipients()).toEqual([addressOf(5)]);
    expect(await reminders(id)).toEqual({
      'cancelled answered': 1,
      'cancelled opted_out': 1,
      'cancelled bounced': 1,
      'cancelled revoked': 1,
      'cancelled unsubscribed': 1,
      sent: 1,
      planned: 1,
    });
  });

  test('what happens after a reminder was queued is seen in the transaction that claims it', async () => {
    const { id, invitations } = await sent(4);
    smtp.received.length = 0;
    clock.set('2026-11-16T09:00:00.000Z');
    await running.app.invitations.work();
    expect(await reminders(id)).toEqual({ queued: 4 });
    await on.storage().transaction(async (tx) => {
      await running.app.invitations.markStarted(tx, invitations[0] ?? '');
      await running.app.invitations.markBounced(tx, invitations[1] ?? '');
    });
    await running.app.mailer.sendDue();
    expect(recipients()).toEqual([addressOf(2), addressOf(3)]);
    expect(await reminders(id)).toEqual({ 'cancelled answered': 1, 'cancelled bounced': 1, sent: 2, planned: 2 });
  });

  test('queued in the evening it waits for the morning', async () => {
    await sent(2);
    smtp.received.length = 0;
    clock.set('2026-11-16T18:59:00.000Z');
    await running.app.invitations.work();
    await run('2026-11-16T19:00:00.000Z');
    await run('2026-11-17T06:59:00.000Z');
    expect(smtp.received).toEqual([]);
    await run('2026-11-17T07:00:00.000Z');
    expect(smtp.received).toHaveLength(2);
  });

  test('paused they wait, stopped they end; a second comes no sooner than three days after a late first', async () => {
    const { id } = await sent(2);
    smtp.received.length = 0;
    await staff.get(`/waves/${id}`);
    expect((await staff.post(`/waves/${id}/pause`)).status).toBe(303);
    await run('2026-11-16T09:00:00.000Z');
    expect(smtp.received).toEqual([]);
    clock.set('2026-11-21T09:00:00.000Z'); // a Saturday
    await running.app.invitations.resumeWave(COMMAND, id);
    await running.app.runDue();
    expect(smtp.received).toEqual([]);
    await run('2026-11-23T07:00:00.000Z');
    expect(smtp.received).toHaveLength(2);
    await run('2026-11-25T12:00:00.000Z');
    expect(smtp.received).toHaveLength(2);
    await running.app.invitations.stopWave(COMMAND, id);
    await run('2026-11-27T12:00:00.000Z');
    expect(smtp.received).toHaveLength(2);
    expect(await reminders(id)).toEqual({ sent: 2, 'cancelled stopped': 2 });
    await expect(running.app.invitations.stopWave(COMMAND, id)).rejects.toMatchObject({
      key: 'waves.error.notRunning',
    });
  });

  test('one that could not go for a week is dropped; the next may still come', async () => {
    const { id } = await sent(1, [5, 20]);
    smtp.received.length = 0;
    await run('2026-11-25T09:00:00.000Z');
    expect(smtp.received).toEqual([]);
    await run('2026-11-30T09:00:00.000Z');
    expect(smtp.received).toHaveLength(1);
    expect(await reminders(id)).toEqual({ 'cancelled too_late': 1, sent: 1 });
  });

  test('an unknown one is not sent again by itself; a person decides, on the recipient’s page', async () => {
    const { id, invitations } = await sent(1, [5]);
    smtp.received.length = 0;
    smtp.behaviour = { data: () => 'drop' };
    await run('2026-11-16T09:00:00.000Z');
    smtp.behaviour = {};
    smtp.received.length = 0;
    await run('2026-11-17T09:00:00.000Z');
    expect(smtp.received).toEqual([]);
    expect(Object.keys(await reminders(id))).toEqual([expect.stringMatching(/^unknown /)]);
    const staff = await running.signIn('staff', 'Ingrid Solheim');
    const page = await staff.get(`/waves/${id}/invitations/${invitations[0]}`);
    expect(page.text).toContain('Nobody knows whether reminder 1 arrived');
    const action = /action="([^"]+\/reminders\/[^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await staff.post(action, { decision: 'again' })).status).toBe(303);
    await running.app.runDue();
    expect(smtp.received).toHaveLength(1);
    expect((await staff.post(action, { decision: 'again' })).status).toBe(409);
    expect((await staff.get(`/waves/${id}/invitations/${invitations[0]}`)).text).toContain(
      'Ingrid Solheim: had an unknown mail sent again',
    );
  });

  test('two processes that look at the same moment remind everybody once', async () => {
    const { id } = await sent(150, [5]);
    smtp.received.length = 0;
    clock.set('2026-11-16T09:00:00.000Z');
    const other = await startApp(on.storage(), {
      clock,
      environment: { SMTP_URL: smtp.url, MAIL_FROM: 'house@example.com' },
    });
    await Promise.all([running.app.runDue(), other.app.runDue(), running.app.runDue()]);
    await other.app.runDue();
    await other.close();
    expect(recipients()).toEqual(Array.from({ length: 150 }, (_, i) => addressOf(i)));
    expect(await reminders(id)).toEqual({ sent: 150 });
  });

  test('the form offers none, one or two; faults come back to their fields', async () => {
    await running.app.customers.upsertMany(COMMAND, leavers(1));
    const page = await staff.get('/waves/new');
    expect(page.text).toMatch(/<option value="1" selected>One</);
    const fields = {
      questionnaireId: ready.questionnaireId,
      name: 'Leaving',
      senderAccountId: ready.senderId,
      status: 'left',
      reminders: '2',
      reminderFirst: '5',
      reminderSecond: '6',
    };
    const close = await staff.post('/waves', fields);
    expect(close.status).toBe(422);
    expect(close.text).toContain('href="#reminderSecond"');
    const words = await staff.post('/waves', { ...fields, reminderFirst: 'soon' });
    expect(words.text).toContain('href="#reminderFirst"');
    const made = await staff.post('/waves', { ...fields, reminderSecond: '12' });
    expect(made.status).toBe(303);
    const check = await staff.get(made.headers.location ?? '');
    expect(check.text).toContain('day 5 and day 12');
    expect(check.text).toContain('My last letter about this');
    expect((await staff.get(`${made.headers.location}/edit`)).text).toContain('value="12"');
  });

  test('left to the programme, those who left are reminded once', async () => {
    const id = await newWave(running.app, ready);
    expect((await running.app.invitations.getWave(id)).reminderDays).toEqual([5]);
  });
});
