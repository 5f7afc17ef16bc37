import { openComplaints, type Customer } from '../../../customers/index.ts';
import { openComplaintCases } from '../../../recovery/index.ts';
import { timestamp } from '../../../shared/clock.ts';
import type { Db } from '../../../storage/index.ts';
import type { RiskDeps } from '../deps.ts';
import type { Against } from './rules.ts';

/** What speaks against calling each of these customers, by id; nothing for those who may be called. */
export type Screening = (
  db: Db,
  people: Customer[],
  /** Calls that are going on, by customer: they do not count against themselves. */
  going: ReadonlyMap<string, string>,
) => Promise<Map<string, Against>>;

/** Opt-outs, numbers that are wrong, open complaints and the contact budget, as everything else that goes out obeys them. */
export function createScreening({ telephone, recovery, invitations, clock }: RiskDeps): Screening {
  return async (db, people, going) => {
    const ids = people.map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const plain = await telephone.againstCalling(db, people);
    const complaints = (await openComplaints(db, ids))
      .union(await openComplaintCases(db, ids))
      .union(await recovery.payment.inConversation(db, ids));
    const allowed = await invitations.contacts.mayContact(db, ids, 'at_risk', timestamp(clock), going);
    return new Map(
      ids.flatMap((id): [string, Against][] => {
        const why = plain.get(id) ?? (complaints.has(id) ? 'complaint' : null);
        if (why) return [[id, { why, until: null }]];
        const budget = allowed.get(id);
        return budget && !budget.may ? [[id, { why: 'recently_invited', until: budget.from }]] : [];
      }),
    );
  };
}
