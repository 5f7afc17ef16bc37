import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createMailer, type Mailer, type MailSettings } from '../../src/mailer/index.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

onBothEngines((on) => {
  let smtp: SmtpServer;
  let made: Mailer;
  let settings: MailSettings;
  /** When each message arrived, in milliseconds; how many were being handed over at the same time. */
  let arrived: number[];
  let most: number;

  beforeEach(async () => {
    await on.storage().transaction(async (tx) => {
      await tx.deleteFrom('outgoing_mail').execute();
      await tx.deleteFrom('lease').execute();
    });
    [arrived, most] = [[], 0];
    smtp = await startSmtp();
    let open = 0;
    smtp.behaviour.data = async () => {
      arrived.push(performance.now());
      most = Math.max(most, ++open);
      // Long enough for all other connections to come this far.
      await new Promise((resume) => setTimeout(resume, 60));
      open--;
      return undefined;
    };
    made = createMailer({
      storage: on.storage(),
      clock: testClock(),
      logger: pino({ level: 'silent' }),
      baseUrl: 'https://hollerbach.example.com',
      mailSettings: async () => settings,
    });
    made.register(
      'letter',
      async (mails) => new Map(mails.map(({ mailId, subjectId }) => [mailId, letter(subjectId)])),
    );
  });
  afterEach(async () => {
    await made.stop();
    await smtp.close();
  });

  const letter = (name: string) => ({
    from: { name: 'Miriam Adler' },
    to: { name, address: `${name}@example.com` },
    subject: 'Hello',
    text: 'Hello',
    html: '<p>Hello</p>',
    language: 'en',
  });
  const server = (limits: { perSecond?: number; connections?: number }): MailSettings => ({
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    user: '',
    password: '',
    from: 'house@example.com',
    ...limits,
  });
  const enqueue = (count: number) =>
    on.storage().transaction((tx) =>
      made.enqueue(
        tx,
        Array.from({ length: count }, (_, i) => ({ kind: 'letter', subjectId: `c${i}` })),
      ),
    );
  const left = async () =>
    (await on.storage().read.selectFrom('outgoing_mail').select('state').where('state', '=', 'queued').execute())
      .length;

  test('no more messages a second than the settings allow', async () => {
    settings = server({ perSecond: 5 });
    await enqueue(1);
    await made.sendDue();
    arrived = [];
    await enqueue(7);
    const before = performance.now();
    expect(await made.sendDue()).toEqual({ sent: 7, failed: 0, left: 0 });
    for (const [i, at] of arrived.entries()) expect(at - before).toBeGreaterThan(i * 200 - 10);
  });

  test('no more connections than the settings allow, and more as soon as they do', async () => {
    settings = server({ connections: 1 });
    await enqueue(4);
    await made.sendDue();
    expect(most).toBe(1);
    settings = server({ connections: 4 });
    await enqueue(8);
    await made.sendDue();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('the parameters of an address go before what we would do', async () => {
    settings = { url: `${smtp.url}/?maxConnections=1`, from: 'house@example.com' };
    await enqueue(4);
    await made.sendDue();
    expect(most).toBe(1);
  });

  test('stopping does not wait for messages whose turn has not come; they stay queued', async () => {
    settings = server({ perSecond: 0.05 });
    await enqueue(5);
    await made.start();
    while (smtp.received.length === 0) await new Promise((resume) => setTimeout(resume, 10));
    await made.stop();
    expect(smtp.received).toHaveLength(1);
    expect(await left()).toBe(4);
  });
});
