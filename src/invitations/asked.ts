import { timestamp } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import type { Db, Tx } from '../storage/index.ts';
import { noteCountsOf } from './count-store.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import type { OpenInvitation } from './invitation.ts';
import type { Links } from './links.ts';
import { findReminders, lastReminderSent } from './reminder-store.ts';
import * as store from './store.ts';
import type { SentTo } from './store.ts';

/** What an invitation opens, and what has become of it at its recipient's. */
export interface Asked {
  /** What a personal link opens, or undefined for any other text. Changes nothing. */
  open(token: string): Promise<OpenInvitation | undefined>;
  find(db: Db, id: string): Promise<OpenInvitation | undefined>;
  /** What a mail about that invitation, or about that reminder of one, is about. */
  findByMail(db: Db, mailKind: string, subjectId: string): Promise<OpenInvitation | undefined>;
  /** The last mail that went to one of these customers, where one did. */
  lastMailTo(db: Db, customerIds: string[]): Promise<(SentTo & { mailKind: string }) | undefined>;
  /** The personal link. */
  linkFor(invitationId: string): string;
  optOutLinkFor(invitationId: string): string;
  /** The first answer has been saved. @throws Conflict where the customer was erased meanwhile */
  markStarted(tx: Tx, id: string): Promise<void>;
  markCompleted(tx: Tx, id: string): Promise<void>;
  /** They want no more of this; whether the customer is unsubscribed as well is said to the customers feature. */
  optOut(tx: Tx, id: string): Promise<void>;

  /** The mail came back: the address does not work any more. */
  markBounced(tx: Tx, id: string): Promise<void>;
}

/** What the answering side needs: one read for a link, one statement for each step of progress. */
export function createAsked({ storage, clock, customers }: InvitationsDeps, links: Links): Asked {
  return {
    async open(token) {
      const id = links.read(token);
      return id === undefined ? undefined : await store.findStanding(storage.read, id);
    },
    find: store.findStanding,
    async findByMail(db, mailKind, subjectId) {
      if (mailKind === INVITATION) return await store.findInvitation(db, subjectId);
      const [reminder] = mailKind === REMINDER ? await findReminders(db, [subjectId]) : [];
      return reminder && (await store.findInvitation(db, reminder.invitation_id));
    },
    async lastMailTo(db, customerIds) {
      const first = await store.lastSent(db, customerIds);
      const again = await lastReminderSent(db, customerIds);
      if (again && again.sentAt > (first?.sentAt ?? '')) return { ...again, mailKind: REMINDER };
      return first && { ...first, mailKind: INVITATION };
    },
    linkFor: links.questions,
    optOutLinkFor: links.optOut,
    async markStarted(tx, id) {
      if ((await store.markStarted(tx, { id })).numAffectedRows === 1n) return void (await noteCountsOf(tx, { id }));
      // A letter or a call may go on without the link, but nobody goes on for a customer who was erased meanwhile.
      const customerId = (await store.findInvitations(tx, [id])).get(id)?.customer_id ?? '';
      if (((await customers.outlines(tx, [customerId])).get(customerId)?.erasedAt ?? null) !== null) {
        throw new Conflict('answering.closed.revoked.text');
      }
      await store.markStartedThough(tx, { id });
      await noteCountsOf(tx, { id });
    },
    async markCompleted(tx, id) {
      await store.markCompleted(tx, { id });
      await noteCountsOf(tx, { id });
    },
    async optOut(tx, id) {
      await store.markOptedOut(tx, { id });
      await noteCountsOf(tx, { id });
    },
    async markBounced(tx, id) {
      const row = await store.markBounced(tx, id, timestamp(clock));
      const event = { kind: 'invitations.bounced', subjectId: id };
      if (row) await customers.recordEvents(tx, [{ customerId: row.customer_id, ...event }]);
    },
  };
}
