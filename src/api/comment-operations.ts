import { z } from 'zod';
import { COMMENT_KINDS, COMMENT_VIEWS, type CommentRow, type Recovery } from '../recovery/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const commentSchema = z.object({
  id: z.uuid(),
  /** What they were told to name when they ask. */
  reference: z.string(),
  kind: z.string(),
  state: z.string(),
  /** Word for word. */
  words: z.string(),
  language: z.string(),
  customerId: z.uuid().nullable(),
  caseId: z.uuid().nullable(),
  createdAt: z.string(),
});

const claimSchema = z.object({
  state: z.enum(['open', 'granted', 'declined']),
  amountMinor: z.int().nullable(),
  decidedAt: z.string().nullable(),
});

const wholeSchema = commentSchema.extend({
  /** Null where it does not call upon the guarantee. */
  claim: claimSchema.nullable(),
});

const asJson = (row: CommentRow): z.input<typeof commentSchema> => ({
  ...{ id: row.id, reference: row.reference, kind: row.kind, state: row.state, words: row.words },
  ...{ language: row.language, customerId: row.customer_id, caseId: row.case_id, createdAt: row.created_at },
});

/** What anybody said on the public page. */
export function commentOperations({ recovery }: { recovery: Pick<Recovery, 'comments'> }): Operation[] {
  const { comments } = recovery;
  return [
    operation({
      method: 'get',
      path: '/comments',
      summary: 'What was said on the public page, word for word, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        view: z.enum(COMMENT_VIEWS).optional(),
        kind: z.enum(COMMENT_KINDS).optional(),
        customerId: z.uuid().optional(),
      }),
      response: listOf(commentSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await comments.listed(filter, cursor ?? null, limit);
        return { items: rows.map(asJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/comments/{id}',
      summary: 'One comment, and what became of a guarantee claim',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      async run({ params }) {
        const { comment, claim } = await comments.get(params.id);
        const { state, amount_minor: amount = null, decided_at: decidedAt = null } = claim ?? {};
        const amountMinor = amount === null ? null : Number(amount);
        return { ...asJson(comment), claim: state === undefined ? null : { state, amountMinor, decidedAt } };
      },
    }),
  ];
}
