import { createHmac, randomBytes, randomUUID, sign } from 'node:crypto';
import type { Signing } from './certificate.ts';

export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:returned';
export const SNS = 'https://sns.eu-central-1.amazonaws.com';
export const CERTIFICATE_URL = `${SNS}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;

/** A message as Amazon SNS posts it, signed with that key. */
export function snsMessage(fields: Record<string, string>, { key }: Signing, version: '1' | '2' = '2'): string {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: TOPIC,
    Timestamp: '2026-11-10T08:05:00.000Z',
    SignatureVersion: version,
    SigningCertURL: CERTIFICATE_URL,
    ...fields,
  };
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const signed = names.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`);
  const signature = sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(signed.join('')), key);
  return JSON.stringify({ ...message, Signature: signature.toString('base64') });
}

/** What SES says about a message: as a notification of an identity, or as an event of a configuration set. */
export function sesBounce(
  recipient: string,
  {
    source = 'hallo@example.com',
    messageId = '',
    type = 'Permanent',
    subType = 'General',
    status = '5.1.1',
    said = 'smtp; 550 5.1.1 user unknown',
    named = 'notificationType',
  } = {},
): string {
  const headers = messageId === '' ? [] : [{ name: 'Message-ID', value: `<${messageId}>` }];
  return JSON.stringify({
    [named]: 'Bounce',
    bounce: {
      feedbackId: `0107-${randomUUID()}-000000`,
      bounceType: type,
      bounceSubType: subType,
      bouncedRecipients: [
        { emailAddress: recipient, action: 'failed', ...(status && { status }), ...(said && { diagnosticCode: said }) },
      ],
      timestamp: '2026-11-10T08:05:00.000Z',
    },
    mail: {
      timestamp: '2026-11-10T08:00:00.000Z',
      messageId: '0107-000000',
      source,
      destination: [recipient],
      headersTruncated: false,
      headers,
    },
  });
}

export function sesComplaint(recipient: string, { source = 'hallo@example.com', kind = 'abuse' } = {}): string {
  return JSON.stringify({
    eventType: 'Complaint',
    complaint: {
      feedbackId: `0107-${randomUUID()}-000000`,
      complaintSubType: null,
      complainedRecipients: [{ emailAddress: recipient }],
      complaintFeedbackType: kind,
    },
    mail: { messageId: '0107-000000', source, destination: [recipient], headers: [] },
  });
}

/** A post of Mailgun's, signed at that moment (seconds since 1970). */
export function mailgunPost(
  key: string,
  event: Record<string, unknown>,
  { at = Date.parse('2026-11-10T08:05:00.000Z') / 1000, token = randomBytes(25).toString('hex') } = {},
): string {
  const timestamp = String(Math.floor(at));
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  return JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': { id: randomUUID(), ...event } });
}

export function mailgunFailure(recipient: string, messageId: string, more: Record<string, unknown> = {}) {
  return {
    event: 'failed',
    severity: 'permanent',
    reason: 'bounce',
    recipient,
    'delivery-status': {
      code: 550,
      'enhanced-code': '5.1.1',
      message: '5.1.1 The email account does not exist',
      description: '',
    },
    envelope: { sender: 'hallo@example.com', transport: 'smtp', targets: recipient },
    message: { headers: { 'message-id': messageId, to: recipient } },
    ...more,
  };
}

export function postmarkBounce(recipient: string, mailId: string, more: Record<string, unknown> = {}) {
  return {
    RecordType: 'Bounce',
    ID: Math.floor(Math.random() * 1e12),
    Type: 'HardBounce',
    TypeCode: 1,
    MessageID: randomUUID(),
    Metadata: mailId === '' ? {} : { 'comeback-mail': mailId },
    Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
    Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.',
    Email: recipient,
    From: 'hallo@example.com',
    Inactive: true,
    ...more,
  };
}
