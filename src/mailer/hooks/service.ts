import type { Logger } from 'pino';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { tokenHash } from '../../shared/tokens.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { ServiceReport } from '../bounces/service-report.ts';
import { createCertificates, NotNow } from './certificates.ts';
import { fetchText, type FetchText } from './fetch-text.ts';
import { forgetTokens, hookRows, noteHook, spendToken, type HookProvider, type HookRow } from './hook-store.ts';
import {
  FRESH_MINUTES,
  EARLY_MINUTES,
  fingerprintOf,
  isFresh,
  isMailgun,
  openMailgun,
  readMailgun,
} from './mailgun.ts';
import { isPostmark, readPostmark } from './postmark.ts';
import { readSes } from './ses.ts';
import { envelopeSchema, hostOf, isOn, isSignedBy, type Envelope, type SnsHost } from './sns.ts';

/** By what the posts of mail services are known to be theirs; '' where a service is not to be heard. */
export interface HookSecrets {
  /** The one SNS topic whose messages count. */
  topicArn: string;
  postmarkPassword: string;
  /** Mailgun's webhook signing key. */
  mailgunKey: string;
}

/**
 * 'taken': it stands in the database, or is no news. 'refused': nobody can tell that it is from the service.
 * 'malformed': it is, but cannot be read at all. 'later': the service should try again.
 */
export type HookOutcome = 'taken' | 'refused' | 'malformed' | 'later';

export interface HookState {
  provider: HookProvider;
  heardAt: string | null;
  confirmedAt: string | null;
  /** It said that it sends no more, after it was last confirmed. */
  endedAt: string | null;
}

export interface MailHooksDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  secrets(): Promise<HookSecrets>;
  /** Records all of them, or none; `guard` has the first word in that transaction. */
  take(reports: ServiceReport[], guard: (tx: Tx) => Promise<void>): Promise<void>;
  /** For what has to be fetched from Amazon. */
  fetchText?: FetchText | undefined;
}

/** The reports that mail services post by themselves: each takes a body as it came. */
export interface MailHooks {
  ses(body: string): Promise<HookOutcome>;
  postmark(body: string, authorization: string | undefined): Promise<HookOutcome>;
  mailgun(body: string): Promise<HookOutcome>;
  states(): Promise<HookState[]>;
}

class Refused extends Error {}

const SUBSCRIBE = /^\/$/;

export function createMailHooks(deps: MailHooksDeps): MailHooks {
  const { storage, clock, logger, secrets } = deps;
  const get = deps.fetchText ?? fetchText;
  const certificates = createCertificates(get, clock);
  const heard = createHearing(clock);

  async function ses(body: string): Promise<HookOutcome> {
    const envelope = envelopeIn(body);
    const { topicArn } = await secrets();
    const host = hostOf(topicArn);
    if (!envelope || !host || envelope.TopicArn !== topicArn) return 'refused';
    const key = await certificates.keyFor(host, envelope.SigningCertURL);
    if (!key || !isSignedBy(key, envelope)) return 'refused';
    if (envelope.Type === 'SubscriptionConfirmation') return await confirm(envelope, host);
    if (envelope.Type === 'UnsubscribeConfirmation') return await ended();
    await deps.take(readSes(envelope.Message, envelope.MessageId), (tx) => heard.note(tx, 'ses'));
    return 'taken';
  }

  /** Says yes to SNS, which asks once for each subscription to the topic that the administrator named. */
  async function confirm({ SubscribeURL = '' }: Envelope, host: SnsHost): Promise<HookOutcome> {
    if (!isOn(host, SubscribeURL, SUBSCRIBE)) return 'refused';
    await get(SubscribeURL).catch(({ message }: Error) => {
      throw new NotNow(message);
    });
    const now = timestamp(clock);
    await storage.transaction((tx) => noteHook(tx, 'ses', { heard_at: now, confirmed_at: now, ended_at: null }));
    return 'taken';
  }

  async function ended(): Promise<HookOutcome> {
    const now = timestamp(clock);
    await storage.transaction((tx) => noteHook(tx, 'ses', { heard_at: now, ended_at: now }));
    logger.warn('Amazon SNS has ended the subscription that brings bounces');
    return 'taken';
  }

  return {
    async ses(body) {
      try {
        return await ses(body);
      } catch (error) {
        if (!(error instanceof NotNow)) throw error;
        logger.warn({ reason: error.message }, 'Amazon SNS could not be asked');
        return 'later';
      }
    },
    async postmark(body, authorization) {
      const { postmarkPassword } = await secrets();
      if (!isPostmark(authorization, postmarkPassword)) return 'refused';
      const reports = readPostmark(body);
      if (!reports) return 'malformed';
      await deps.take(reports, (tx) => heard.note(tx, 'postmark'));
      return 'taken';
    },
    async mailgun(body) {
      const post = openMailgun(body);
      const { mailgunKey } = await secrets();
      if (!post || !isMailgun(post, mailgunKey) || !isFresh(post, clock.now())) return 'refused';
      const spent = {
        token_hash: tokenHash(post.signature.token),
        fingerprint: fingerprintOf(post),
        taken_at: timestamp(clock),
      };
      const guard = async (tx: Tx) => {
        await forgetTokens(tx, addMinutes(spent.taken_at, -(FRESH_MINUTES + EARLY_MINUTES)));
        if (!(await spendToken(tx, spent))) throw new Refused();
        await heard.note(tx, 'mailgun');
      };
      try {
        await deps.take(readMailgun(post), guard);
        return 'taken';
      } catch (error) {
        if (error instanceof Refused) return 'refused';
        throw error;
      }
    },
    states: async () => (await hookRows(storage.read)).map(asState),
  };
}

function envelopeIn(body: string): Envelope | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Written down once a minute at most: a storm of reports must not become a storm of writes to one row. */
function createHearing(clock: Clock) {
  const last = new Map<HookProvider, string>();
  return {
    async note(tx: Tx, provider: HookProvider): Promise<void> {
      const now = timestamp(clock);
      if ((last.get(provider) ?? '') > addMinutes(now, -1)) return;
      await noteHook(tx, provider, { heard_at: now });
      last.set(provider, now);
    },
  };
}

const asState = (row: HookRow): HookState => ({
  provider: row.provider,
  heardAt: row.heard_at,
  confirmedAt: row.confirmed_at,
  endedAt: row.ended_at,
});
