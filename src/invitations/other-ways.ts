import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Db, Tx } from '../storage/index.ts';
import { decidingFor } from './audience-check.ts';
import { INVITATION, type InvitationsDeps } from './deps.ts';
import type { ListedInvitation } from './invitation.ts';
import type { Links } from './links.ts';
import * as store from './other-ways-store.ts';
import type { Enrolling } from './enrolment.ts';
import { languageFor } from './rules.ts';
import { sequencesOf } from './schedule-store.ts';
import { markBounced } from './store.ts';
import type { Delivery, Wave } from './wave.ts';

export type { OtherWay } from './other-ways-store.ts';

/** What speaks against asking somebody by whatever way; `until` is from when they may be asked again. */
type AgainstAsking =
  { why: 'held_out' | 'unsubscribed' | 'complaint'; until: null } | { why: 'recently_invited'; until: string };

type Recipient = Pick<ListedInvitation, 'id' | 'customerId' | 'delivery'>;

/** For letters and telephone calls: whom a wave has not reached, or who has not answered, and that they were reached. */
export interface OtherWays {
  /** Recipients who could still answer; the cursor is a customer's id. */
  stillToAnswer(waveId: string, whom: store.OtherWay, after: string | null, limit: number): Promise<ListedInvitation[]>;
  listedById(db: Db, ids: string[]): Promise<Map<string, ListedInvitation>>;
  /**
   * The rules that hold for every way of asking, as they stand: the programme's holdout, what they or somebody with their
   * address want no more of, open complaints, the contact budget. By invitation; those against whom nothing speaks are missing. Draws nobody.
   */
  againstAsking(db: Db, wave: Wave, recipients: Recipient[]): Promise<Map<string, AgainstAsking>>;
  /**
   * The same for the transaction that puts them on a list or into the post: whoever has become eligible by that and was
   * never drawn is drawn for the holdout first, and whoever is held out counts as withheld from now on.
   */
  drawAndCheck(tx: Tx, wave: Wave, recipients: Recipient[]): Promise<Map<string, AgainstAsking>>;
  /** What each would be written in: own language where it is offered, else the business's, else the first offered. */
  languagesFor(versionId: string): Promise<(own: string) => string | undefined>;
  /**
   * They were reached by letter or telephone: what was skipped, failed or came back counts as delivered from now on, and
   * the questions stay open as long as after an e-mail. False where the recipient has answered, was withdrawn, or is in
   * another state.
   */
  reachedOtherwise(tx: Tx, wave: Wave, reached: { id: string; from: Delivery; language: string }): Promise<boolean>;
  /** The letter came back: nothing has reached them, unless an e-mail had gone, too, and not come back. */
  letterCameBack(tx: Tx, id: string): Promise<void>;
  /** Where the code on a letter leads. */
  linkByCode(invitationId: string): string;
}

const MINUTES_A_DAY = 24 * 60;

export function createOtherWays(
  deps: InvitationsDeps,
  links: Links,
  { announce, contacts, holdouts }: Enrolling,
): OtherWays {
  const { storage, clock } = deps;

  /** An invitation, its reminders, a letter and a call are one sequence; so is all that is asked about one dealing. */
  async function sequencesFor(db: Db, { scheduleRunId }: Wave, recipients: Recipient[]): Promise<Map<string, string>> {
    const ids = recipients.map(({ customerId }) => customerId);
    const ofRun = scheduleRunId === null ? new Map<string, string>() : await sequencesOf(db, scheduleRunId, ids);
    const known = await contacts.sequencesOf(
      db,
      recipients.map(({ id }) => id),
    );
    return new Map(recipients.map(({ id, customerId }) => [customerId, ofRun.get(customerId) ?? known.get(id) ?? id]));
  }

  const againstAsking: OtherWays['againstAsking'] = async (db, wave, recipients) => {
    const ids = recipients.map(({ customerId }) => customerId);
    const sequences = await sequencesFor(db, wave, recipients);
    const allowed = await contacts.mayContact(db, ids, 'survey', timestamp(clock), sequences);
    const complaining = (await deps.hasOpenComplaint?.(db, ids)) ?? new Set();
    const heldOut = await holdouts.isHeldOut(db, wave.programmeId, ids);
    const people = await deps.customers.forMail(db, ids);
    const against = ({ customerId, delivery }: Recipient): AgainstAsking | undefined => {
      // Whoever has got the invitation has had the treatment.
      if (delivery !== 'sent' && heldOut.has(customerId)) return { why: 'held_out', until: null };
      if ((people.get(customerId)?.unsubscribedAt ?? null) !== null) return { why: 'unsubscribed', until: null };
      if (complaining.has(customerId)) return { why: 'complaint', until: null };
      const budget = allowed.get(customerId);
      return budget && !budget.may ? { why: 'recently_invited', until: budget.from } : undefined;
    };
    return new Map(
      recipients.flatMap((each) => {
        const why = against(each);
        return why ? [[each.id, why]] : [];
      }),
    );
  };

  return {
    stillToAnswer: (waveId, whom, after, limit) =>
      store.stillToAnswer(storage.read, waveId, { whom, now: timestamp(clock) }, after, limit),
    listedById: store.listedById,
    againstAsking,
    async drawAndCheck(tx, wave, recipients) {
      await contacts.lock(tx);
      const known = await againstAsking(tx, wave, recipients);
      const eligible = recipients.filter(({ id, delivery }) => delivery !== 'sent' && !known.has(id));
      await holdouts.draw(
        tx,
        wave.programmeId,
        eligible.map(({ customerId }) => customerId),
      );
      const against = await againstAsking(tx, wave, recipients);
      const heldOut = recipients.filter(({ id }) => against.get(id)?.why === 'held_out').map(({ id }) => id);
      const withheld = await store.markWithheld(tx, heldOut);
      if (withheld.length > 0) await announce(tx, withheld);
      return against;
    },
    async languagesFor(versionId) {
      const deciding = await decidingFor(deps, versionId);
      return (own) => languageFor(own, deciding);
    },
    async reachedOtherwise(tx, wave, { id, from, language }) {
      const now = timestamp(clock);
      const expiresAt = addMinutes(now, wave.expiresDays * MINUTES_A_DAY);
      const row = await store.markReached(tx, id, from, { language, expiresAt, now });
      if (!row) return false;
      if (from === 'sent') return true;
      const customerId = row.customer_id;
      const email = (await deps.customers.forMail(tx, [customerId])).get(customerId)?.email ?? '';
      const sequences = await sequencesFor(tx, wave, [{ id, customerId, delivery: from }]);
      const contact = { id, sequenceId: sequences.get(customerId), customer: { id: customerId, email } };
      await contacts.record(tx, 'survey', [contact], now);
      await announce(tx, [customerId]);
      return true;
    },
    async letterCameBack(tx, id) {
      if (await store.markUnreached(tx, id)) return;
      const mails = await deps.mailer.history(tx, INVITATION, [id]);
      if (!mails.some(({ state }) => state === 'sent')) await markBounced(tx, id, timestamp(clock));
    },
    linkByCode: links.byCode,
  };
}
