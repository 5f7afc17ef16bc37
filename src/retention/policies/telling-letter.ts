import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { readWording, type Wording } from '../wording.ts';
import { TELLING_TEST } from './telling-mail.ts';
import { insertLetter, newestLetter, type LetterRow } from './telling-store.ts';

/** What those who said it are written, as somebody approved it. */
export interface ApprovedLetter {
  id: string;
  /** 1, 2, ... within the policy. */
  number: number;
  texts: Wording;
  accountId: string | null;
  createdAt: string;
}

/** The newest text; null before anybody has approved one. */
export async function approvedLetter(db: Db, policyId: string): Promise<ApprovedLetter | null> {
  const row = await newestLetter(db, policyId);
  return row ? asLetter(row) : null;
}

const asLetter = (row: LetterRow): ApprovedLetter => ({
  id: row.id,
  number: row.number,
  texts: readWording(row.texts),
  accountId: row.account_id,
  createdAt: row.created_at,
});

/** The next text after number `seen`. @throws Conflict where somebody wrote one meanwhile */
export async function approveLetter(
  { storage, clock, accounts }: RetentionDeps,
  actor: Actor,
  policyId: string,
  seen: number,
  texts: Wording,
): Promise<void> {
  const number = seen + 1;
  const by = { account_id: accountOf(actor), created_at: timestamp(clock) };
  const row = { id: newId(clock), policy_id: policyId, number, texts: JSON.stringify(texts), ...by };
  await storage.transaction(async (tx) => {
    const newest = await newestLetter(tx, policyId);
    const isNext = (newest?.number ?? 0) === seen;
    if (!isNext || !(await insertLetter(tx, row))) throw new Conflict('policies.error.letter');
    await accounts.audit(tx, actor, 'policies.letter', { kind: 'policy', id: policyId }, { number });
  });
}

/** One copy of the newest text to a colleague. @throws Conflict without words in that language */
export async function sendCopy(
  { storage, accounts, mailer }: RetentionDeps,
  actor: Actor,
  policyId: string,
  copy: { language: string; accountId: string },
): Promise<void> {
  const letter = await approvedLetter(storage.read, policyId);
  if (!letter?.texts[copy.language]) throw new Conflict('policies.error.letter');
  await storage.transaction(async (tx) => {
    await mailer.enqueue(tx, [{ kind: TELLING_TEST, subjectId: letter.id, detail: copy }]);
    await accounts.audit(tx, actor, 'policies.tested', { kind: 'policy', id: policyId });
  });
}
