import { timestamp } from '../../shared/clock.ts';
import { createCertificates, NotNow } from './certificates.ts';
import { fetchText } from './fetch-text.ts';
import type { Hearing, HookOutcome, MailHooksDeps } from './hook.ts';
import { noteHook } from './hook-store.ts';
import { readSes } from './ses.ts';
import { envelopeSchema, hostOf, isOn, isSignedBy, type Envelope, type SnsHost } from './sns.ts';

const SUBSCRIBE = /^\/$/;

/** Takes what Amazon SNS posts: what SES reports, and questions about the subscription that brings it. */
export function createSesHook(deps: MailHooksDeps, heard: Hearing): (body: string) => Promise<HookOutcome> {
  const { storage, clock, logger, secrets } = deps;
  const get = deps.fetchText ?? fetchText;
  const certificates = createCertificates(get, clock);
  return async (body) => {
    try {
      return await take(body);
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      logger.warn({ reason: error.message }, 'Amazon SNS could not be asked');
      return 'later';
    }
  };

  async function take(body: string): Promise<HookOutcome> {
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
}

function envelopeIn(body: string): Envelope | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
