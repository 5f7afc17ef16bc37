import { sql } from 'kysely';
import type { Tx } from '../storage/index.ts';

/** Stands where a word has to stand; that something was said or done still counts. */
const GONE = '–';
/** What lines of a thread quote from letters and colleagues' words. */
const QUOTED = ['subject', 'waived', 'tag', 'name', 'reference'];
/** Reasons of ours for not asking whether it is settled; any other was typed. */
const OWN_REASONS = ['', 'winback', 'no_address'];

export async function caseIdsOf(tx: Tx, customerIds: string[]): Promise<string[]> {
  const cases = await tx.selectFrom('recovery_case').select('id').where('customer_id', 'in', customerIds).execute();
  return cases.map(({ id }) => id);
}

/** Who it was and every word, with what was to be said where nobody could be asked. */
export async function forgetCases(tx: Tx, caseIds: string[]): Promise<void> {
  const action = sql<string>`case when action = '' then '' else ${GONE} end`;
  const who = { contact_name: '', contact_email: '', contact_telephone: '' };
  await tx
    .updateTable('recovery_case')
    .set({ ...who, summary: '', words: '', action })
    .where('id', 'in', caseIds)
    .execute();
  await tx
    .updateTable('recovery_case')
    .set({ no_question: GONE })
    .where('id', 'in', caseIds)
    .where('no_question', 'not in', OWN_REASONS)
    .execute();
  await tx
    .updateTable('case_step')
    .set({ said: GONE })
    .where('case_id', 'in', caseIds)
    .where('said', '<>', '')
    .execute();
  await tx.updateTable('case_remedy').set({ what: '', reason: '' }).where('case_id', 'in', caseIds).execute();
  await tx.deleteFrom('case_tag').where('case_id', 'in', caseIds).execute();
  await tx.updateTable('case_event').set({ words: '' }).where('case_id', 'in', caseIds).execute();
  await forgetQuotes(tx, caseIds);
}

async function forgetQuotes(tx: Tx, caseIds: string[]): Promise<void> {
  const query = tx.selectFrom('case_event').select(['id', 'detail']).where('case_id', 'in', caseIds);
  for (const { id, detail } of await query.where('detail', '<>', '{}').execute()) {
    const kept = Object.entries(JSON.parse(detail) as Record<string, unknown>);
    if (!kept.some(([name]) => QUOTED.includes(name))) continue;
    const blank = Object.fromEntries(kept.map(([name, value]) => [name, QUOTED.includes(name) ? GONE : value]));
    await tx
      .updateTable('case_event')
      .set({ detail: JSON.stringify(blank) })
      .where('id', '=', id)
      .execute();
  }
}

/** @returns the ids of the comments, whose files go, too */
export async function forgetComments(tx: Tx, customerIds: string[], caseIds: string[]): Promise<string[]> {
  const blank = { words: '', name: '', email: '', telephone: '', words_key: '' };
  const ids: string[] = [];
  for (const [column, owners] of [
    ['customer_id', customerIds],
    ['case_id', caseIds],
  ] as const) {
    if (owners.length === 0) continue;
    const gone = tx.updateTable('public_comment').set(blank).where(column, 'in', owners).returning('id');
    ids.push(...(await gone.execute()).map(({ id }) => id));
  }
  if (ids.length > 0)
    await tx.updateTable('guarantee_claim').set({ words: '' }).where('comment_id', 'in', ids).execute();
  return ids;
}

/** What was said on the telephone, and why an offer was taken back. Chances, outcomes and codes stay. */
export async function forgetWinback(tx: Tx, customerIds: string[]): Promise<void> {
  await tx.updateTable('winback_case').set({ draft: '{}' }).where('customer_id', 'in', customerIds).execute();
  await tx
    .updateTable('winback_call')
    .set({ said: '', promised: '' })
    .where('customer_id', 'in', customerIds)
    .execute();
  await tx.updateTable('next_need_nudge').set({ note: '' }).where('customer_id', 'in', customerIds).execute();
  await tx.updateTable('offer_given').set({ ended_why: '' }).where('customer_id', 'in', customerIds).execute();
}

export async function forgetPayment(tx: Tx, customerIds: string[], caseIds: string[]): Promise<void> {
  const letters = tx.updateTable('payment_letter').set({ subject: '', words: '' });
  await letters.where('customer_id', 'in', customerIds).execute();
  await tx.updateTable('payment_plan').set({ reason: '' }).where('customer_id', 'in', customerIds).execute();
  if (caseIds.length === 0) return;
  await tx.updateTable('payment_wish').set({ telephone: '', words: '' }).where('case_id', 'in', caseIds).execute();
}
