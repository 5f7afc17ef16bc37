import { newId } from '../shared/ids.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Schema, Tx } from '../storage/index.ts';
import type { Refused } from './bounces/index.ts';
import { insertCaptured } from './captured-store.ts';
import type { Settled } from './deliver.ts';
import type { MailState, Message } from './message.ts';
import { oneLine, retryAt, type Outcome } from './rules.ts';
import { requeueMails, settleMails, type Changed, type Claimed } from './store.ts';
import { extraHeaders } from './transport.ts';

export interface SettleContext {
  claimer: string;
  clock: Clock;
  /** The address in the envelope of messages that are kept instead of sent. */
  from: string;
  /** Tells the features whose mails these are. */
  announce(tx: Tx, changed: Changed[], state: MailState, error: string | null): Promise<void>;
  /** Hears of each that the receiving server refused for good. */
  refused?: ((tx: Tx, refused: Refused) => Promise<void>) | undefined;
}

/** Writes what became of a chunk: the many that went well in one statement, the few others by what went wrong. */
export async function settle(tx: Tx, settled: Settled[], context: SettleContext): Promise<void> {
  const now = timestamp(context.clock);
  for (const group of grouped(settled, now)) {
    const ids = group.mails.map((mail) => mail.id);
    const changed =
      group.state === 'queued'
        ? await requeueMails(tx, context.claimer, ids, group)
        : await settleMails(tx, context.claimer, ids, { ...group, state: group.state, now });
    await context.announce(tx, changed, group.state, group.error || null);
    if (group.state === 'failed') await tellRefused(tx, changed, group.error, settled, context);
  }
  await insertCaptured(tx, capturedRows(settled, context));
}

async function tellRefused(tx: Tx, changed: Changed[], reply: string, settled: Settled[], context: SettleContext) {
  const addresses = new Map(settled.map(({ mail, address }) => [mail.id, address]));
  for (const { id, kind, subject_id: subjectId } of changed) {
    const address = addresses.get(id);
    if (address !== undefined) await context.refused?.(tx, { mailId: id, kind, subjectId, address, reply });
  }
}

interface Group {
  state: 'sent' | 'failed' | 'unknown' | 'cancelled' | 'queued';
  error: string;
  tries: number;
  notBefore: string | null;
  mails: Claimed[];
}

function grouped(settled: Settled[], now: string): Group[] {
  const groups = new Map<string, Group>();
  for (const { mail, outcome } of settled) {
    const group = groupOf(outcome, mail.attempts, now);
    const key = JSON.stringify(group);
    const known = groups.get(key) ?? { ...group, mails: [] };
    known.mails.push(mail);
    groups.set(key, known);
  }
  return [...groups.values()];
}

function groupOf(outcome: Outcome, attempts: number, now: string): Omit<Group, 'mails'> {
  if (outcome.state === 'sent') return { state: 'sent', error: '', tries: 1, notBefore: null };
  const { state, error } = outcome;
  if (outcome.state !== 'queued') return { state, error, tries: state === 'cancelled' ? 0 : 1, notBefore: null };
  if (!outcome.tried) return { state: 'queued', error, tries: 0, notBefore: null };
  const notBefore = retryAt(now, attempts + 1);
  return notBefore === undefined
    ? { state: 'failed', error, tries: 1, notBefore: null }
    : { state: 'queued', error, tries: 1, notBefore };
}

/** The messages that are kept instead of sent, as rows. */
export function capturedRows(
  settled: Settled[],
  { clock, from }: Pick<SettleContext, 'clock' | 'from'>,
): Schema['captured_mail'][] {
  return settled.flatMap(({ mail, captured }) => (captured ? [capturedRow(mail, captured, from, clock)] : []));
}

function capturedRow(mail: Claimed, message: Message, from: string, clock: Clock): Schema['captured_mail'] {
  return {
    id: newId(clock),
    mail_id: mail.id,
    envelope_from: from,
    envelope_to: message.to.address,
    subject: oneLine(message.subject),
    headers: JSON.stringify(capturedHeaders(mail, message, from)),
    text: message.text,
    html: message.html,
    captured_at: timestamp(clock),
  };
}

function capturedHeaders(mail: Claimed, message: Message, from: string): Record<string, string> {
  return {
    From: `${oneLine(message.from.name)} <${message.from.address ?? from}>`,
    To: `${oneLine(message.to.name)} <${message.to.address}>`,
    ...(message.replyTo ? { 'Reply-To': message.replyTo } : {}),
    Subject: oneLine(message.subject),
    'Message-ID': `<${mail.message_id}>`,
    ...extraHeaders(message),
  };
}
