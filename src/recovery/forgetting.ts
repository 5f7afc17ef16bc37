import type { Tx } from '../storage/index.ts';
import type { Attachments } from './attachments/index.ts';
import { blankComments, strangersBy } from './export-store.ts';
import * as store from './forget-store.ts';
import type { CaseMail } from './mail/service.ts';

interface Parts {
  mail: Pick<CaseMail, 'forget' | 'forgetLetters'>;
  attachments: Pick<Attachments, 'forget'>;
}

/**
 * For erasing: nothing here says any more who up to 500 customers are or what they and we said; how many cases,
 * letters, calls and plans there were, when, and what became of them, still counts.
 */
export function createForgetting({ mail, attachments }: Parts) {
  return async function forget(tx: Tx, customerIds: string[]): Promise<void> {
    if (customerIds.length === 0) return;
    const caseIds = await store.caseIdsOf(tx, customerIds);
    await mail.forget(tx, { customerIds, caseIds });
    const commentIds = await store.forgetComments(tx, customerIds, caseIds);
    if (commentIds.length > 0) await attachments.forget(tx, { commentIds });
    await store.forgetWinback(tx, customerIds);
    await store.forgetPayment(tx, customerIds, caseIds);
    if (caseIds.length > 0) await store.forgetCases(tx, caseIds);
  };
}

/** The same for what came from an address and was never put to a customer. */
export function createForgettingStrangers({ mail, attachments }: Parts) {
  return async function forgetStrangers(tx: Tx, from: { email: string; addressKey: string }): Promise<void> {
    if (from.email === '') return;
    const { mailIds, commentIds } = await strangersBy(tx, from);
    await mail.forgetLetters(tx, mailIds);
    await blankComments(tx, commentIds);
    if (commentIds.length > 0) await attachments.forget(tx, { commentIds });
  };
}
