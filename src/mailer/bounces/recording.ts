import { timestamp, type Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { Reading } from './reading.ts';
import * as store from './returned-store.ts';
import type { NamedMail, ReturnedRow } from './returned-store.ts';
import { isTooMany, SOFT_DAYS } from './rules.ts';
import type { Suppressions } from './suppressions.ts';

export type Way = ReturnedRow['way'];

export interface Received {
  /** 'known': it had been received before, and nothing changed. */
  outcome: 'recorded' | 'known';
  id: string | null;
  kind: ReturnedRow['kind'];
  /** It names a mail of ours as only somebody who has seen that mail can. Otherwise it suppresses nobody. */
  verified: boolean;
}

/** Who a mail of ours was for, and where they are written to now. */
export interface Addressee {
  /** Null for somebody who is no customer of record. */
  customerId: string | null;
  address: string;
}

/** What somebody's mailbox or they themselves say about our mail. */
type News = 'hard' | 'soft' | 'complaint' | 'unsubscribed';

/** What has come back, for the feature whose mail it is about. */
export interface Returned {
  /** Of our mail. */
  mailKind: string;
  subjectId: string;
  /** Its fate was not known, and this shows that it has left. */
  wasUnknown: boolean;
  kind: News;
  customerId: string | null;
}

/** Somebody is not written to any more, because of what came back. */
export interface NewlySuppressed {
  customerId: string;
  kind: News;
}

export interface RecordingDeps {
  clock: Clock;
  suppressions: Suppressions;
  /** Both run in the transaction that records it. */
  onReturned(tx: Tx, returned: Returned): Promise<void>;
  onSuppressed(tx: Tx, suppressed: NewlySuppressed): Promise<void>;
}

/** Which mail it is about, and whose. */
export interface About {
  mail: NamedMail | undefined;
  addressee: Addressee | undefined;
  /** That we wrote to, where it is certain; '' otherwise. */
  address: string;
  /** It names a mail of ours, or whoever says it is known. */
  verified: boolean;
}

/** What is to be written down, and whether somebody should read it. */
type Said = Pick<Reading, 'kind' | 'cause' | 'status' | 'recipient' | 'sender' | 'subject' | 'text'> & {
  toRead: boolean;
};

const MINUTES_A_DAY = 24 * 60;

/** Writes down what came back, once, and acts on it. */
export function createRecording(deps: RecordingDeps) {
  const { clock, suppressions } = deps;
  return { record, tell };

  async function record(tx: Tx, said: Said, about: About, fingerprint: string, way: Way): Promise<Received> {
    const addressKey = about.address === '' ? null : suppressions.keyOf(about.address);
    const row = rowOf(said, about, addressKey, { id: newId(clock), fingerprint, way, received_at: timestamp(clock) });
    const { kind, id } = row;
    const { verified } = about;
    if (!(await store.insertReturned(tx, row))) return { outcome: 'known', id: null, kind, verified };
    if (verified) await act(tx, row, about);
    return { outcome: 'recorded', id, kind, verified };
  }

  async function act(tx: Tx, row: ReturnedRow, { mail }: About): Promise<void> {
    const news = newsOf(row);
    if (news === undefined) return;
    if (news !== 'soft' || (await isSoftTooOften(tx, row))) await suppress(tx, row, news);
    if (mail && row.waiting === 0) await tell(tx, row, mail);
  }

  async function isSoftTooOften(tx: Tx, { address_key, received_at }: ReturnedRow): Promise<boolean> {
    const since = addMinutes(received_at, -SOFT_DAYS * MINUTES_A_DAY);
    return address_key !== null && isTooMany(await store.softBounces(tx, address_key, since));
  }

  async function suppress(tx: Tx, row: ReturnedRow, news: News): Promise<void> {
    const { address_key: addressKey, customer_id: customerId, cause: how, id } = row;
    if (addressKey === null) return;
    const kind = news === 'unsubscribed' ? 'complaint' : news;
    const added = await suppressions.add(tx, { addressKey, kind, how, source: `returned ${id}`, customerId });
    if (added && customerId !== null) await deps.onSuppressed(tx, { customerId, kind: news });
  }

  async function tell(tx: Tx, row: ReturnedRow, mail: NamedMail): Promise<void> {
    const kind = newsOf(row);
    if (kind === undefined) return;
    const wasUnknown = mail.state === 'unknown';
    await deps.onReturned(tx, {
      mailKind: mail.kind,
      subjectId: mail.subject_id,
      wasUnknown,
      kind,
      customerId: row.customer_id,
    });
  }
}

function newsOf({ kind, cause }: Pick<ReturnedRow, 'kind' | 'cause'>): News | undefined {
  if (cause === 'unsubscribed') return 'unsubscribed';
  return kind === 'hard' || kind === 'soft' || kind === 'complaint' ? kind : undefined;
}

export const isUnderWay = ({ state }: NamedMail) => state === 'queued' || state === 'sending';

type Stamp = Pick<ReturnedRow, 'id' | 'fingerprint' | 'way' | 'received_at'>;

/** Words are kept only where somebody is to read them. */
function rowOf(said: Said, about: About, addressKey: string | null, stamp: Stamp): ReturnedRow {
  const { kind, cause, status, toRead, recipient, sender, subject, text } = said;
  const { verified } = about;
  return {
    ...stamp,
    kind,
    cause,
    status,
    verified: Number(verified),
    mail_id: about.mail?.id ?? null,
    customer_id: about.addressee?.customerId ?? null,
    address_key: addressKey,
    recipient: toRead ? recipient : '',
    sender: toRead ? sender.slice(0, 400) : '',
    subject: toRead ? subject.slice(0, 400) : '',
    content: toRead ? text : '',
    to_read: Number(toRead),
    waiting: Number(verified && kind === 'hard' && about.mail !== undefined && isUnderWay(about.mail)),
    done_at: null,
    done_by: null,
  };
}
