import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sameSecret, tokenHash } from '../../shared/tokens.ts';
import { failureOf, type ServiceReport } from '../bounces/service-report.ts';
import type { Verdict } from '../bounces/reading.ts';
import { MAIL_METADATA } from '../providers.ts';
import { unknownReport, type Understood } from './understood.ts';

/** The name that stands before the password in the address for Postmark. */
export const POSTMARK_USER = 'comeback';

/** Postmark signs nothing: it repeats the user and password that stand in the address it was given. */
export function isPostmark(authorization: string | undefined, password: string): boolean {
  const [, given = ''] = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '') ?? [];
  const wanted = `${POSTMARK_USER}:${password}`;
  // Compared as hashes, which are of one length whatever was typed.
  return password !== '' && sameSecret(tokenHash(Buffer.from(given, 'base64').toString()), tokenHash(wanted));
}

/** Postmark writes null where nothing is known: a change of its list by hand is about no message. */
const words = z
  .string()
  .nullish()
  .transform((said) => said ?? '');

const base = z.object({
  MessageID: words,
  Metadata: z.record(z.string(), z.unknown()).nullish(),
});

const bounceSchema = base.extend({
  RecordType: z.enum(['Bounce', 'SpamComplaint']),
  ID: z.union([z.number(), z.string()]),
  Type: z.string(),
  Email: z.string(),
  Description: words,
  Details: words,
});

const changeSchema = base.extend({
  RecordType: z.literal('SubscriptionChange'),
  Recipient: z.string(),
  ChangedAt: z.string().default(''),
  SuppressSending: z.boolean(),
  SuppressionReason: z.string().nullish(),
  Origin: z.string().nullish(),
});

const NO_NEWS = new Set(['Delivery', 'Open', 'Click']);

/** What Postmark posted; undefined where it is no record at all. */
export function readPostmark(raw: string): Understood | undefined {
  const record = jsonOf(raw);
  const kind = z.object({ RecordType: z.string() }).safeParse(record).data?.RecordType;
  if (kind === undefined) return undefined;
  if (NO_NEWS.has(kind)) return [];
  const bounce = bounceSchema.safeParse(record).data;
  if (bounce) return bounced(bounce, raw);
  const change = changeSchema.safeParse(record).data;
  return change ? changed(change, raw) : [unknownReport('Postmark', hashOf(raw), raw)];
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

const hashOf = (raw: string) => createHash('sha256').update(raw).digest('base64url');

type Said = Pick<Verdict, 'kind' | 'cause' | 'status'>;

const said = (kind: Verdict['kind'], cause: Verdict['cause']): Said => ({ kind, cause, status: '' });

/** The types that need no reading of what the other server said. 'person': somebody should look. */
const BY_TYPE: Record<string, Said | 'person' | 'nothing'> = {
  SpamComplaint: said('complaint', 'complaint'),
  Unsubscribe: said('other', 'unsubscribed'),
  Subscribe: 'nothing',
  AutoResponder: said('auto-reply', 'automatic'),
  ChallengeVerification: said('auto-reply', 'challenge'),
  AddressChange: 'person',
  Transient: said('soft', 'delayed'),
  DnsError: said('soft', 'unreachable'),
  SpamNotification: said('soft', 'blocked'),
  Blocked: said('soft', 'blocked'),
  VirusNotification: said('soft', 'content'),
  DMARCPolicy: said('soft', 'authentication'),
  OpenRelayTest: 'nothing',
  SMTPApiError: 'person',
  InboundError: 'nothing',
  TemplateRenderingFailed: 'person',
  Unconfirmed: 'person',
  Unknown: 'person',
  ManuallyDeactivated: 'person',
};
const FOR_GOOD = new Set(['HardBounce', 'BadEmailAddress']);
const BAD_ADDRESS = 'bad recipient address';
/** These come as a bounce, and as a change of Postmark's list: as one piece of news for each message. */
const TOLD_TWICE = new Set(['HardBounce', 'SpamComplaint']);

function bounced(record: z.infer<typeof bounceSchema>, raw: string): Understood {
  const { ID, Type, Email, Description, Details } = record;
  const report = about(record, TOLD_TWICE.has(Type) ? Type : `bounce ${ID}`, Email);
  const known = BY_TYPE[Type];
  if (known === 'nothing') return [];
  if (known === 'person') return [{ ...unknownReport('Postmark', `${ID}`, raw), recipient: Email }];
  if (known) return [{ ...report, ...known }];
  const told = (Type === 'BadEmailAddress' ? BAD_ADDRESS : '') || Details || Description;
  return [{ ...report, ...failureOf({ status: '', words: told, final: true, forGood: FOR_GOOD.has(Type) }) }];
}

/** A list of Postmark's own: what bounced or complained stands there too, and is told a second time. */
function changed(record: z.infer<typeof changeSchema>, raw: string): Understood {
  const { Recipient, ChangedAt, SuppressSending, SuppressionReason, Origin, MessageID } = record;
  // Who takes somebody off Postmark's list has not decided for ours.
  if (!SuppressSending) return [];
  const told = about(record, SuppressionReason ?? '', Recipient);
  if (SuppressionReason === 'HardBounce') return [{ ...told, ...said('hard', 'unspecified') }];
  if (SuppressionReason === 'SpamComplaint') return [{ ...told, ...said('complaint', 'complaint') }];
  const change = `change ${ChangedAt}`;
  if (Origin === 'Recipient') return [{ ...about(record, change, Recipient), ...said('other', 'unsubscribed') }];
  return [{ ...unknownReport('Postmark', `${change} ${MessageID}`, raw), cause: 'report', recipient: Recipient }];
}

type About = Omit<ServiceReport, 'kind' | 'cause' | 'status'>;

/** Postmark gives messages ids of its own: ours goes along as metadata. What has none did not come from here. */
function about({ Metadata, MessageID }: z.infer<typeof base>, id: string, recipient: string): About {
  const [, own] = Object.entries(Metadata ?? {}).find(([name]) => name.toLowerCase() === MAIL_METADATA) ?? [];
  const named = { mailId: typeof own === 'string' ? own : '', token: '', messageId: MessageID };
  return { service: 'Postmark', id: `postmark ${id} ${MessageID} ${recipient}`, recipient, text: '', ...named };
}
