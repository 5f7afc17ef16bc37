import { describe, expect, test } from '@jest/globals';
import { readMailgun } from '../../src/mailer/hooks/mailgun.ts';
import { readPostmark } from '../../src/mailer/hooks/postmark.ts';
import { readSes } from '../../src/mailer/hooks/ses.ts';
import { hostOf, isTopic } from '../../src/mailer/hooks/sns.ts';
import { PROVIDERS, serviceHeaders } from '../../src/mailer/providers.ts';
import { mailgunFailure, postmarkBounce, sesBounce, sesComplaint } from '../support/mail-services.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop';
const said = (reports: { kind: string; cause: string; status: string }[] | undefined) =>
  reports?.map(({ kind, cause, status }) => [kind, cause, status].join(' ').trim());
const ses = (message: string) => said(readSes(message, 'id'));

describe('What Amazon SES reports', () => {
  const bounce = (type: string, subType: string, status = '', text = '') =>
    ses(sesBounce('kim@example.com', { type, subType, status, said: text }));

  test.each([
    ['Permanent', 'General', '5.1.1', 'smtp; 550 5.1.1 user unknown', 'hard no_such_address 5.1.1'],
    ['Permanent', 'NoEmail', '', '', 'hard no_such_address'],
    ['Permanent', 'General', '', '', 'hard unspecified'],
    ['Permanent', 'Suppressed', '', '', 'hard unspecified'],
    ['Permanent', 'OnAccountSuppressionList', '', '', 'hard unspecified'],
    ['Permanent', 'UnsubscribedRecipient', '', '', 'other unsubscribed'],
    ['Permanent', 'General', '5.7.1', 'smtp; 554 5.7.1 blocked using zen.example.org blocklist', 'soft blocked 5.7.1'],
    ['Permanent', 'General', '4.4.7', 'smtp; 450 4.4.7 message expired', 'soft expired 4.4.7'],
    ['Transient', 'MailboxFull', '', '', 'soft full'],
    ['Transient', 'MessageTooLarge', '', '', 'soft too_large'],
    ['Transient', 'ContentRejected', '', '', 'soft content'],
    ['Transient', 'General', '', '', 'auto-reply automatic'],
    ['Transient', 'General', '4.2.1', 'smtp; 450 4.2.1 user unknown', 'soft disabled 4.2.1'],
    ['Undetermined', 'Undetermined', '', '', 'soft unspecified'],
  ])('%s/%s %s %s', (type, subType, status, text, meant) => {
    expect(bounce(type, subType, status, text)).toEqual([meant]);
  });

  test('complaints are complaints, unless their type says otherwise', () => {
    expect(ses(sesComplaint('kim@example.com'))).toEqual(['complaint complaint']);
    expect(ses(sesComplaint('kim@example.com', { kind: 'not-spam' }))).toEqual(['other not_spam']);
    expect(ses(sesComplaint('kim@example.com', { kind: 'auth-failure' }))).toEqual(['other report']);
  });

  test('a delay counts against nobody; leaving the contact list altogether is an opt-out', () => {
    const mail = { messageId: 'x', destination: ['kim@example.com'] };
    const delayed = [{ emailAddress: 'kim@example.com', status: '4.4.1', diagnosticCode: '421 4.4.1 no answer' }];
    const delay = { eventType: 'DeliveryDelay', mail, deliveryDelay: { delayedRecipients: delayed } };
    expect(ses(JSON.stringify(delay))).toEqual(['soft delayed 4.4.1']);
    const left = (unsubscribeAll: boolean) =>
      ses(
        JSON.stringify({ eventType: 'Subscription', mail, subscription: { newTopicPreferences: { unsubscribeAll } } }),
      );
    expect(left(true)).toEqual(['other unsubscribed']);
    expect(left(false)).toEqual([]);
  });

  test('the message is known by the sign in its return path and by its Message-ID', () => {
    const source = `bounces+${TOKEN.toUpperCase()}@example.com`;
    const [report] = readSes(sesBounce('Kim <kim@example.com>', { source, messageId: 'a@example.com' }), 'id');
    expect(report).toMatchObject({ token: TOKEN, messageId: 'a@example.com', recipient: 'kim@example.com' });
  });

  test('what a new topic is greeted with is no news, other words are kept', () => {
    expect(ses('Successfully validated SNS topic for Amazon SES event publishing.')).toEqual([]);
    expect(ses('{"notificationType":"AmazonSnsSubscriptionSucceeded"}')).toEqual([]);
    expect(ses('Hello')).toEqual(['other unknown']);
    expect(ses('{"eventType":"Bounce"}')).toEqual(['other unknown']);
  });
});

