import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { certificateFor } from '../support/certificate.ts';
import { onBothEngines } from '../support/engines.ts';
import {
  CERTIFICATE_URL,
  mailgunFailure,
  mailgunPost,
  postmarkBounce,
  sesBounce,
  sesComplaint,
  SNS,
  snsMessage,
  TOPIC,
} from '../support/mail-services.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { addressOf, forgetWaves, leavers, newWave, readyToSend } from '../support/waves.ts';

const amazon = certificateFor('sns.amazonaws.com');
const stranger = certificateFor('sns.example.org');
const KEY = '0123456789abcdef0123456789abcdef';
const SUBSCRIBE = `${SNS}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`;

onBothEngines(({ storage }) => {
  let smtp: SmtpServer;
  let started: TestApp;
  let ready: Awaited<ReturnType<typeof readyToSend>>;
  let fetched: string[];
  let served: Map<string, string>;

  const start = () =>
    startApp(storage(), {
      environment: { BOUNCE_ADDRESS: 'bounces@example.com', SMTP_URL: smtp.url, MAIL_FROM: 'hallo@example.com' },
      fetchText(address) {
        fetched.push(address);
        const text = served.get(address);
        return text === undefined ? Promise.reject(new Error('answered with 404')) : Promise.resolve(text);
      },
    });

  beforeAll(async () => {
    smtp = await startSmtp();
    started = await start();
    ready = await readyToSend(started.app);
  });
  beforeEach(async () => {
    // What was fetched yesterday is fetched anew.
    started.clock.advance({ hours: 25 });
    smtp.received.length = 0;
    fetched = [];
    served = new Map([
      [CERTIFICATE_URL, amazon.pem],
      [SUBSCRIBE, '<ConfirmSubscriptionResponse/>'],
    ]);
    const { settings } = started.app.accounts;
    await settings.saveTopic(COMMAND, TOPIC);
    await settings.saveSigningKey(COMMAND, KEY);
    await settings.makePostmarkPassword(COMMAND);
  });
  afterEach(async () => {
    await forgetWaves(storage());
    await storage().transaction(async (tx) => {
      for (const table of ['returned_mail', 'suppression', 'mail_hook', 'mail_hook_token'] as const)
        await tx.deleteFrom(table).execute();
    });
  });
  afterAll(async () => {
    await started.close();
    await smtp.close();
  });

  /** Whoever fails often is slowed down: these tests do it on a copy of their own. */
  async function alone(run: () => Promise<void>): Promise<void> {
    const shared = started;
    started = await start();
    try {
      await run();
    } finally {
      await started.close();
      started = shared;
    }
  }

  async function sendWave(count: number, name = 'Leaving, autumn'): Promise<string> {
    const { app } = started;
    await app.customers.upsertMany(COMMAND, leavers(count));
    const id = await newWave(app, ready, { name });
    await app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await app.runDue();
    return id;
  }

  const post = async (service: string, body: string, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers } };
    const response = await fetch(`${started.baseUrl}/hooks/mail/${service}`, init);
    return { status: response.status, text: await response.text() };
  };
  const ses = async (message: string, version: '1' | '2' = '2') =>
    (await post('ses', snsMessage({ Message: message }, amazon, version))).status;
  const basic = async (password?: string) => {
    const { postmarkPassword } = await started.app.accounts.hookSecrets();
    return { authorization: `Basic ${Buffer.from(`comeback:${password ?? postmarkPassword}`).toString('base64')}` };
  };
  const postmark = async (record: object) => (await post('postmark', JSON.stringify(record), await basic())).status;
  const now = () => started.clock.now().getTime() / 1000;
  const signed = (event: Record<string, unknown>, key = KEY, at = now()) => mailgunPost(key, event, { at });
  const mailgun = async (event: Record<string, unknown>) => (await post('mailgun', signed(event))).status;

  const received = (i: number) => smtp.received.find(({ to }) => to.includes(addressOf(i)));
  const returnPathTo = (i: number) => received(i)?.from ?? '';
  const messageIdTo = (i: number) => /^Message-ID: <(.+)>/im.exec(received(i)?.source ?? '')?.[1] ?? '';
  const suppressed = async (i: number) => await started.app.bounces.suppressions.find(addressOf(i));
  const accounts = async (wave: string) => (await started.app.invitations.waveStatus(wave)).accounts;
  const kept = async () => (await started.app.bounces.list({}, null)).rows;
  const customer = async (i: number) => {
    const [row] = await started.app.customers.upsertMany(COMMAND, leavers(1, undefined, i));
    return await started.app.customers.get(row?.id ?? '');
  };

  describe('Amazon SES', () => {
    test.each(['notificationType', 'eventType'])(
      'a hard bounce (%s) is recorded and suppresses, once',
      async (named) => {
        const wave = await sendWave(2);
        const body = snsMessage({ Message: sesBounce(addressOf(0), { source: returnPathTo(0), named }) }, amazon);
        for (let i = 0; i < 3; i++) expect(await post('ses', body)).toEqual({ status: 200, text: '' });
        expect(await accounts(wave)).toMatchObject({ sent: 2, bounced: 1 });
        expect(await suppressed(0)).toMatchObject({ kind: 'hard', how: 'no_such_address' });
        expect(await suppressed(1)).toBeUndefined();
        expect(await kept()).toHaveLength(1);
        expect(fetched).toEqual([CERTIFICATE_URL]);
      },
    );

    test('both versions of the signature count; the message is found by its Message-ID as well', async () => {
      const wave = await sendWave(2);
      expect(await ses(sesBounce(addressOf(0), { messageId: messageIdTo(0) }), '1')).toBe(200);
      expect(await ses(sesBounce(addressOf(1), { messageId: messageIdTo(1) }), '2')).toBe(200);
      expect(await accounts(wave)).toMatchObject({ bounced: 2 });
    });

    test('a report that names no message is about the last one that went to the address', async () => {
      const wave = await sendWave(1);
      expect(await ses(sesBounce(addressOf(0)))).toBe(200);
      expect(await accounts(wave)).toMatchObject({ bounced: 1 });
      expect(await suppressed(0)).toMatchObject({ kind: 'hard' });
    });

    test('about some other system’s mail it says of the address what is true, and nothing of ours', async () => {
      const wave = await sendWave(2);
      await ses(sesBounce(addressOf(0), { messageId: 'shop-1@example.com' }));
      const full = { type: 'Transient', subType: 'MailboxFull', status: '4.2.2', said: '' };
      await ses(sesBounce(addressOf(1), { messageId: 'shop-2@example.com', ...full }));
      expect(await accounts(wave)).toMatchObject({ bounced: 0 });
      expect(await suppressed(0)).toMatchObject({ kind: 'hard' });
      expect(await kept()).toHaveLength(1);
    });

    test('a full mailbox suppresses nobody', async () => {
      const wave = await sendWave(1);
      const how = { type: 'Transient', subType: 'MailboxFull', status: '', said: '' };
      await ses(sesBounce(addressOf(0), { source: returnPathTo(0), ...how }));
      expect(await kept()).toMatchObject([{ kind: 'soft', cause: 'full', verified: 1, to_read: 0 }]);
      expect(await suppressed(0)).toBeUndefined();
      expect(await accounts(wave)).toMatchObject({ bounced: 0 });
    });

    test('a complaint unsubscribes and suppresses', async () => {
      await sendWave(1);
      await ses(sesComplaint(addressOf(0), { source: returnPathTo(0) }));
      expect(await suppressed(0)).toMatchObject({ kind: 'complaint' });
      expect(await customer(0)).toMatchObject({ unsubscribedHow: 'complaint' });
    });

    test('wrong key, changed text, other topic, other place of the certificate: refused alike, and nothing is kept', async () => {
      await sendWave(1);
      const Message = sesBounce(addressOf(0), { source: returnPathTo(0) });
      const good = JSON.parse(snsMessage({ Message }, amazon)) as Record<string, string>;
      const refused = [
        snsMessage({ Message }, stranger),
        JSON.stringify({ ...good, Message: Message.replace(addressOf(0), 'victim@example.com') }),
        JSON.stringify({ ...good, SignatureVersion: '1' }),
        JSON.stringify({ ...good, SignatureVersion: '3' }),
        snsMessage({ Message, TopicArn: `${TOPIC}2` }, amazon),
        ...[
          'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem',
          'https://sns.eu-central-1.amazonaws.com.example.org/SimpleNotificationService-0123.pem',
          'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
          'https://user@sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem',
          'https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0123.pem',
          'https://sns.eu-central-1.amazonaws.com/x/SimpleNotificationService-0123.pem',
          'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem?x=1',
          'https://s3.amazonaws.com/SimpleNotificationService-0123.pem',
        ].map((SigningCertURL) => snsMessage({ Message, SigningCertURL }, amazon)),
        'no JSON',
        '',
      ];
      for (const body of refused) expect(await post('ses', body)).toEqual({ status: 401, text: '' });
      expect(await kept()).toEqual([]);
      expect(await suppressed(0)).toBeUndefined();
      expect([...new Set(fetched)]).toEqual([CERTIFICATE_URL]);
    });

    test.each([
      ['of somebody else', stranger],
      ['that has ended', certificateFor('sns.amazonaws.com', { to: '2026-11-01T00:00:00.000Z' })],
      [
        'that has not begun',
        certificateFor('sns.amazonaws.com', { from: '2027-12-01T00:00:00.000Z', to: '2028-12-01T00:00:00.000Z' }),
      ],
      ['that is none', { ...amazon, pem: 'nothing' }],
    ])('a certificate %s is not taken', async (_, certificate) => {
      served.set(CERTIFICATE_URL, certificate.pem);
      expect((await post('ses', snsMessage({ Message: sesBounce(addressOf(0)) }, certificate))).status).toBe(401);
      expect(await kept()).toEqual([]);
    });

    test('a region of its own has a certificate of its own name', async () => {
      const regional = certificateFor('sns-signing.eu-central-1.amazonaws.com');
      served.set(CERTIFICATE_URL, regional.pem);
      const body = snsMessage({ Message: sesBounce('kim@example.com') }, regional);
      expect((await post('ses', body)).status).toBe(200);
    });

    test('a certificate that cannot be had now: Amazon is to try again; it is kept for a day', async () => {
      served.delete(CERTIFICATE_URL);
      const body = snsMessage({ Message: sesBounce('kim@example.com') }, amazon);
      expect((await post('ses', body)).status).toBe(503);
      served.set(CERTIFICATE_URL, amazon.pem);
      expect((await post('ses', body)).status).toBe(200);
      expect((await post('ses', body)).status).toBe(200);
      expect(fetched).toHaveLength(2);
      started.clock.advance({ hours: 25 });
      expect((await post('ses', body)).status).toBe(200);
      expect(fetched).toHaveLength(3);
    });

    test('made-up certificates are not fetched without end', () =>
      alone(async () => {
        for (let i = 0; i < 30; i++) {
          const SigningCertURL = `${SNS}/SimpleNotificationService-${i}.pem`;
          await post('ses', snsMessage({ Message: '{}', SigningCertURL }, stranger));
        }
        expect(fetched.length).toBeLessThanOrEqual(10);
      }));

    test('a subscription is confirmed after its signature only, on Amazon’s host only; its end is noted', async () => {
      const asking = { Type: 'SubscriptionConfirmation', Message: 'You have chosen …', Token: 'abc' };
      const elsewhere = { ...asking, SubscribeURL: 'https://example.org/?Action=ConfirmSubscription' };
      expect((await post('ses', snsMessage({ ...asking, SubscribeURL: SUBSCRIBE }, stranger))).status).toBe(401);
      expect((await post('ses', snsMessage(elsewhere, amazon))).status).toBe(401);
      expect(fetched).toEqual([CERTIFICATE_URL]);
      expect((await post('ses', snsMessage({ ...asking, SubscribeURL: SUBSCRIBE }, amazon))).status).toBe(200);
      expect(fetched).toContain(SUBSCRIBE);
      expect(await started.app.mailHooks.states()).toMatchObject([{ provider: 'ses', endedAt: null }]);
      const ended = { ...asking, Type: 'UnsubscribeConfirmation', SubscribeURL: SUBSCRIBE };
      expect((await post('ses', snsMessage(ended, amazon))).status).toBe(200);
      expect((await started.app.mailHooks.states())[0]?.endedAt).not.toBeNull();
      expect(fetched.filter((address) => address === SUBSCRIBE)).toHaveLength(1);
    });

    test('kinds that nobody knows are kept for a person, others that are no news are not', async () => {
      for (const kind of ['Delivery', 'Send', 'Open']) expect(await ses(`{"eventType":"${kind}","mail":{}}`)).toBe(200);
      expect(await kept()).toEqual([]);
      expect(await ses('{"eventType":"Reject","mail":{},"reject":{"reason":"Bad content"}}')).toBe(200);
      expect(await kept()).toMatchObject([{ kind: 'other', cause: 'unknown', to_read: 1, sender: 'Amazon SES' }]);
    });

    test('nothing is taken while no topic is named', async () => {
      await started.app.accounts.settings.saveTopic(COMMAND, '');
      expect(await ses(sesBounce(addressOf(0)))).toBe(401);
      expect(fetched).toEqual([]);
    });
  });

  describe('Postmark', () => {
    test('a hard bounce names our mail by the id that went along; twice is harmless', async () => {
      const wave = await sendWave(2);
      const record = postmarkBounce(addressOf(0), messageIdTo(0).split('@')[0] ?? '');
      expect([await postmark(record), await postmark(record)]).toEqual([200, 200]);
      const change = { RecordType: 'SubscriptionChange', MessageID: record.MessageID, Metadata: record.Metadata };
      const news = {
        Recipient: addressOf(0),
        SuppressSending: true,
        SuppressionReason: 'HardBounce',
        Origin: 'Recipient',
      };
      expect(await postmark({ ...change, ...news, ChangedAt: '2026-11-10T08:05:00Z' })).toBe(200);
      expect(await accounts(wave)).toMatchObject({ bounced: 1 });
      expect(await suppressed(0)).toMatchObject({ kind: 'hard' });
      expect(await kept()).toHaveLength(1);
    });

    test('without the password, with another, or while none is made: refused, and nothing is kept', async () => {
      const body = JSON.stringify(postmarkBounce(addressOf(0), ''));
      expect(await post('postmark', body)).toEqual({ status: 401, text: '' });
      expect((await post('postmark', body, await basic('wrong'))).status).toBe(401);
      expect((await post('postmark', body, { authorization: 'Basic !!' })).status).toBe(401);
      const before = await basic();
      await started.app.accounts.settings.makePostmarkPassword(COMMAND);
      expect((await post('postmark', body, before)).status).toBe(401);
      await started.app.accounts.settings.forgetPostmarkPassword(COMMAND);
      expect((await post('postmark', body, await basic(''))).status).toBe(401);
      expect(await kept()).toEqual([]);
    });

    test('whoever unsubscribes there is opted out here, and not written to', async () => {
      await sendWave(1);
      const about = { MessageID: randomUUID(), Metadata: { 'Comeback-Mail': messageIdTo(0).split('@')[0] } };
      const record = {
        RecordType: 'SubscriptionChange',
        Recipient: addressOf(0),
        ...about,
        ChangedAt: '2026-11-10T08:05:00Z',
      };
      const news = { ...record, SuppressSending: true, SuppressionReason: 'ManualSuppression' };
      expect(await postmark({ ...news, Origin: 'Customer' })).toBe(200);
      expect((await customer(0)).unsubscribedAt).toBeNull();
      expect(await kept()).toMatchObject([{ to_read: 1, cause: 'report' }]);
      expect(await postmark({ ...news, Origin: 'Recipient' })).toBe(200);
      expect(await customer(0)).toMatchObject({ unsubscribedHow: 'service' });
      expect(await suppressed(0)).toMatchObject({ how: 'unsubscribed' });
      // By hand it is about no message.
      const back = { ...record, MessageID: null, Metadata: null, SuppressSending: false, SuppressionReason: null };
      expect(await postmark({ ...back, Origin: 'Customer' })).toBe(200);
      expect(await suppressed(0)).toBeDefined();
      expect(await kept()).toHaveLength(2);
    });

    test('what is no JSON is said to be none; records that nobody knows wait for a person', async () => {
      expect((await post('postmark', '{', await basic())).status).toBe(400);
      expect((await post('postmark', '[]', await basic())).status).toBe(400);
      expect(await postmark({ RecordType: 'Open' })).toBe(200);
      expect(await kept()).toEqual([]);
      expect(await postmark({ RecordType: 'Weather', sky: 'blue' })).toBe(200);
      expect(await kept()).toMatchObject([{ to_read: 1, sender: 'Postmark' }]);
    });

    test('more than it may hold is not read', async () => {
      const large = JSON.stringify({ ...postmarkBounce(addressOf(0), ''), Content: 'x'.repeat(300_000) });
      expect((await post('postmark', large, await basic())).status).toBe(413);
    });
  });

  describe('Mailgun', () => {
    test('a permanent failure is recorded once, however often it comes and whatever it is signed with anew', async () => {
      const wave = await sendWave(1);
      const event = { id: 'event-1', ...mailgunFailure(addressOf(0), messageIdTo(0)) };
      expect([await mailgun(event), await mailgun(event)]).toEqual([200, 200]);
      const again = signed(event);
      expect([(await post('mailgun', again)).status, (await post('mailgun', again)).status]).toEqual([200, 200]);
      expect(await accounts(wave)).toMatchObject({ bounced: 1 });
      expect(await suppressed(0)).toMatchObject({ kind: 'hard', how: 'no_such_address' });
      expect(await kept()).toHaveLength(1);
    });

    test('a token carries one event: what somebody else puts beside it is refused', async () => {
      await sendWave(2);
      const good = signed(mailgunFailure(addressOf(0), messageIdTo(0)));
      expect((await post('mailgun', good)).status).toBe(200);
      const stolen = { ...(JSON.parse(good) as object), 'event-data': mailgunFailure(addressOf(1), messageIdTo(1)) };
      expect(await post('mailgun', JSON.stringify({ ...stolen }))).toEqual({ status: 401, text: '' });
      expect(await suppressed(1)).toBeUndefined();
      expect(await kept()).toHaveLength(1);
    });

    test('too old, from the future, or signed with another key: refused', async () => {
      const event = mailgunFailure(addressOf(0), '');
      const hours = 3600;
      for (const at of [now() - 13 * hours, now() + hours])
        expect((await post('mailgun', signed(event, KEY, at))).status).toBe(401);
      expect((await post('mailgun', signed(event, 'another-key-another-key'))).status).toBe(401);
      expect((await post('mailgun', '{"event-data":{}}')).status).toBe(401);
      await started.app.accounts.settings.saveSigningKey(COMMAND, '');
      expect((await post('mailgun', signed(event, ''))).status).toBe(401);
      expect(await kept()).toEqual([]);
      await started.app.accounts.settings.saveSigningKey(COMMAND, KEY);
      expect((await post('mailgun', signed(event, KEY, now() - 8 * hours))).status).toBe(200);
    });

    test('temporary failures go on being tried and count against nobody; complaints and opt-outs do', async () => {
      const wave = await sendWave(3);
      for (let i = 0; i < 5; i++)
        await mailgun(mailgunFailure(addressOf(0), messageIdTo(0), { severity: 'temporary', reason: 'generic' }));
      const said = (event: string, i: number) =>
        mailgun({ event, recipient: addressOf(i), message: { headers: { 'message-id': messageIdTo(i) } } });
      expect([await said('complained', 1), await said('unsubscribed', 2), await said('delivered', 0)]).toEqual([
        200, 200, 200,
      ]);
      expect(await suppressed(0)).toBeUndefined();
      expect(await customer(1)).toMatchObject({ unsubscribedHow: 'complaint' });
      expect(await customer(2)).toMatchObject({ unsubscribedHow: 'service' });
      expect(await accounts(wave)).toMatchObject({ bounced: 0 });
    });

    test('tokens are forgotten when their signature has run out', async () => {
      await mailgun(mailgunFailure(addressOf(0), ''));
      started.clock.advance({ hours: 13 });
      await mailgun(mailgunFailure(addressOf(1), ''));
      const rows = await storage().read.selectFrom('mail_hook_token').select('token_hash').execute();
      expect(rows).toHaveLength(1);
    });
  });

  test('only posts are answered, needing no session; whoever keeps failing is slowed down', () =>
    alone(async () => {
      for (const path of ['ses', 'postmark', 'mailgun', 'other'])
        expect((await fetch(`${started.baseUrl}/hooks/mail/${path}`)).status).toBe(404);
      const statuses = new Set<number>();
      for (let i = 0; i < 70; i++) statuses.add((await post('mailgun', 'x')).status);
      expect([...statuses]).toEqual([401, 429]);
      expect(await postmark({ RecordType: 'Delivery' })).toBe(200);
    }));
});
