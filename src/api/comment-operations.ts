import { z } from 'zod';
import { COMMENT_KINDS, COMMENT_VIEWS, giveGift, REMEDIES, type CommentRow, type Recovery } from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { about, Unfit } from './errors.ts';
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

const MOST_WORDS = 1000;

const asJson = (row: CommentRow): z.input<typeof commentSchema> => ({
  id: row.id,
  reference: row.reference,
  kind: row.kind,
  state: row.state,
  words: row.words,
  language: row.language,
  customerId: row.customer_id,
  caseId: row.case_id,
  createdAt: row.created_at,
});

interface Deps {
  recovery: Pick<Recovery, 'comments' | 'offers'>;
  storage: Storage;
}

/** What anybody said on the public page. */
export function commentOperations({ recovery, storage }: Deps): Operation[] {
  const { comments, offers } = recovery;
  const whole = (id: string) => wholeOf(comments, id);
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
      run: ({ params }) => whole(params.id),
    }),
    operation({
      method: 'post',
      path: '/comments/{id}/release',
      summary: 'Somebody meant it: it goes where it belongs, or becomes a case',
      role: 'staff',
      params: idParams,
      body: z.object({ kind: z.enum(COMMENT_KINDS) }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        await about('id', comments.release(actor, params.id, body.kind));
        return await whole(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/comments/{id}/aside',
      summary: 'Nobody meant it: it is set aside',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      async run({ params }, { actor }) {
        await about('id', comments.setAside(actor, params.id));
        return await whole(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/comments/{id}/customer',
      summary: 'Say whose it is, and with it whose case; null: none of our customers',
      role: 'staff',
      params: idParams,
      body: z.object({ customerId: z.uuid().nullable() }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        const { comment } = await comments.get(params.id);
        await about('customerId', comments.confirmCustomer(actor, params.id, comment.customer_id, body.customerId));
        return await whole(params.id);
      },
    }),
    claiming(comments),
    operation({
      method: 'post',
      path: '/comments/{id}/gift',
      summary:
        'Give whoever told us of a problem the thank-you that managers chose; above the limit of the role it waits for approval, and nobody gets it twice',
      role: 'staff',
      params: idParams,
      response: wholeSchema.extend({ gift: z.enum(['given', 'waiting']) }),
      async run({ params }, { actor, role }) {
        const { comment } = await comments.get(params.id);
        const gift = await about('id', giveGift({ storage, comments, offers }, comment, { actor, role }));
        return { ...(await whole(params.id)), gift };
      },
    }),
  ];
}

/** Granting costs what the role may grant, or waits for a manager. */
function claiming(comments: Recovery['comments']): Operation {
  return operation({
    method: 'post',
    path: '/comments/{id}/claim',
    summary:
      'Grant or decline a guarantee claim: with what they get, or why not; above the limit of the role a manager approves first',
    role: 'staff',
    params: idParams,
    body: z.object({
      state: z.enum(['granted', 'declined']),
      /** What kind of thing makes good, where it is granted. */
      kind: z.enum(REMEDIES).default('other'),
      /** What they get, or why not. */
      words: z.string().trim().min(1).max(MOST_WORDS),
      /** Minor units; null where what they get is no money. */
      amountMinor: z.int().min(0).nullable().default(null),
    }),
    response: wholeSchema.extend({ remedy: z.enum(['approved', 'proposed', 'declined']) }),
    async run({ params, body }, { actor, role }) {
      const { claim } = await comments.get(params.id);
      if (!claim) throw new Unfit('id', 'This comment does not call upon the guarantee.', 409);
      const remedy = await about('state', comments.decide({ actor, role }, params.id, body));
      return { ...(await wholeOf(comments, params.id)), remedy };
    },
  });
}

async function wholeOf(comments: Recovery['comments'], id: string): Promise<z.input<typeof wholeSchema>> {
  const { comment, claim } = await comments.get(id);
  const { state, amount_minor: amount = null, decided_at: decidedAt = null } = claim ?? {};
  const amountMinor = amount === null ? null : Number(amount);
  return { ...asJson(comment), claim: state === undefined ? null : { state, amountMinor, decidedAt } };
}
