import { createHash } from 'node:crypto';
import type { Signer } from '../../shared/tokens.ts';
import type { Db, Storage, Tx } from '../../storage/index.ts';
import { readReturned } from './read.ts';
import { readLetter, type Letter } from '../letters/index.ts';
import type { Reading, Verdict } from './reading.ts';
import {
  createRecording,
  isUnderWay,
  type About,
  type Addressee,
  type Received,
  type RecordingDeps,
  type Way,
} from './recording.ts';
import { readToken, type SentMail } from './return-path.ts';
import * as store from './returned-store.ts';
import type { NamedMail } from './returned-store.ts';
import { namesNothing, type ServiceReport } from './service-report.ts';

/** Finds out whom a mail of one kind was for, by what it is about. */
export type FindAddressee = (db: Db, subjectId: string) => Promise<Addressee | undefined>;

/** Who has an address, and which mail was the last that went there, where one did. */
interface Owner {
  customerId: string;
  last?: { mailKind: string; subjectId: string } | undefined;
}

export type FindOwner = (db: Db, address: string) => Promise<Owner | undefined>;

/** A letter that is no report about our mail, and the mails of ours that it answers, the nearest first. */
export interface ReceivedLetter extends Letter {
  /** Of what was read: the same letter a second time is none. */
  fingerprint: string;
}

/**
 * Puts a letter where it belongs, in the transaction that records it; the mails are those of ours that it answers, the
 * nearest first. False: it is nobody's, and is kept to be read among returned mail.
 */
type TakeLetter = (tx: Tx, answered: { kind: string; subjectId: string }[]) => Promise<boolean>;

/** Looks at a letter before anything is written, and says who takes it. */
export type OnLetter = (letter: ReceivedLetter) => TakeLetter;

interface ReceivingDeps extends RecordingDeps {
  storage: Storage;
  signer: Signer;
  addressee(mailKind: string): FindAddressee | undefined;
  owner: FindOwner;
  /** Undefined where nobody takes letters. */
  onLetter(): OnLetter | undefined;
}

const MOST_BYTES = 512 * 1024;

export interface Receiving {
  /** Takes a message as it came, records what it says, and acts on it: once, however often it comes. */
  receive(raw: Uint8Array, way: Way): Promise<Received>;
  /**
   * Takes what a mail service tells, whose word has been checked: all of it or nothing, each piece once. `guard` has the
   * first word in that transaction.
   */
  take(reports: ServiceReport[], guard?: (tx: Tx) => Promise<void>): Promise<void>;
  /** Tells of those whose mail has found its end meanwhile. */
  tellWaiting(): Promise<void>;
}

export function createReceiving(deps: ReceivingDeps): Receiving {
  const { storage, signer, suppressions } = deps;
  const { record, tell } = createRecording(deps);

  return {
    async receive(raw, way) {
      const fingerprint = createHash('sha256').update(raw.subarray(0, MOST_BYTES)).digest('base64url');
      const reading = await readReturned(raw);
      const named = readToken(signer, reading.token);
      const letter = isLetter(reading) ? await letterOf(raw, fingerprint) : undefined;
      const received = await storage.transaction(async (tx) => {
        const about = await aboutWhat(tx, reading, named);
        const taken = letter !== undefined && (await take(tx, letter, about.mail));
        const toRead = !taken && needsReading(reading, about.verified);
        const cause = taken && reading.kind === 'other' ? 'letter' : reading.cause;
        return await record(tx, { ...reading, cause, toRead }, about, fingerprint, way);
      });
      await suppressions.note();
      return received;
    },
    async take(reports, guard) {
      await storage.transaction(async (tx) => {
        await guard?.(tx);
        for (const report of reports) await takeOne(tx, report);
      });
      await suppressions.note();
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

  async function letterOf(raw: Uint8Array, fingerprint: string) {
    const onLetter = deps.onLetter();
    if (!onLetter) return undefined;
    const letter = { ...(await readLetter(Buffer.from(raw.buffer, raw.byteOffset, raw.length))), fingerprint };
    return { letter, take: onLetter(letter) };
  }

  /** Our own mail that has found its way back is taken and forgotten. */
  async function take(tx: Tx, { letter, take }: { letter: Letter; take: TakeLetter }, about: NamedMail | undefined) {
    const [own] = await store.namedMails(tx, letter.messageId === '' ? [] : [letter.messageId]);
    if (own) return true;
    const named = await store.namedMails(tx, letter.answers);
    const mails = [...(about ? [about] : []), ...named];
    return await take(
      tx,
      mails.map(({ kind, subject_id }) => ({ kind, subjectId: subject_id })),
    );
  }

  async function takeOne(tx: Tx, report: ServiceReport): Promise<void> {
    const about = await aboutReport(tx, report);
    const { kind, cause, text, service, id } = report;
    const isAboutAddress = kind === 'hard' || kind === 'complaint' || cause === 'unsubscribed';
    // A service tells of all that leaves by the account. Of other mail only what is true of the address counts here.
    if (!about.mail && !isAboutAddress && text === '') return;
    const said = { ...report, sender: service, subject: '', toRead: text !== '' };
    await record(tx, said, about, createHash('sha256').update(id).digest('base64url'), 'interface');
  }

  async function aboutReport(tx: Tx, report: ServiceReport): Promise<About> {
    const { recipient: address } = report;
    const mail = await mailOf(tx, report);
    const addressee = mail && (await deps.addressee(mail.kind)?.(tx, mail.subject_id));
    if (mail) return { mail, addressee, address: address || (addressee?.address ?? ''), verified: true };
    if (address === '') return { ...NOTHING, verified: true };
    const owner = await deps.owner(tx, address);
    const last = namesNothing(report) && owner?.last ? await store.mailAbout(tx, owner.last) : undefined;
    return { mail: wasTried(last), addressee: owner && { ...owner, address }, address, verified: true };
  }

  async function mailOf(tx: Tx, { token, mailId, messageId }: ServiceReport): Promise<NamedMail | undefined> {
    const id = readToken(signer, token)?.mailId ?? mailId;
    const byId = id === '' ? undefined : await store.namedMail(tx, { id });
    return wasTried(byId ?? (messageId === '' ? undefined : await store.namedMail(tx, { messageId })));
  }

  async function aboutWhat(tx: Tx, reading: Reading, named: SentMail | undefined): Promise<About> {
    const mail = wasTried(
      named
        ? await store.namedMail(tx, { id: named.mailId })
        : reading.messageId === ''
          ? undefined
          : await store.namedMail(tx, { messageId: reading.messageId }),
    );
    if (!mail) return NOTHING;
    const addressee = await deps.addressee(mail.kind)?.(tx, mail.subject_id);
    return { mail, addressee, address: addressOf(reading, named, addressee), verified: true };
  }
}

const NOTHING: About = { mail: undefined, addressee: undefined, address: '', verified: false };

/** What has never been tried cannot come back. */
function wasTried(mail: NamedMail | undefined): NamedMail | undefined {
  if (!mail || (mail.state === 'queued' && mail.attempts === 0) || mail.state === 'cancelled') return undefined;
  return mail;
}

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

/** Neither a report nor a complaint: a person wrote it, or a machine in a person's name. */
const isLetter = ({ kind, cause }: Reading) => kind === 'auto-reply' || (kind === 'other' && cause === 'unknown');

/** What a machine has understood and acted on need not be read. */
function needsReading({ kind, cause }: Reading, verified: boolean): boolean {
  if (cause === 'delivered' || cause === 'receipt') return !verified;
  return kind === 'auto-reply' || kind === 'other' || !verified;
}
