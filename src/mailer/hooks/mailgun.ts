import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { sameSecret } from '../../shared/tokens.ts';
import { failureOf, tokenOf, type ServiceReport } from '../bounces/service-report.ts';
import type { Verdict } from '../bounces/reading.ts';
import { unknownReport, type Understood } from './understood.ts';

/** Mailgun tries again for some eight hours, with what it signed at first: older ones are refused. */
export const FRESH_MINUTES = 12 * 60;
/** Clocks go wrong by so much. */
export const EARLY_MINUTES = 5;

const signatureSchema = z.object({
  timestamp: z.coerce.string().regex(/^\d{9,11}$/),
  token: z.string().min(20).max(100),
  signature: z.string(),
  /** Where an account below the main one sent it: by the main one's key. */
  'parent-signature': z.string().optional(),
});

const bodySchema = z.object({
  signature: signatureSchema,
  'event-data': z.record(z.string(), z.unknown()),
});
type MailgunPost = z.infer<typeof bodySchema>;

/** @returns undefined where it is no post of Mailgun's */
export function openMailgun(raw: string): MailgunPost | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}

/** HMAC-SHA256 of timestamp and token by the account's webhook signing key. It does not cover what comes with them. */
export function isMailgun({ signature: signed }: MailgunPost, key: string): boolean {
  const { timestamp, token, signature } = signed;
  const wanted = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  const given = [signature, signed['parent-signature'] ?? ''];
  return key !== '' && given.some((each) => sameSecret(each, wanted));
}

/** Whether it was signed lately. */
export function isFresh({ signature: { timestamp } }: MailgunPost, now: Date): boolean {
  const minutes = (now.getTime() / 1000 - Number(timestamp)) / 60;
  return minutes <= FRESH_MINUTES && minutes >= -EARLY_MINUTES;
}

/** Of the event alone: a repetition may be signed anew. */
export function fingerprintOf(post: MailgunPost): string {
  return createHash('sha256').update(JSON.stringify(post['event-data'])).digest('base64url');
}

const eventSchema = z.object({
  event: z.string(),
  id: z.string(),
  recipient: z.string(),
  severity: z.string().default(''),
  reason: z.string().default(''),
  'delivery-status': z
    .object({
      code: z.union([z.number(), z.string()]).nullish(),
      'enhanced-code': z.string().nullish(),
      message: z.string().nullish(),
      description: z.string().nullish(),
    })
    .prefault({}),
  envelope: z.object({ sender: z.string().default('') }).prefault({}),
  message: z.object({ headers: z.object({ 'message-id': z.string().default('') }).prefault({}) }).prefault({}),
});
type MailgunEvent = z.infer<typeof eventSchema>;

/** 'rejected' is none of these: what Mailgun itself did not let out has reached nobody, and somebody has to look why. */
const NO_NEWS = new Set(['accepted', 'delivered', 'opened', 'clicked', 'stored', 'list_member_uploaded']);

export function readMailgun(post: MailgunPost): Understood {
  const data = post['event-data'];
  if (typeof data.event === 'string' && NO_NEWS.has(data.event)) return [];
  const event = eventSchema.safeParse(data).data;
  const verdict = event && verdictOf(event);
  if (!verdict) return [unknownReport('Mailgun', fingerprintOf(post), JSON.stringify(data, null, 2))];
  return [{ ...about(event), ...verdict }];
}

type Said = Pick<Verdict, 'kind' | 'cause' | 'status'>;

const UNSUBSCRIBED: Said = { kind: 'other', cause: 'unsubscribed', status: '' };
const COMPLAINED: Said = { kind: 'complaint', cause: 'complaint', status: '' };

/** Mailgun does not even try whom its own lists name. */
const BY_REASON: Record<string, Said> = {
  'suppress-unsubscribe': UNSUBSCRIBED,
  'suppress-complaint': COMPLAINED,
  'suppress-bounce': { kind: 'hard', cause: 'unspecified', status: '' },
  old: { kind: 'soft', cause: 'expired', status: '' },
};

function verdictOf(event: MailgunEvent): Said | undefined {
  if (event.event === 'unsubscribed') return UNSUBSCRIBED;
  if (event.event === 'complained') return COMPLAINED;
  if (event.event !== 'failed') return undefined;
  const known = event.severity === 'permanent' ? BY_REASON[event.reason] : undefined;
  if (known) return known;
  const { code, message, description, 'enhanced-code': enhanced } = event['delivery-status'];
  const words = `${code ?? ''} ${message || description || ''}`.trim();
  const forGood = event.severity === 'permanent';
  return failureOf({ status: enhanced ?? '', words, final: forGood, forGood });
}

function about({
  id,
  event,
  recipient,
  envelope,
  message,
}: MailgunEvent): Omit<ServiceReport, 'kind' | 'cause' | 'status'> {
  const messageId = message.headers['message-id'].replace(/[<>\s]/g, '');
  const named = { mailId: '', token: tokenOf(envelope.sender), messageId };
  return { service: 'Mailgun', id: `mailgun ${event} ${id} ${recipient}`, recipient, text: '', ...named };
}
