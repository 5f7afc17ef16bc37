import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { PATIENT } from '../../src/mailer/connection.ts';
import {
  createMailer,
  type Mailer,
  type MailSettings,
  type Message,
  type StateChange,
} from '../../src/mailer/index.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

const logger = pino({ level: 'silent' });
const FROM = 'house@example.com';

onBothEngines((on) => {
  let clock = testClock();
  let smtp: SmtpServer;
  let settings: MailSettings | null;
  let changes: StateChange[];
  let cancelled: Map<string, string>;
  let addresses: Map<string, string>;
  const mailers: Mailer[] = [];

  const message = (name: string): Message => ({
    from: { name: 'Miriam Adler, Hollerbach' },
    to: { name: `Customer ${name}`, address: addresses.get(name) ?? `${name}@example.com` },
    replyTo: 'miriam@example.com',
    subject: `About ${name}`,
    text: `Text for ${name}`,
    html: `<p>HTML for ${name}</p>`,
    language: 'en',
  });

  function mailer(timeouts = PATIENT): Mailer {
    const made = createMailer({
      storage: on.storage(),
      clock,
      logger,
      baseUrl: 'https://hollerbach.example.com',
      mailSettings: async () => settings,
      timeouts,
    });
    made.register(
      'letter',
      async (mails) =>
        new Map(
          mails.map(({ mailId, subjectId }) => {
            const cancel = cancelled.get(subjectId);
            return [mailId, cancel ? { cancel } : message(subjectId)];
          }),
        ),
      async (_tx, news) => {
        changes.push(...news);
      },
    );
    mailers.push(made);
    return made;
  }

  const enqueue = (made: Mailer, names: string[], more: { notBefore?: string } = {}) =>
    on.storage().transaction((tx) =>
      made.enqueue(
        tx,
        names.map((subjectId) => ({ kind: 'letter', subjectId, ...more })),
      ),
    );

  async function states(): Promise<Record<string, string[]>> {
    const rows = await on
      .storage()
      .read.selectFrom('outgoing_mail')
      .select(['subject_id', 'state'])
      .orderBy('subject_id')
      .execute();
    const by: Record<string, string[]> = {};
    for (const { state, subject_id } of rows) (by[state] ??= []).push(subject_id);
    return by;
  }

  const names = (count: number, prefix = 'c') =>
    Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);
  const recipients = () => smtp.received.flatMap(({ to }) => to).sort();

  beforeEach(async () => {
    await on.storage().transaction(async (tx) => {
      await tx.deleteFrom('captured_mail').execute();
      await tx.deleteFrom('outgoing_mail').execute();
      await tx.deleteFrom('lease').execute();
    });
    clock = testClock();
    smtp = await startSmtp();
    settings = { url: smtp.url, from: FROM };
    changes = [];
    cancelled = new Map();
    addresses = new Map();
  });

  afterEach(async () => {
    await Promise.all(mailers.splice(0).map((each) => each.stop()));
    await smtp.close();
  });

  test('everybody gets exactly one message, with our envelope and headers', async () => {
    const made = mailer();
    await enqueue(made, names(73));
    expect(await made.sendDue()).toEqual({ sent: 73, failed: 0, left: 0 });
    expect(await made.sendDue()).toEqual({ sent: 0, failed: 0, left: 0 });
    expect(recipients()).toEqual(names(73).map((name) => `${name}@example.com`));
    expect(await states()).toEqual({ sent: names(73) });
    const { source, from } = smtp.received[0] as { source: string; from: string };
    expect(from).toBe(FROM);
    expect(source).toMatch(/^Auto-Submitted: auto-generated\r$/im);
    expect(source).toMatch(/^Reply-To: miriam@example.com\r$/im);
    expect(source).toMatch(/^Message-ID: <[0-9a-f-]{36}@hollerbach\.example\.com>\r$/im);
    expect(source).toMatch(/^From: "?Miriam Adler, Hollerbach"? <house@example\.com>\r$/im);
    expect(new Set(changes.filter(({ state }) => state === 'sent').map(({ subjectId }) => subjectId)).size).toBe(73);
  });

  test('two passes of one process at a time: the first that is through takes nothing from under the other', async () => {
    const { promise: goOn, resolve: release } = Promise.withResolvers<undefined>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    smtp.behaviour = { data: () => (begin(), goOn) };
    const made = mailer();
    await enqueue(made, names(20));
    const first = made.sendDue();
    await begun;
    expect(await made.sendDue()).toMatchObject({ sent: 0, failed: 0 });
    // Another process takes for lost what nobody answers for any more.
    expect(await mailer().sendDue()).toMatchObject({ sent: 0, failed: 0 });
    release(undefined);
    expect(await first).toEqual({ sent: 20, failed: 0, left: 0 });
    expect(await states()).toEqual({ sent: names(20) });
  });

  test('a mail waits for its time, and one without a time goes ahead of the crowd', async () => {
    const made = mailer();
    await enqueue(made, ['later'], { notBefore: '2026-11-10T08:10:00.000Z' });
    await enqueue(made, ['now']);
    expect(await made.sendDue()).toEqual({ sent: 1, failed: 0, left: 1 });
    expect(recipients()).toEqual(['now@example.com']);
    clock.advance({ minutes: 6 });
    await enqueue(made, ['urgent']);
    await made.sendDue();
    expect(recipients()).toHaveLength(3);
  });

  test('refused for now is tried again later, with growing delays; refused for good is not', async () => {
    smtp.behaviour = {
      recipient: (address) => (address.startsWith('busy') ? 450 : address.startsWith('gone') ? 550 : undefined),
    };
    const made = mailer();
    await enqueue(made, ['busy', 'fine', 'gone']);
    expect(await made.sendDue()).toEqual({ sent: 1, failed: 1, left: 1 });
    expect(await states()).toEqual({ queued: ['busy'], sent: ['fine'], failed: ['gone'] });
    await made.sendDue();
    clock.advance({ minutes: 1 });
    await made.sendDue();
    const row = await on
      .storage()
      .read.selectFrom('outgoing_mail')
      .selectAll()
      .where('subject_id', '=', 'busy')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ attempts: 2, last_error: '450', not_before: '2026-11-10T08:11:00.000Z' });
    smtp.behaviour = {};
    clock.advance({ minutes: 5 });
    await made.sendDue();
    expect(await states()).toEqual({ sent: ['busy', 'fine'], failed: ['gone'] });
    expect(recipients()).toEqual(['busy@example.com', 'fine@example.com']);
  });

  test('after a day of being refused for now, a mail has failed', async () => {
    smtp.behaviour = { data: () => 451 };
    const made = mailer();
    await enqueue(made, ['never']);
    for (let tries = 0; tries < 12; tries++) {
      await made.sendDue();
      clock.advance({ days: 1 });
    }
    expect(await states()).toEqual({ failed: ['never'] });
  });

  test('a line that breaks after the message was handed over leaves its fate unknown, whether or not it arrived', async () => {
    smtp.behaviour = {
      data: (to) => (to[0]?.startsWith('lost') ? 'drop' : to[0]?.startsWith('kept') ? 'dropAccepted' : undefined),
    };
    const made = mailer();
    await enqueue(made, ['kept', 'lost']);
    await made.sendDue();
    expect((await states()).unknown).toEqual(['kept', 'lost']);
    smtp.behaviour = {};
    clock.advance({ days: 3 });
    await made.sendDue();
    expect((await states()).unknown).toEqual(['kept', 'lost']);
    expect(recipients()).toEqual(['kept@example.com']);
  });

  test('a server that hangs after the message makes it unknown, not sent twice', async () => {
    smtp.behaviour = { data: () => new Promise<undefined>(() => {}) };
    const made = mailer({ ...PATIENT, silence: 1500 });
    await enqueue(made, ['slow']);
    await made.sendDue();
    expect(await states()).toEqual({ unknown: ['slow'] });
  });

  test('a server that is down costs nobody a try; the queue stays as it is and leaves later', async () => {
    const { port } = smtp;
    await smtp.close();
    const made = mailer();
    await enqueue(made, names(30));
    expect(await made.sendDue()).toMatchObject({ sent: 0, failed: 0, left: 30 });
    const tries = await on.storage().read.selectFrom('outgoing_mail').select('attempts').distinct().execute();
    expect(tries).toEqual([{ attempts: 0 }]);
    smtp = await startSmtp({ port });
    expect(await made.sendDue()).toEqual({ sent: 30, failed: 0, left: 0 });
    expect(new Set(recipients()).size).toBe(30);
    expect(recipients()).toHaveLength(30);
  });

  test('a refused sender or login is trouble of ours: nobody counts as failed for it', async () => {
    smtp.behaviour = { mailFrom: () => 550 };
    const made = mailer();
    await enqueue(made, names(8));
    await made.sendDue();
    expect(await states()).toEqual({ queued: names(8) });
  });

  test('an address never becomes two, and never another line of the message', async () => {
    const evil = [
      'a@example.com, b@example.com',
      'a@example.com;b@example.com',
      'a@example.com\r\nRCPT TO:<b@example.com>',
      'a@example.com>\nBcc: b@example.com',
      '"a@example.com" <b@example.com>',
      'group:a@example.com;',
      '',
      'nobody',
    ];
    const made = mailer();
    evil.forEach((address, i) => addresses.set(`evil${i}`, address));
    await enqueue(made, [...addresses.keys(), 'good']);
    await made.sendDue();
    expect(recipients()).toEqual(['good@example.com']);
    expect((await states()).failed).toHaveLength(evil.length);
  });

  test('names and subjects cannot add headers', async () => {
    const made = mailer();
    made.register(
      'odd',
      async (mails) =>
        new Map(
          mails.map(({ mailId }) => [
            mailId,
            {
              ...message('odd'),
              to: { name: 'Eve\r\nBcc: b@example.com', address: 'odd@example.com' },
              subject: 'Hello\r\nBcc: c@example.com',
            },
          ]),
        ),
    );
    await on.storage().transaction((tx) => made.enqueue(tx, [{ kind: 'odd', subjectId: 'odd' }]));
    await made.sendDue();
    expect(recipients()).toEqual(['odd@example.com']);
    expect(smtp.received[0]?.source).not.toMatch(/^Bcc:/im);
  });

  test('what a dead process had under way becomes unknown and is never sent again by itself', async () => {
    const dead = mailer();
    await enqueue(dead, names(3));
    await on.storage().transaction(async (tx) => {
      await tx
        .updateTable('outgoing_mail')
        .set({ state: 'sending', claimed_by: 'dead', claimed_at: '2026-11-10T08:00:00.000Z' })
        .where('subject_id', '<', 'c002')
        .execute();
      await tx
        .insertInto('lease')
        .values({ name: 'mailer dead', holder: 'dead', expires_at: '2026-11-10T08:04:00.000Z' })
        .execute();
    });
    const next = mailer();
    await next.start();
    await until(async () => (await states()).sent?.length === 1);
    await next.stop();
    expect(await states()).toEqual({ unknown: ['c000', 'c001'], sent: ['c002'] });
    expect(recipients()).toEqual(['c002@example.com']);
    expect(changes.filter(({ state }) => state === 'unknown')).toHaveLength(2);
  });

  if (on.engine === 'postgres') {
    test('what a living process has under way is left to it', async () => {
      const made = mailer();
      await enqueue(made, ['theirs']);
      await on.storage().transaction(async (tx) => {
        await tx.updateTable('outgoing_mail').set({ state: 'sending', claimed_by: 'alive' }).execute();
        await tx
          .insertInto('lease')
          .values({ name: 'mailer alive', holder: 'alive', expires_at: '2026-11-10T08:06:00.000Z' })
          .execute();
      });
      await made.sendDue();
      expect(await states()).toEqual({ sending: ['theirs'] });
    });

    test('a clock that jumps takes nothing from under a living process: it says that it lives before it claims', async () => {
      let release = () => {};
      const gate = new Promise<undefined>((open) => (release = () => open(undefined)));
      const one = mailer();
      await enqueue(one, ['before']);
      await one.start();
      await until(async () => (await states()).sent?.length === 1);
      clock.advance({ days: 6 });
      smtp.behaviour = { data: () => gate };
      await enqueue(one, ['after']);
      await until(async () => (await states()).sending !== undefined);
      await mailer().sendDue();
      const found = await states();
      release();
      expect(found).toEqual({ sent: ['before'], sending: ['after'] });
    });

    test('two processes on one database share the work, and nobody gets two', async () => {
      const [one, two] = [mailer(), mailer()];
      await enqueue(one, names(120));
      const totals = await Promise.all([one.sendDue(), two.sendDue()]);
      expect(totals[0].sent + totals[1].sent).toBe(120);
      expect(recipients()).toEqual(names(120).map((name) => `${name}@example.com`));
    });
  }

  test('a person decides about an unknown mail: it counts as sent, or is sent again', async () => {
    smtp.behaviour = { data: () => 'drop' };
    const made = mailer();
    await enqueue(made, ['a', 'b']);
    await made.sendDue();
    smtp.behaviour = {};
    await on.storage().transaction((tx) => made.decideUnknown(tx, 'letter', 'a', 'sent'));
    expect(await on.storage().transaction((tx) => made.decideUnknown(tx, 'letter', 'b', 'again'))).toBe(true);
    expect(await on.storage().transaction((tx) => made.decideUnknown(tx, 'letter', 'b', 'again'))).toBe(false);
    await made.sendDue();
    expect(await states()).toEqual({ sent: ['a', 'b'] });
    expect(recipients()).toEqual(['b@example.com']);
  });

  test('queued mail can be withdrawn, and a composer can withdraw what has lost its reason', async () => {
    const made = mailer();
    await enqueue(made, ['a', 'b', 'c']);
    expect(await on.storage().transaction((tx) => made.cancelQueued(tx, 'letter', ['a', 'unheard of']))).toEqual(['a']);
    cancelled.set('b', 'unsubscribed');
    await made.sendDue();
    expect(await states()).toEqual({ cancelled: ['a', 'b'], sent: ['c'] });
    expect(changes.filter(({ state }) => state === 'cancelled').map(({ error }) => error)).toEqual([
      'withdrawn',
      'unsubscribed',
    ]);
  });

  test('stopping finishes what is under way and leaves the rest queued', async () => {
    let release = () => {};
    const gate = new Promise<undefined>((open) => (release = () => open(undefined)));
    smtp.behaviour = { data: () => gate };
    const made = mailer();
    await enqueue(made, names(60));
    await made.start();
    await until(async () => (await states()).sending !== undefined);
    await new Promise((resume) => setTimeout(resume, 100));
    const stopped = made.stop();
    release();
    await stopped;
    const { sent = [], queued = [], ...others } = await states();
    expect(others).toEqual({});
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length + queued.length).toBe(60);
    expect(recipients()).toHaveLength(sent.length);
    expect(await on.storage().read.selectFrom('lease').selectAll().execute()).toEqual([]);
  });

  test('without a mail server messages are kept to be read, and count as sent', async () => {
    settings = null;
    const made = mailer();
    expect(await made.captures()).toBe(true);
    await enqueue(made, ['a', 'b']);
    expect(await made.sendDue()).toEqual({ sent: 2, failed: 0, left: 0 });
    const { rows } = await made.outbox.list(null, { isAdministrator: false });
    expect(rows.map((row) => row.envelope_to).sort()).toEqual(['a@example.com', 'b@example.com']);
    const mail = await made.outbox.get(rows[0]?.id ?? '', { isAdministrator: false });
    expect(Object.fromEntries(mail.headers)).toMatchObject({
      'Auto-Submitted': 'auto-generated',
      'Reply-To': 'miriam@example.com',
    });
  });

  test('mails about accounts are for administrators only', async () => {
    settings = null;
    const made = mailer();
    made.register('account', async (mails) => new Map(mails.map(({ mailId }) => [mailId, message('account')])));
    await on.storage().transaction((tx) => made.enqueue(tx, [{ kind: 'account', subjectId: 'x' }]));
    await made.sendDue();
    expect((await made.outbox.list(null, { isAdministrator: false })).rows).toEqual([]);
    const [line] = (await made.outbox.list(null, { isAdministrator: true })).rows;
    await expect(made.outbox.get(line?.id ?? '', { isAdministrator: false })).rejects.toThrow('error.notFound');
    expect((await made.outbox.get(line?.id ?? '', { isAdministrator: true })).subject).toBe('About account');
  });

  test('a test message says in words what is wrong', async () => {
    const made = mailer();
    const send = async (url: string) => {
      const result = await made.sendTest({ url, from: FROM }, message('test'));
      return result.ok ? 'ok' : result.key;
    };
    const login = await startSmtp({ login: { user: 'u', password: 'p' } });
    expect(await send(smtp.url)).toBe('ok');
    expect(await send('smtp://127.0.0.1:1')).toBe('mail.test.refused');
    expect(await send('smtp://no-such-host.invalid:25')).toBe('mail.test.nameNotFound');
    expect(await send(`smtps://127.0.0.1:${smtp.port}`)).toBe('mail.test.tls');
    // Its certificate comes from nobody whom anybody knows.
    expect(await send(`smtp://127.0.0.1:${smtp.port}?requireTLS=true`)).toBe('mail.test.certificate');
    expect(await send(`smtp://u:wrong@127.0.0.1:${login.port}`)).toBe('mail.test.loginRefused');
    expect(await send(`smtp://127.0.0.1:${login.port}`)).toBe('mail.test.loginNeeded');
    const refusal = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
    const off = await startSmtp({ login: { user: 'u', password: 'p', refusal } });
    expect(await send(`smtp://u:wrong@127.0.0.1:${off.port}`)).toBe('mail.test.loginOff');
    smtp.behaviour = { mailFrom: () => 553 };
    expect(await send(smtp.url)).toBe('mail.test.senderRefused');
    smtp.behaviour = { recipient: () => 550 };
    expect(await send(smtp.url)).toBe('mail.test.recipientRefused');
    smtp.behaviour = { data: () => 554 };
    expect(await send(smtp.url)).toBe('mail.test.messageRefused');
    smtp.behaviour = { data: () => '554 Message rejected: Email address is not verified.' };
    expect(await send(smtp.url)).toBe('mail.test.notVerified');
    smtp.behaviour = { recipient: () => '550 The domain is unverified and requires DNS configuration.' };
    expect(await send(smtp.url)).toBe('mail.test.notVerified');
    await Promise.all([login.close(), off.close()]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resume) => setTimeout(resume, 25));
}
