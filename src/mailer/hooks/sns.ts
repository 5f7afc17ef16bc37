import { verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** What Amazon SNS posts: a notification of a topic, or a question about the subscription to it. */
export const envelopeSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** What the signature is over: name and value of each field, each on a line of its own (SNS developer guide). */
function signedText(envelope: Envelope): string {
  const names = envelope.Type === 'Notification' ? NOTIFICATION : CONFIRMATION;
  const given = names.filter((name) => envelope[name] !== undefined && envelope[name] !== null);
  return given.map((name) => `${name}\n${envelope[name]}\n`).join('');
}

/** Version 1 signs with SHA-1, version 2 with SHA-256; both with RSA. */
export function isSignedBy(key: KeyObject, envelope: Envelope): boolean {
  const hash = envelope.SignatureVersion === '2' ? 'sha256' : 'sha1';
  return verify(hash, Buffer.from(signedText(envelope)), key, Buffer.from(envelope.Signature, 'base64'));
}

const TOPIC = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,30}):\d{12}:[\w-]{1,256}$/;

export function isTopic(arn: string): boolean {
  return TOPIC.test(arn);
}

/** Where SNS itself stands for the topic's region. */
export interface SnsHost {
  region: string;
  /** 'amazonaws.com', or with '.cn' in China. */
  domain: string;
  name: string;
}

export function hostOf(topicArn: string): SnsHost | undefined {
  const [, partition, region] = TOPIC.exec(topicArn) ?? [];
  if (region === undefined) return undefined;
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { region, domain, name: `sns.${region}.${domain}` };
}

/** Whether this is an address on that host, over TLS, without anything that could lead elsewhere. */
export function isOn(host: SnsHost, address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password, pathname } = new URL(address);
  const plain = port === '' && username === '' && password === '';
  return protocol === 'https:' && hostname === host.name && plain && path.test(pathname);
}
