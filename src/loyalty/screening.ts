import type { Screening } from '../mailer/index.ts';
import type { Db } from '../storage/index.ts';

interface About {
  id: string;
  customer_id: string;
}

/** Holds back what must not leave any more: `against` says by customer why, `find` what the mails are about. */
export function screenedBy(
  find: (db: Db, ids: string[]) => Promise<About[]>,
  against: (db: Db, customerIds: string[]) => Promise<Map<string, string | null>>,
): Screening {
  return () =>
    Promise.resolve(async (tx, mails) => {
      const found = await find(
        tx,
        mails.map(({ subjectId }) => subjectId),
      );
      const whose = new Map(found.map((each) => [each.id, each.customer_id]));
      const why = await against(tx, [...new Set(whose.values())]);
      const held = new Map<string, { cancel: string }>();
      for (const { mailId, subjectId } of mails) {
        const customerId = whose.get(subjectId);
        const reason = customerId === undefined ? 'gone' : (why.get(customerId) ?? null);
        if (reason !== null) held.set(mailId, { cancel: reason });
      }
      return held;
    });
}
