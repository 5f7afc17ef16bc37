import { sql } from 'kysely';
import { laterThan, type Db, type Moment } from '../../storage/index.ts';

/** What makes good and waits for a yes or no in open cases, ours and what customers propose; longest waiting first. */
export async function waitingRemedies(db: Db, after: Moment | null, limit: number) {
  let query = db
    .selectFrom('case_remedy as remedy')
    .innerJoin('recovery_case as case', 'case.id', 'remedy.case_id')
    .select(['remedy.id', 'remedy.case_id', 'case.customer_id', 'remedy.amount_minor', 'remedy.from_customer'])
    .select('remedy.proposed_at')
    // As it stands in the index of what waits.
    .where(sql<boolean>`remedy.state = 'proposed'`)
    .where('case.closed_at', 'is', null);
  if (after) query = query.where(laterThan('remedy.proposed_at', 'remedy.id', after));
  return await query.orderBy('remedy.proposed_at').orderBy('remedy.id').limit(limit).execute();
}

/** Texts of answers in use that wait for a manager; longest waiting first. */
export async function waitingTexts(db: Db, after: Moment | null, limit: number) {
  let query = db
    .selectFrom('library_text as text')
    .innerJoin('library_answer as answer', 'answer.id', 'text.answer_id')
    .select(['text.id', 'text.answer_id', 'text.proposed_at'])
    .where(sql<boolean>`text.state = 'proposed'`)
    .where('answer.retired_at', 'is', null);
  if (after) query = query.where(laterThan('text.proposed_at', 'text.id', after));
  return await query.orderBy('text.proposed_at').orderBy('text.id').limit(limit).execute();
}
