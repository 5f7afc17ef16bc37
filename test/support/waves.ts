import { sql } from 'kysely';
import type { App } from '../../src/app.ts';
import type { CustomerRow } from '../../src/customers/index.ts';
import type { WaveInput } from '../../src/invitations/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Schema, Storage } from '../../src/storage/index.ts';

export const reference = (i: number) => `W-${String(i).padStart(4, '0')}`;
export const addressOf = (i: number) => `w${String(i).padStart(4, '0')}@example.com`;

/** Customers who left last month and may be written to, unless `more` says otherwise. */
export function leavers(
  count: number,
  more: (i: number) => Partial<CustomerRow> = () => ({}),
  from = 0,
): CustomerRow[] {
  return Array.from({ length: count }, (_, k) => ({
    reference: reference(from + k),
    givenName: 'Kim',
    familyName: `Example${from + k}`,
    email: addressOf(from + k),
    language: 'en',
    status: 'left',
    leftOn: '2026-10-20',
    legalBasis: 'existing_customer',
    legalBasisSource: 'contract',
    legalBasisOn: '2024-01-01',
    ...more(from + k),
  })) as CustomerRow[];
}

/** The starters approved, and a colleague who signs. */
export async function readyToSend(app: App): Promise<{ senderId: string; questionnaireId: string }> {
  await app.questionnaires.approveAll(COMMAND);
  const sender = await app.accounts.createAccount({
    email: 'miriam@example.com',
    name: 'Miriam Adler',
    title: 'Customer care',
    role: 'manager',
    language: 'en',
    password: 'correct horse battery',
  });
  const leaving = (await app.questionnaires.list()).find((each) => each.programme.key === 'leaving');
  return { senderId: sender.id, questionnaireId: leaving?.id ?? '' };
}

export async function newWave(
  app: App,
  { senderId, questionnaireId }: { senderId: string; questionnaireId: string },
  more: Partial<WaveInput> = {},
): Promise<string> {
  const input = { name: 'Leaving, autumn', audience: { status: 'left' as const }, expiresDays: 60, ...more };
  const made = await app.invitations.createWave(COMMAND, { questionnaireId, senderAccountId: senderId, ...input });
  if (!made.ok) throw new Error(JSON.stringify(made.errors));
  return made.value.id;
}

/** In an order in which no row is left without the one it belongs to. */
const ABOUT_WAVES = [
  'wave_count',
  'captured_mail',
  'outgoing_mail',
  'lease',
  'answer_revision',
  'answer',
  'coding_task',
  'coding',
  'main_reason',
  'response_copy',
  'response_entry',
  'letter',
  'letter_batch',
  'phone_call',
  'telephone_flag',
  'schedule_subject',
  'reminder',
  'contact',
  'contact_budget',
  'holdout_draw',
  'holdout_share',
  'leaver',
  'response',
  'invitation',
  'wave',
  'schedule_run',
  'schedule',
  'case_step',
  'case_event',
  'case_remedy',
  'case_tag',
  'winback_call',
  'winback_letter',
  'winback',
  'offer_given',
  'winback_case',
  'next_need',
  'next_need_nudge',
  'arrears_invoice',
  'payment_letter',
  'payment_wish',
  'payment_instalment',
  'payment_plan',
  'anniversary_day',
  'greeting',
  'greeting_way',
  'contentment',
  'trust_refusal',
  'referral',
  'trust_use',
  'trust_ask',
  'trust_reference',
  'alert',
  'alert_subject',
  'guarantee_claim',
  'public_comment',
  'recovery_case',
  'purchase',
  'dealing',
  'timeline_event',
  'refusal',
  'customer_tag',
  'duplicate_check',
  'likely_duplicate',
  'different_person',
  'customer',
] satisfies (keyof Schema)[];

/**
 * Takes everything about waves and customers away again. PostgreSQL would look for each customer into each of fifty tables
 * whether anything belongs to them: as replica it does not.
 */
export async function forgetWaves({ engine, transaction }: Storage): Promise<void> {
  const deletes = ABOUT_WAVES.map((table) => `delete from ${table}`);
  await transaction(async (tx) => {
    if (engine === 'postgres') {
      await sql.raw(['set local session_replication_role = replica', ...deletes].join(';')).execute(tx);
    } else {
      for (const each of deletes) await sql.raw(each).execute(tx);
    }
  });
}
