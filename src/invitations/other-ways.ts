import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Db, Tx } from '../storage/index.ts';
import { decidingFor } from './audience-check.ts';
import type { InvitationsDeps } from './deps.ts';
import type { ListedInvitation } from './invitation.ts';
import type { Links } from './links.ts';
import * as store from './other-ways-store.ts';
import type { Enrolling } from './enrolment.ts';
import { languageFor } from './rules.ts';
import type { Delivery, Wave } from './wave.ts';

export type { OtherWay } from './other-ways-store.ts';

/** For letters and telephone calls: whom a wave has not reached, or who has not answered, and that they were reached. */
export interface OtherWays {
  /** Recipients who could still answer; the cursor is a customer's id. */
  stillToAnswer(waveId: string, whom: store.OtherWay, after: string | null, limit: number): Promise<ListedInvitation[]>;
  listedById(db: Db, ids: string[]): Promise<Map<string, ListedInvitation>>;
  /** Which of these customers were asked something else too lately, by the contact budget; for what was never sent. */
  askedLately(db: Db, customerIds: string[], exceptWave: string): Promise<Set<string>>;
  /** What each would be written in: own language where it is offered, else the business's, else the first offered. */
  languagesFor(versionId: string): Promise<(own: string) => string | undefined>;
  /**
   * They were reached by letter or telephone: what was skipped or failed counts as sent from now on, and the questions
   * stay open as long as after an e-mail. False where the recipient has answered, was withdrawn, or is in another state.
   */
  reachedOtherwise(tx: Tx, wave: Wave, reached: { id: string; from: Delivery; language: string }): Promise<boolean>;
  /** Where the code on a letter leads. */
  linkByCode(invitationId: string): string;
}

const MINUTES_A_DAY = 24 * 60;

export function createOtherWays(deps: InvitationsDeps, links: Links, { announce, contacts }: Enrolling): OtherWays {
  const { storage, clock } = deps;
  return {
    stillToAnswer: (waveId, whom, after, limit) =>
      store.stillToAnswer(storage.read, waveId, { whom, now: timestamp(clock) }, after, limit),
    listedById: store.listedById,
    async askedLately(db, customerIds) {
      const allowed = await contacts.mayContact(db, customerIds, 'survey', timestamp(clock));
      return new Set(customerIds.filter((id) => allowed.get(id)?.may === false));
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
      const email = (await deps.customers.forMail(tx, [row.customer_id])).get(row.customer_id)?.email ?? '';
      await contacts.record(tx, 'survey', [{ id, customer: { id: row.customer_id, email } }], now);
      await announce(tx, [row.customer_id]);
      return true;
    },
    linkByCode: links.byCode,
  };
}
