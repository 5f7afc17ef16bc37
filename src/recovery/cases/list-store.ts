import { page, type Page, type Reader } from '../../storage/index.ts';
import { asCase } from './case-store.ts';
import type { CaseKind, RecoveryCase } from './interface.ts';
import { remediesOf, type RemedyRow } from './remedy-store.ts';
import { tagsOf } from './tag-store.ts';
import { eventsOf, stepsOf, type EventRow, type StepRow } from './thread-store.ts';

interface CaseFilter {
  kind?: CaseKind | undefined;
  /** Also those that were reopened; or those that are closed. */
  open?: boolean | undefined;
  customerId?: string | undefined;
}

/** For programs: cases in the order in which they were opened, and how far each is. */
interface CaseLists {
  /** After the case of that id. */
  list(filter: CaseFilter, after: string | null, limit: number): Promise<Page<RecoveryCase>>;
  /** The steps of the round that counts, in their order. */
  steps(theCase: RecoveryCase): Promise<StepRow[]>;
  remedies(caseId: string): Promise<RemedyRow[]>;
  tags(caseId: string): Promise<string[]>;
  /** What happened in a case, the newest first, before the one of that id. */
  events(caseId: string, before: string | null, limit: number): Promise<Page<EventRow>>;
}

export function createCaseLists(read: Reader): CaseLists {
  return {
    async list({ kind, open, customerId }, after, limit) {
      let query = read.selectFrom('recovery_case').selectAll();
      if (after !== null) query = query.where('id', '>', after);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
      if (open !== undefined) query = query.where('closed_at', open ? 'is' : 'is not', null);
      const rows = await query
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      return page(rows.map(asCase), limit, ({ id }) => id);
    },
    remedies: (caseId) => remediesOf(read, caseId),
    tags: async (caseId) => (await tagsOf(read, [caseId])).get(caseId) ?? [],
    events: async (caseId, before, limit) =>
      page(await eventsOf(read, caseId, before, limit + 1), limit, ({ id }) => id),
    steps: async ({ id, round }) => (await stepsOf(read, id)).filter((step) => step.round === round),
  };
}
