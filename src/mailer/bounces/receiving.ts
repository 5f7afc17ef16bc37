import { createHash } from 'node:crypto';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/tokens.ts';
import type { Db, Storage, Tx } from '../../storage/index.ts';
import { readReturned } from './read.ts';
import type { Reading, Verdict } from './reading.ts';
import { readToken, type SentMail } from './return-path.ts';
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
  customerId: string;
  address: string;
}

/** Finds out whom a mail of one kind was for, by what it is about. */
export type FindAddressee = (db: Db, subjectId: string) => Promise<Addressee | undefined>;

/** What has come back, for the feature whose mail it is about. */
export interface Returned {
  /** Of our mail. */
  mailKind: string;
  subjectId: string;
  /** Its fate was not known, and this shows that it has left. */
  wasUnknown: boolean;
  kind: 'hard' | 'soft' | 'complaint';
  customerId: string | null;
}

/** Somebody is not written to any more, because of what came back. */
export interface NewlySuppressed {
  customerId: string;
  kind: 'hard' | 'soft' | 'complaint';
}

export interface ReceivingDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  suppressions: Suppressions;
  addressee(mailKind: string): FindAddressee | undefined;
  /** Both run in the transaction that records it. */
  onReturned(tx: Tx, returned: Returned): Promise<void>;
  onSuppressed(tx: Tx, suppressed: NewlySuppressed): Promise<void>;
}

const MOST_BYTES = 512 * 1024;
const MINUTES_A_DAY = 24 * 60;

export interface Receiving {
  /** Takes a message as it came, records what it says, and acts on it: once, however often it comes. */
  receive(raw: Uint8Array, way: Way): Promise<Received>;
  /** Tells of those whose mail has found its end meanwhile. */
  tellWaiting(): Promise<void>;
}

export function createReceiving(deps: ReceivingDeps): Receiving {
  const { storage, clock, signer, suppressions } = deps;

  return {
    async receive(raw, way) {
      const fingerprint = createHash('sha256').update(raw.subarray(0, MOST_BYTES)).digest('base64url');
      const reading = await readReturned(raw);
      const named = readToken(signer, reading.token);
      const received = await storage.transaction(async (tx): Promise<Received> => {
        const about = await aboutWhat(tx, reading, named);
        const stamp = { id: newId(clock), fingerprint, way, received_at: timestamp(clock) };
        const row = rowOf(reading, about, about.address === '' ? null : suppressions.keyOf(about.address), stamp);
        const { kind, id } = row;
        const verified = row.verified === 1;
        if (!(await store.insertReturned(tx, row))) return { outcome: 'known', id: null, kind, verified };
        if (verified) await act(tx, row, about);
        return { outcome: 'recorded', id, kind, verified };
      });
      await suppressions.note();
      return received;
    },
    async tellWaiting() {
      for (const row of await store.waitingReturned(storage.read, 100)) {
        await storage.transaction(async (tx) => {
          const mail = row.mail_id === null ? undefined : await store.namedMail(tx, { id: row.mail_id });
          if (mail && isUnderWay(mail)) return;
          if ((await store.endWaiting(tx, row.id)) && mail) await tell(tx, row, mail);
        });
      }
    },
  };

  async function aboutWhat(tx: Tx, reading: Reading, named: SentMail | undefined): Promise<About> {
    const mail = named
      ? await store.namedMail(tx, { id: named.mailId })
      : reading.messageId === ''
        ? undefined
        : await store.namedMail(tx, { messageId: reading.messageId });
    // What has never been tried cannot come back.
    if (!mail || (mail.state === 'queued' && mail.attempts === 0) || mail.state === 'cancelled') return NOTHING;
    const addressee = await deps.addressee(mail.kind)?.(tx, mail.subject_id);
    return { mail, addressee, address: addressOf(reading, named, addressee) };
  }

  async function act(tx: Tx, row: ReturnedRow, { mail }: About): Promise<void> {
    if (row.kind !== 'hard' && row.kind !== 'soft' && row.kind !== 'complaint') return;
    if (row.address_key !== null && (row.kind !== 'soft' || (await isSoftTooOften(tx, row))))
      await suppress(tx, row, row.kind);
    if (mail && row.waiting === 0) await tell(tx, row, mail);
  }

  async function isSoftTooOften(tx: Tx, { address_key, received_at }: ReturnedRow): Promise<boolean> {
    const since = addMinutes(received_at, -SOFT_DAYS * MINUTES_A_DAY);
    return address_key !== null && isTooMany(await store.softBounces(tx, address_key, since));
  }

  async function suppress(tx: Tx, row: ReturnedRow, kind: NewlySuppressed['kind']): Promise<void> {
    const { address_key: addressKey, customer_id: customerId, cause: how, id } = row;
    if (addressKey === null) return;
    const added = await suppressions.add(tx, { addressKey, kind, how, source: `returned ${id}`, customerId });
    if (added && customerId !== null) await deps.onSuppressed(tx, { customerId, kind });
  }

  async function tell(tx: Tx, { kind, customer_id }: ReturnedRow, mail: NamedMail): Promise<void> {
    if (kind !== 'hard' && kind !== 'soft' && kind !== 'complaint') return;
    const wasUnknown = mail.state === 'unknown';
    await deps.onReturned(tx, {
      mailKind: mail.kind,
      subjectId: mail.subject_id,
      wasUnknown,
      kind,
      customerId: customer_id,
    });
  }
}

interface About {
  mail: NamedMail | undefined;
  addressee: Addressee | undefined;
  /** That we wrote to, where it is certain; '' otherwise. */
  address: string;
}

const NOTHING: About = { mail: undefined, addressee: undefined, address: '' };

const isUnderWay = ({ state }: NamedMail) => state === 'queued' || state === 'sending';

/**
 * The address that we wrote to. A return path tells it by its tag, even where they have another one now. Without one
 * it is theirs, unless the report is about some other address.
 */
function addressOf(reading: Reading, named: SentMail | undefined, addressee: Addressee | undefined): string {
  const reported = [reading, ...reading.others].map(({ recipient }: Verdict) => recipient).filter(Boolean);
  const theirs = addressee?.address ?? '';
  if (named) return [theirs, ...reported].find((each) => each !== '' && named.isTo(each)) ?? '';
  const same = reported.length === 0 || reported.some((each) => each.toLowerCase() === theirs.toLowerCase());
  return same ? theirs : '';
}

type Stamp = Pick<ReturnedRow, 'id' | 'fingerprint' | 'way' | 'received_at'>;

/** Words are kept only where somebody is to read them. */
function rowOf(reading: Reading, about: About, addressKey: string | null, stamp: Stamp): ReturnedRow {
  const { kind, cause, status } = reading;
  const verified = about.mail !== undefined;
  const toRead = needsReading(reading, verified);
  const { recipient, sender, subject, text } = reading;
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

/** What a machine has understood and acted on need not be read. */
function needsReading({ kind, cause }: Reading, verified: boolean): boolean {
  if (cause === 'delivered' || cause === 'receipt') return !verified;
  return kind === 'auto-reply' || kind === 'other' || !verified;
}
