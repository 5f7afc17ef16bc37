import { z } from 'zod';
import { failureOf, tokenOf, type ServiceReport } from '../bounces/service-report.ts';
import type { Verdict } from '../bounces/reading.ts';
import { unknownReport, type Understood } from './understood.ts';

const recipients = z.array(
  z.object({
    emailAddress: z.string(),
    status: z.string().optional(),
    diagnosticCode: z.string().optional(),
  }),
);

const mailSchema = z.object({
  messageId: z.string().default(''),
  /** The envelope's sender. */
  source: z.string().default(''),
  destination: z.array(z.string()).default([]),
  headers: z.array(z.object({ name: z.string(), value: z.string().nullish() })).default([]),
  commonHeaders: z.object({ messageId: z.string().optional() }).optional(),
});

const bounceSchema = z.object({
  feedbackId: z.string().default(''),
  bounceType: z.string(),
  bounceSubType: z.string().default(''),
  bouncedRecipients: recipients,
});

const complaintSchema = z.object({
  feedbackId: z.string().default(''),
  complainedRecipients: recipients,
  complaintFeedbackType: z.string().nullish(),
});

const topics = z.object({ unsubscribeAll: z.boolean().default(false) });

/** Notifications of an identity call their kind `notificationType`, events of a configuration set `eventType`. */
const eventSchema = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: mailSchema.prefault({}),
  bounce: bounceSchema.optional(),
  complaint: complaintSchema.optional(),
  deliveryDelay: z.object({ delayedRecipients: recipients, timestamp: z.string().default('') }).optional(),
  subscription: z.object({ newTopicPreferences: topics.optional(), timestamp: z.string().default('') }).optional(),
});
type SesEvent = z.infer<typeof eventSchema>;

/** Kinds of events that need nobody: they are asked for by a tick too many. */
const NO_NEWS = new Set(['Send', 'Delivery', 'Open', 'Click', 'AmazonSnsSubscriptionSucceeded']);

/** What an SES event, the `Message` of an SNS notification, says. */
export function readSes(message: string, snsId: string): Understood {
  const event = parsed(message);
  if (event === 'words') return [];
  const kind = event?.eventType ?? event?.notificationType ?? '';
  if (NO_NEWS.has(kind)) return [];
  const reports = event && (bounces(event) ?? complaints(event) ?? delays(event) ?? optOuts(event));
  return reports ?? [unknownReport('Amazon SES', snsId, message)];
}

/** SES and SNS write sentences to a new topic to say that all is well. */
function parsed(message: string): SesEvent | 'words' | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(message)).data;
  } catch {
    return /^Successfully validated SNS topic/i.test(message) ? 'words' : undefined;
  }
}

function bounces({ bounce, mail }: SesEvent): Understood | undefined {
  return bounce?.bouncedRecipients.map((each) => ({
    ...about(mail, `bounce ${bounce.feedbackId}`, each.emailAddress),
    ...verdictOf(bounce, each),
  }));
}

type Bounce = z.infer<typeof bounceSchema>;
type Recipient = z.infer<typeof recipients>[number];

/** The reasons that SES itself names, where no server has given one. */
const BY_SUBTYPE: Record<string, Verdict['cause']> = {
  NoEmail: 'no_such_address',
  MailboxFull: 'full',
  MessageTooLarge: 'too_large',
  ContentRejected: 'content',
  AttachmentRejected: 'content',
  CustomTimeoutExceeded: 'expired',
};

function verdictOf({ bounceType, bounceSubType }: Bounce, { status, diagnosticCode }: Recipient) {
  if (bounceSubType === 'UnsubscribedRecipient') return optedOut;
  const said = (diagnosticCode ?? '').replace(/^[\w-]{1,20}\s?;\s?/, '');
  // A report of any other server has a status: without one it is somebody's automatic answer.
  if (bounceType === 'Transient' && bounceSubType === 'General' && !said && !status) return automatic;
  const cause = said || status ? undefined : BY_SUBTYPE[bounceSubType];
  if (cause) return { kind: cause === 'no_such_address' ? ('hard' as const) : ('soft' as const), cause, status: '' };
  return failureOf({ status: status ?? '', words: said, final: true, forGood: bounceType === 'Permanent' });
}

const optedOut: Pick<Verdict, 'kind' | 'cause' | 'status'> = { kind: 'other', cause: 'unsubscribed', status: '' };
const automatic: Pick<Verdict, 'kind' | 'cause' | 'status'> = { kind: 'auto-reply', cause: 'automatic', status: '' };

/** The feedback types of ARF (RFC 5965) that are no complaint. */
const NO_COMPLAINT: Record<string, Verdict['cause']> = { 'not-spam': 'not_spam', 'auth-failure': 'report' };

function complaints({ complaint, mail }: SesEvent): Understood | undefined {
  const cause = NO_COMPLAINT[complaint?.complaintFeedbackType ?? ''] ?? 'complaint';
  return complaint?.complainedRecipients.map(({ emailAddress }) => ({
    ...about(mail, `complaint ${complaint.feedbackId}`, emailAddress),
    kind: cause === 'complaint' ? 'complaint' : 'other',
    cause,
    status: '',
  }));
}

function delays({ deliveryDelay, mail }: SesEvent): Understood | undefined {
  return deliveryDelay?.delayedRecipients.map(({ emailAddress, status = '', diagnosticCode: words = '' }) => ({
    ...about(mail, `delay ${mail.messageId} ${deliveryDelay.timestamp}`, emailAddress),
    ...failureOf({ status, words, final: false, forGood: false }),
  }));
}

/** The list of contacts that SES keeps: only leaving it altogether is an opt-out. */
function optOuts({ subscription, mail }: SesEvent): Understood | undefined {
  if (!subscription) return undefined;
  if (subscription.newTopicPreferences?.unsubscribeAll !== true) return [];
  const id = `subscription ${mail.messageId} ${subscription.timestamp}`;
  return mail.destination.map((recipient) => ({ ...about(mail, id, recipient), ...optedOut }));
}

type About = Omit<ServiceReport, 'kind' | 'cause' | 'status'>;

function about({ source, headers, commonHeaders }: SesEvent['mail'], id: string, recipient: string): About {
  const header = headers.find(({ name }) => name.toLowerCase() === 'message-id')?.value;
  const messageId = (header ?? commonHeaders?.messageId ?? '').replace(/[<>\s]/g, '');
  const named = { mailId: '', token: tokenOf(source), messageId };
  return { service: 'Amazon SES', id: `ses ${id} ${recipient}`, recipient: bare(recipient), text: '', ...named };
}

/** SES repeats what stood in the header, with a name where there was one. */
const bare = (address: string) => (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim();