describe('What Postmark reports', () => {
  const bounce = (more: object) =>
    said(readPostmark(JSON.stringify({ ...postmarkBounce('kim@example.com', ''), ...more })));

  test.each([
    ['HardBounce', 'smtp;550 5.1.1 no such user', 'hard no_such_address 5.1.1'],
    ['HardBounce', '', 'hard no_such_address'],
    ['BadEmailAddress', '', 'hard no_such_address'],
    ['SoftBounce', 'smtp;452 4.2.2 mailbox full', 'soft full 4.2.2'],
    ['Transient', '', 'soft delayed'],
    ['DnsError', '', 'soft unreachable'],
    ['Blocked', '', 'soft blocked'],
    ['SpamNotification', '', 'soft blocked'],
    ['DMARCPolicy', '', 'soft authentication'],
    ['AutoResponder', '', 'auto-reply automatic'],
    ['Unsubscribe', '', 'other unsubscribed'],
    ['SpamComplaint', '', 'complaint complaint'],
    ['ManuallyDeactivated', '', 'other unknown'],
    ['SomethingNew', '', 'soft no_such_address'],
  ])('%s %s', (Type, Details, meant) => {
    expect(bounce({ Type, Details })).toEqual([meant]);
  });

  test('what leaves through it carries the id of our mail along, and nowhere else', () => {
    const headers = { 'X-PM-Metadata-comeback-mail': 'id', 'X-PM-KeepID': 'true' };
    expect(serviceHeaders('smtp.postmarkapp.com', 'id')).toEqual(headers);
    expect(serviceHeaders('smtp-broadcasts.postmarkapp.com', 'id')).toEqual(headers);
    expect(serviceHeaders('smtp.eu.mailgun.org', 'id')).toEqual({});
    expect(readPostmark(JSON.stringify(postmarkBounce('kim@example.com', 'id')))).toMatchObject([{ mailId: 'id' }]);
  });
});

describe('What Mailgun reports', () => {
  const failed = (more: Record<string, unknown>) =>
    said(
      readMailgun({
        signature: { timestamp: '', token: '', signature: '' },
        'event-data': { id: 'x', ...mailgunFailure('kim@example.com', '', more) },
      }),
    );
  const status = (code: number, message: string, enhanced = '') => ({
    'delivery-status': { code, message, 'enhanced-code': enhanced },
  });

  test.each([
    [{}, 'hard no_such_address 5.1.1'],
    [{ reason: 'suppress-bounce', ...status(605, '') }, 'hard unspecified'],
    [{ reason: 'suppress-complaint', ...status(607, '') }, 'complaint complaint'],
    [{ reason: 'suppress-unsubscribe', ...status(606, '') }, 'other unsubscribed'],
    [{ reason: 'old', ...status(602, 'Too old') }, 'soft expired'],
    [{ reason: 'espblock', ...status(550, '5.7.1 blocked for its poor reputation') }, 'soft blocked 5.7.1'],
    [{ event: 'rejected', reject: { reason: 'Free accounts are for test purposes only' } }, 'other unknown'],
    [{ severity: 'temporary', reason: 'generic', ...status(452, '4.2.2 mailbox full') }, 'soft delayed 4.2.2'],
  ])('%j', (more, meant) => {
    expect(failed(more)).toEqual([meant]);
  });
});

describe('SNS topics', () => {
  test.each([
    ['arn:aws:sns:eu-central-1:123456789012:returned', 'sns.eu-central-1.amazonaws.com'],
    ['arn:aws-cn:sns:cn-north-1:123456789012:returned', 'sns.cn-north-1.amazonaws.com.cn'],
    ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:a_b-c', 'sns.us-gov-west-1.amazonaws.com'],
  ])('%s is served by %s', (arn, name) => {
    expect(isTopic(arn)).toBe(true);
    expect(hostOf(arn)?.name).toBe(name);
  });

  test.each([
    'arn:aws:sqs:eu-central-1:123456789012:x',
    'arn:aws:sns:eu.example.org/:123456789012:x',
    'arn:aws:sns:eu-central-1:1:x',
    'arn:aws:sns:eu-central-1:123456789012:x\n',
    '',
  ])('%j is none', (arn) => {
    expect(isTopic(arn)).toBe(false);
    expect(hostOf(arn)).toBeUndefined();
  });
});

test('each service has limits that its form would take', () => {
  for (const { perSecond, connections } of PROVIDERS) {
    expect(perSecond === null || (perSecond >= 0.01 && perSecond <= 1000)).toBe(true);
    expect(connections).toBeGreaterThanOrEqual(1);
  }
});
