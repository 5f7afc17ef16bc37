import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { bounceOf, complaintOf } from '../support/returned.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { addressOf, forgetWaves, leavers, newWave, readyToSend } from '../support/waves.ts';

const BOUNCES = { BOUNCE_ADDRESS: 'bounces@example.com' };

onBothEngines(({ storage }) => {
  let smtp: SmtpServer;
  let started: TestApp;
  let ready: Awaited<ReturnType<typeof readyToSend>>;

  beforeEach(async () => {
    smtp = await startSmtp();
    started = await startApp(storage(), {
      environment: { ...BOUNCES, SMTP_URL: smtp.url, MAIL_FROM: 'hallo@example.com' },
    });
    const { app } = started;
    const known = (await app.accounts.colleagues()).find(({ email }) => email === 'miriam@example.com');
    const leaving = (await app.questionnaires.list()).find((each) => each.programme.key === 'leaving');
    ready = known ? { senderId: known.id, questionnaireId: leaving?.id ?? '' } : await readyToSend(app);
  });
  afterEach(async () => {
    await started.close();
    await smtp.close();
    await forgetWaves(storage());
    await storage().transaction(async (tx) => {
      await tx.deleteFrom('returned_mail').execute();
      await tx.deleteFrom('suppression').execute();
    });
  });

  /** A wave to so many customers, all of it sent. */
  async function sendWave(name = 'Leaving, autumn'): Promise<string> {
    const { app } = started;
    const id = await newWave(app, ready, { name });
    await app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await app.runDue();
    return id;
  }

  const add = (count: number) => started.app.customers.upsertMany(COMMAND, leavers(count));
  /** The return path of the newest message to that customer. */
  const returnPathTo = (i: number) => smtp.received.filter(({ to }) => to.includes(addressOf(i))).at(-1)?.from ?? '';
  const receive = (raw: Buffer) => started.app.bounces.receive(raw, 'command');
  const isSuppressed = async (i: number) => (await started.app.bounces.suppressions.find(addressOf(i))) !== undefined;
  const customer = async (i: number) => {
    const [row] = await started.app.customers.upsertMany(COMMAND, leavers(1, undefined, i));
    return await started.app.customers.get(row?.id ?? '');
  };
  const events = async (i: number) =>
    (await started.app.customers.timeline((await customer(i)).id, null, 50)).rows.map(({ kind }) => kind);

  describe('the return path', () => {
    test('is another for each message, in the envelope only, and fits into a local part', async () => {
      await add(3);
      await sendWave();
      const paths = smtp.received.map(({ from }) => from);
      expect(new Set(paths).size).toBe(3);
      for (const path of paths) expect(path).toMatch(/^bounces\+[a-z2-7]{48}@example\.com$/);
      for (const { source } of smtp.received) {
        expect(source).toMatch(/^From: .*<hallo@example\.com>/m);
        expect(source).not.toContain('bounces+');
      }
    });
  });

  describe('a hard bounce', () => {
    test('marks the invitation, says so in the timeline, and suppresses the address', async () => {
      await add(2);
      const wave = await sendWave();
      const received = await receive(bounceOf(returnPathTo(0), addressOf(0)));
      expect(received).toMatchObject({ outcome: 'recorded', kind: 'hard', verified: true });
      expect((await started.app.invitations.waveStatus(wave)).accounts).toMatchObject({
        sent: 2,
        bounced: 1,
        delivered: 1,
      });
      expect(await events(0)).toEqual(expect.arrayContaining(['invitations.bounced', 'bounces.suppressed.hard']));
      expect([await isSuppressed(0), await isSuppressed(1)]).toEqual([true, false]);
    });

    test('said while the message is handed over suppresses as well; a vague refusal does not', async () => {
      await add(4);
      const replies = ['550 5.1.1', '550', '550 5.7.1', '450 4.1.1'];
      smtp.behaviour = { recipient: (address) => replies[[0, 1, 2, 3].findIndex((i) => addressOf(i) === address)] };
      const wave = await sendWave();
      expect((await started.app.invitations.waveStatus(wave)).accounts).toMatchObject({
        failed: 3,
        queued: 1,
        sent: 0,
      });
      expect([await isSuppressed(0), await isSuppressed(1), await isSuppressed(2), await isSuppressed(3)]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect(await events(0)).toContain('bounces.suppressed.hard');
      smtp.behaviour = {};
    });

    test('counts once however often it comes, also with the token in capitals', async () => {
      await add(1);
      const wave = await sendWave();
      const raw = bounceOf(returnPathTo(0).toUpperCase(), addressOf(0));
      expect((await receive(raw)).outcome).toBe('recorded');
      expect((await receive(raw)).outcome).toBe('known');
      await receive(bounceOf(returnPathTo(0), addressOf(0), { more: 'again' }));
      expect((await started.app.invitations.waveStatus(wave)).accounts.bounced).toBe(1);
      expect((await events(0)).filter((kind) => kind === 'invitations.bounced')).toHaveLength(1);
    });

    test('suppresses the address that was written to, not the one that the customer has now', async () => {
      await add(1);
      await sendWave();
      await started.app.customers.upsertMany(
        COMMAND,
        leavers(1, () => ({ email: 'new@example.com' })),
      );
      await receive(bounceOf(returnPathTo(0), addressOf(0)));
      expect(await isSuppressed(0)).toBe(true);
      expect(await started.app.bounces.suppressions.find('new@example.com')).toBeUndefined();
    });

    test('about an address that they forward to is about the one that we wrote to', async () => {
      await add(1);
      await sendWave();
      await receive(bounceOf(returnPathTo(0), 'elsewhere@example.org'));
      expect(await isSuppressed(0)).toBe(true);
      expect(await started.app.bounces.suppressions.find('elsewhere@example.org')).toBeUndefined();
    });

    test('that arrives before its sending has been written down is told when it has', async () => {
      await add(1);
      const wave = await sendWave();
      await storage().transaction((tx) => tx.updateTable('outgoing_mail').set({ state: 'sending' }).execute());
      await storage().transaction((tx) => tx.updateTable('invitation').set({ delivery: 'sending' }).execute());
      await receive(bounceOf(returnPathTo(0), addressOf(0)));
      await started.app.bounces.tellWaiting();
      expect((await started.app.invitations.waveStatus(wave)).accounts).toMatchObject({ sending: 1, bounced: 0 });
      await storage().transaction((tx) => tx.updateTable('outgoing_mail').set({ state: 'sent' }).execute());
      await storage().transaction((tx) => tx.updateTable('invitation').set({ delivery: 'sent' }).execute());
      await started.app.bounces.tellWaiting();
      expect((await started.app.invitations.waveStatus(wave)).accounts).toMatchObject({ sent: 1, bounced: 1 });
    });

    test('of a message whose fate was unknown shows that it had left', async () => {
      await add(1);
      const wave = await sendWave();
      await storage().transaction((tx) => tx.updateTable('outgoing_mail').set({ state: 'unknown' }).execute());
      await storage().transaction((tx) => tx.updateTable('invitation').set({ delivery: 'unknown' }).execute());
      await receive(bounceOf(returnPathTo(0), addressOf(0)));
      expect((await started.app.invitations.waveStatus(wave)).accounts).toMatchObject({
        sent: 1,
        bounced: 1,
        unknown: 0,
      });
    });
  });

  describe('what cannot be verified', () => {
    test.each([
      ['a made-up token', () => `bounces+${'a'.repeat(48)}@example.com`],
      ['no token', () => 'bounces@example.com'],
      ['a token with one letter changed', () => flipped(returnPathTo(0))],
    ])('%s suppresses nobody and is kept for a person', async (_, path) => {
      await add(1);
      const wave = await sendWave();
      expect(await receive(bounceOf(path(), addressOf(0)))).toMatchObject({ kind: 'hard', verified: false });
      expect(await isSuppressed(0)).toBe(false);
      expect((await started.app.invitations.waveStatus(wave)).accounts.bounced).toBe(0);
      const { rows } = await started.app.bounces.list({ toRead: true }, null);
      expect(rows).toMatchObject([{ recipient: addressOf(0), verified: 0 }]);
    });

    test('the Message-ID of a mail of ours is as good, unless the report is about some other address', async () => {
      await add(2);
      await sendWave();
      const idOf = (i: number) =>
        /^Message-ID: <(.+)>/im.exec(smtp.received.find(({ to }) => to.includes(addressOf(i)))?.source ?? '')?.[1] ??
        '';
      const about = (i: number, recipient: string) =>
        Buffer.from(
          String(bounceOf('hallo@example.com', recipient)).replace(
            'From: hallo',
            `Message-ID: <${idOf(i)}>\nFrom: hallo`,
          ),
        );
      expect(await receive(about(0, addressOf(0)))).toMatchObject({ verified: true });
      expect(await receive(about(1, 'victim@example.com'))).toMatchObject({ verified: true });
      expect([await isSuppressed(0), await isSuppressed(1)]).toEqual([true, false]);
      expect(await started.app.bounces.suppressions.find('victim@example.com')).toBeUndefined();
    });
  });

  describe('soft bounces', () => {
    const full = { status: '4.2.2', said: '452 4.2.2 mailbox full' };
    const blocked = { status: '5.7.1', said: '554 5.7.1 blocked using zen.example.org blocklist' };

    /** So many waves, a fortnight apart, each of which comes back. */
    async function comesBack(times: number, how: { status: string; said: string }, apart = 10): Promise<void> {
      for (let i = 0; i < times; i++) {
        await storage().transaction((tx) =>
          tx.updateTable('contact').set({ released_at: '2026-01-01T00:00:00.000Z' }).execute(),
        );
        await storage().transaction((tx) =>
          tx.updateTable('invitation').set({ created_at: '2026-01-01T00:00:00.000Z', sent_at: null }).execute(),
        );
        await sendWave(`Wave ${i}`);
        await receive(bounceOf(returnPathTo(0), addressOf(0), { ...how, more: `${i}` }));
        started.clock.advance({ days: apart });
      }
    }

    test('of three messages in thirty days suppress the address, not two', async () => {
      await add(1);
      await comesBack(2, full);
      expect(await isSuppressed(0)).toBe(false);
      await comesBack(1, full);
      expect(await isSuppressed(0)).toBe(true);
      expect(await events(0)).toContain('bounces.suppressed.soft');
    });

    test('do not suppress when they lie further apart, nor several of one message', async () => {
      await add(1);
      await comesBack(4, full, 16);
      for (const more of ['a', 'b', 'c', 'd'])
        await receive(bounceOf(returnPathTo(0), addressOf(0), { ...full, more }));
      expect(await isSuppressed(0)).toBe(false);
    });

    test('that are not about the address never count: a listing of ours must not cost us customers', async () => {
      await add(1);
      await comesBack(4, blocked, 5);
      expect(await isSuppressed(0)).toBe(false);
    });
  });

  test('a complaint unsubscribes the customer and suppresses the address', async () => {
    await add(1);
    await sendWave();
    await receive(complaintOf(returnPathTo(0), addressOf(0)));
    expect(await customer(0)).toMatchObject({ unsubscribedHow: 'complaint' });
    expect(await isSuppressed(0)).toBe(true);
    expect(await events(0)).toEqual(expect.arrayContaining(['customers.unsubscribed', 'bounces.suppressed.complaint']));
  });

  test('the log of a recipient says what came back of the invitation and of a reminder, and plans nothing for whoever complained', async () => {
    await add(3);
    const { app, clock } = started;
    const wave = await newWave(app, ready, { reminderDays: [5] });
    await app.invitations.startWave(COMMAND, wave, { holdMinutes: 0 });
    await app.runDue();
    await receive(bounceOf(returnPathTo(0), addressOf(0), { status: '4.2.2', said: '452 4.2.2 Mailbox full' }));
    await receive(complaintOf(returnPathTo(1), addressOf(1)));
    await receive(bounceOf(returnPathTo(2), addressOf(2)));
    let staff = await started.signIn('staff');
    const { rows } = await app.invitations.listInvitations(wave, {}, null);
    const log = async (i: number) => {
      const { id } = await customer(i);
      const invitation = rows.find(({ customerId }) => customerId === id)?.id;
      return (await staff.get(`/waves/${wave}/invitations/${invitation}`)).text;
    };
    expect(await log(0)).toMatch(/Came back this time: The mailbox is full\.[\s\S]+Reminder 1: planned/);
    expect(await log(1)).toContain('marked our message as spam');
    expect(await log(1)).not.toContain('Reminder 1');
    expect(await log(2)).toContain('Came back for good: The address does not exist.');
    expect(await log(2)).not.toContain('Came back: the address does not work');
    clock.set('2026-11-16T09:00:00.000Z');
    await app.runDue();
    staff = await started.signIn('staff');
    await receive(bounceOf(returnPathTo(0), addressOf(0)));
    expect(await log(0)).toContain('Reminder 1: Came back for good: The address does not exist.');
  });

  test('an answer by a machine changes nothing and is kept to read; a letter of a person waits for one to sort it', async () => {
    await add(1);
    await sendWave();
    const away = `From: <${addressOf(0)}>\nTo: ${returnPathTo(0)}\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nBack on Monday.`;
    const person = `From: <${addressOf(0)}>\nTo: ${returnPathTo(0)}\nSubject: Re: What happened?\n\nPlease call me.`;
    expect((await receive(Buffer.from(away))).kind).toBe('auto-reply');
    expect((await receive(Buffer.from(person))).kind).toBe('other');
    expect(await isSuppressed(0)).toBe(false);
    expect((await started.app.bounces.list({ toRead: true }, null)).rows.map(({ content }) => content.trim())).toEqual([
      'Back on Monday.',
    ]);
    const { rows } = await started.app.recovery.mail.toSort(null);
    expect(rows).toMatchObject([{ words: 'Please call me.', customer_id: expect.any(String) }]);
    await storage().transaction((tx) => tx.deleteFrom('case_mail').execute());
  });

  describe('a suppressed address', () => {
    const suppress = (address: string) => started.app.bounces.suppressions.addByHand(COMMAND, address, 'test', null);

    test('is skipped with its reason, for any customer who has it, in any spelling', async () => {
      await suppress('W0000@EXAMPLE.com');
      await add(2);
      const wave = await sendWave();
      expect(smtp.received.map(({ to }) => to[0])).toEqual([addressOf(1)]);
      expect((await started.app.invitations.waveStatus(wave)).skipped).toMatchObject([
        { reason: 'suppressed', count: 1 },
      ]);
    });

    test('gets nothing that was waiting already, by any path', async () => {
      await add(2);
      const id = await newWave(started.app, ready);
      await started.app.invitations.startWave(COMMAND, id, { holdMinutes: 5 });
      await started.app.invitations.work();
      await suppress(addressOf(0));
      started.clock.advance({ minutes: 6 });
      await started.app.runDue();
      expect(smtp.received.map(({ to }) => to[0])).toEqual([addressOf(1)]);
      const { accounts } = await started.app.invitations.waveStatus(id);
      expect(accounts).toMatchObject({ sent: 1, cancelled: 1 });
      const [held] = await storage()
        .read.selectFrom('outgoing_mail')
        .select('last_error')
        .where('state', '=', 'cancelled')
        .execute();
      expect(held?.last_error).toBe('suppressed');
    });

    test('is still suppressed for a customer who was deleted and imported anew', async () => {
      await add(1);
      await sendWave();
      await receive(bounceOf(returnPathTo(0), addressOf(0)));
      await forgetWaves(storage());
      await add(1);
      const sent = smtp.received.length;
      const wave = await sendWave('After a new import');
      expect(smtp.received).toHaveLength(sent);
      expect((await started.app.invitations.waveStatus(wave)).skipped).toMatchObject([{ reason: 'suppressed' }]);
    });

    test('gets no mail of any kind but the link to sign in with that a colleague has asked for', async () => {
      await suppress('both@example.com');
      const { mailer } = started.app;
      const message = {
        from: { name: 'Miriam Adler' },
        to: { name: 'Kari', address: 'Both@example.com' },
        subject: 'Hello',
        text: 'Hello',
        html: '<p>Hello</p>',
        language: 'en',
      };
      for (const kind of ['account.test', 'card'])
        mailer.register(
          kind,
          async (mails) => new Map(mails.map(({ mailId }) => [mailId, { ...message, subject: kind }])),
        );
      await storage().transaction((tx) =>
        mailer.enqueue(tx, [
          { kind: 'account.test', subjectId: 'a' },
          { kind: 'card', subjectId: 'b' },
        ]),
      );
      await mailer.sendDue();
      expect(smtp.received.map(({ source }) => /^Subject: (.+)$/m.exec(source)?.[1]?.trim())).toEqual(['account.test']);
    });

    test('is written to again after a named decision, once', async () => {
      await suppress(addressOf(0));
      const row = await started.app.bounces.suppressions.find(addressOf(0));
      await started.app.bounces.suppressions.lift(colleague(ready.senderId), row?.id ?? '', 'they called');
      expect(await isSuppressed(0)).toBe(false);
      await expect(started.app.bounces.suppressions.lift(COMMAND, row?.id ?? '', 'again')).rejects.toMatchObject({
        key: 'bounces.error.lifted',
      });
      await suppress(addressOf(0));
      expect((await started.app.bounces.suppressions.list({ address: addressOf(0) }, null)).rows).toHaveLength(2);
    });
  });

  describe('the journal beside the secret', () => {
    let folder: string;
    const journal = () => join(folder, 'suppressions.jsonl');
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'comeback-journal-'));
      await started.close();
      started = await startApp(storage(), { environment: BOUNCES, journal: journal() });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const lines = () => readFileSync(journal(), 'utf8').split('\n').filter(Boolean);
    const suppress = (address: string) => started.app.bounces.suppressions.addByHand(COMMAND, address, 'test', null);
    const forgetAll = () => storage().transaction((tx) => tx.deleteFrom('suppression').execute());

    test('holds no address, and brings back what an older copy of the database does not know', async () => {
      await suppress(addressOf(0));
      await suppress(addressOf(1));
      const row = await started.app.bounces.suppressions.find(addressOf(1));
      started.clock.advance({ minutes: 1 });
      await started.app.bounces.suppressions.lift(COMMAND, row?.id ?? '', 'they called');
      expect(lines().join()).not.toContain('@');
      await forgetAll();
      await started.app.bounces.prepare();
      expect([await isSuppressed(0), await isSuppressed(1)]).toEqual([true, false]);
    });

    test('a copy from before a lift learns that it was lifted; one from before a suppression learns that', async () => {
      await suppress(addressOf(0));
      const copy = await storage().read.selectFrom('suppression').selectAll().execute();
      started.clock.advance({ minutes: 1 });
      await started.app.bounces.suppressions.lift(COMMAND, copy[0]?.id ?? '', 'they called');
      await forgetAll();
      await storage().transaction((tx) => tx.insertInto('suppression').values(copy).execute());
      expect(await isSuppressed(0)).toBe(true);
      await started.app.bounces.prepare();
      expect(await isSuppressed(0)).toBe(false);
    });

    test('learns what the database knows, where the file was lost, and passes over lines cut by a crash', async () => {
      await suppress(addressOf(0));
      writeFileSync(journal(), '{"at":"2026-01-01T00:00:0');
      await started.app.bounces.prepare();
      await forgetAll();
      await started.app.bounces.prepare();
      expect(await isSuppressed(0)).toBe(true);
      const before = lines().length;
      await started.app.bounces.prepare();
      expect(lines()).toHaveLength(before);
    });
  });

  test('words of people go thirty days after somebody has dealt with them; what was decided stays', async () => {
    await receive(
      Buffer.from('From: Kim <kim@example.net>\nSubject: Hello\nList-Id: <cups.example.net>\n\nPlease call me.'),
    );
    const [row] = (await started.app.bounces.list({ toRead: true }, null)).rows;
    await started.app.bounces.done(colleague(ready.senderId), row?.id ?? '');
    await expect(started.app.bounces.done(COMMAND, row?.id ?? '')).rejects.toMatchObject({ key: 'bounces.error.done' });
    started.clock.advance({ days: 29 });
    await started.app.bounces.work();
    expect((await started.app.bounces.get(row?.id ?? '')).content).toContain('call me');
    started.clock.advance({ days: 2 });
    await started.app.bounces.work();
    expect(await started.app.bounces.get(row?.id ?? '')).toMatchObject({
      content: '',
      sender: '',
      subject: '',
      kind: 'other',
    });
  });
});

function flipped(path: string): string {
  const at = path.indexOf('+') + 20;
  return path.slice(0, at) + (path[at] === 'a' ? 'b' : 'a') + path.slice(at + 1);
}
