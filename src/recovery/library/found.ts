import type { Db } from '../../storage/index.ts';
import * as rows from './library-store.ts';

/** An approved text, as it is found and inserted. */
export interface FoundAnswer {
  answerId: string;
  textId: string;
  language: string;
  question: string;
  body: string;
  ownerId: string;
  /** A plain date. */
  reviewOn: string;
  reviewedAt: string | null;
  /** How often it was sent. */
  uses: number;
}

/** Every text in force, with how often it was sent. */
export async function foundAnswers(db: Db): Promise<FoundAnswer[]> {
  const texts = await rows.approvedTexts(db);
  const uses = await rows.usesOf(db, [...new Set(texts.map(({ answer_id }) => answer_id))]);
  return texts.map((row) => asFound(row, uses.get(row.answer_id) ?? 0));
}

function asFound(row: Awaited<ReturnType<typeof rows.approvedTexts>>[number], uses: number): FoundAnswer {
  return {
    answerId: row.answer_id,
    textId: row.id,
    language: row.language,
    question: row.question,
    body: row.body,
    ownerId: row.owner_id,
    reviewOn: row.review_on,
    reviewedAt: row.reviewed_at,
    uses,
  };
}
