import { z } from 'zod';
import type { Recovery } from '../recovery/index.ts';
import { comingDay, type Days } from './days.ts';
import { about, Unfit } from './errors.ts';
import { flag, idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';
import { retiring } from './retiring.ts';

const answerSchema = z.object({
  id: z.uuid(),
  ownerId: z.uuid(),
  /** A plain date: when whoever looks after it reads it again. */
  reviewOn: z.string(),
  reviewedAt: z.string().nullable(),
  /** Since when it is out of use; null while it is in use. */
  retiredAt: z.string().nullable(),
  createdAt: z.string(),
});

const wholeSchema = answerSchema.extend({
  /** All versions in all languages, the newest first. */
  texts: z.array(
    z.object({
      id: z.uuid(),
      language: z.string(),
      /** Of the version in its language. */
      number: z.int(),
      question: z.string(),
      body: z.string(),
      state: z.enum(['proposed', 'approved', 'declined', 'replaced']),
      proposedAt: z.string(),
      decidedAt: z.string().nullable(),
      /** Why it was declined. */
      reason: z.string(),
    }),
  ),
  /** Times sent, in so many cases; of these asked whether it is settled, and what they said. */
  after: z.object({
    uses: z.int(),
    cases: z.int(),
    asked: z.int(),
    settled: z.int(),
    notQuite: z.int(),
    silent: z.int(),
  }),
});

const text = {
  /** Two letters: 'de'. */
  language: z.string().max(10),
  question: z.string().max(1000),
  /** With {greeting}, {name}, {company}, {colleague}, {case}, {telephone} for what is known only when it is sent. */
  body: z.string().max(20_000),
  /** In force at once, with a token of a manager; else it waits for one. */
  approved: z.boolean().default(false),
};

interface Deps extends Days {
  recovery: Pick<Recovery, 'library'>;
}

type Whole = z.input<typeof wholeSchema>;

/** The library of approved answers: what stands in it, what is written, approved, read again and retired. */
export function libraryOperations(deps: Deps): Operation[] {
  const { library } = deps.recovery;
  const shown = (id: string) => wholeOf(library, id);
  return [
    operation({
      method: 'get',
      path: '/library/answers',
      summary: 'Answers of the library, in use and retired, the newest first; their texts stand with each of them',
      role: 'staff',
      query: z.object({ ...paging, ownerId: z.uuid().optional(), retired: flag.optional() }),
      response: listOf(answerSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await library.answers(filter, cursor ?? null, limit);
        return { items: rows.map(answerJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/library/answers/{id}',
      summary: 'One answer with its versions in every language, and what customers said after it was sent',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      run: ({ params }) => shown(params.id),
    }),
    operation({
      method: 'post',
      path: '/library/answers',
      summary:
        'Propose an answer to a new question, or approve it at once; one in use that says the very same is that one',
      role: 'staff',
      body: z.object({ ...text, ownerId: z.uuid(), reviewOn: z.string() }),
      response: wholeSchema.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ body }, caller) {
        const reviewOn = await comingDay(deps, 'reviewOn', body.reviewOn);
        const { id, fresh } = await library.create(caller, { ...body, reviewOn });
        return { ...(await shown(id)), fresh };
      },
    }),
    ...textOperations(library, shown),
    reviewing(deps, shown),
    ...retiring({
      path: '/library/answers/{id}',
      role: 'manager',
      summaries: { retirement: 'Take an answer out of use', return: 'Use an answer again' },
      response: wholeSchema,
      retiredAt: async (id) => (await shown(id)).retiredAt,
      retire: (actor, role, id, retires) => library.retire({ actor, role }, id, retires),
      shown,
    }),
  ];
}

type Shown = (id: string) => Promise<Whole>;

function textOperations(library: Recovery['library'], shown: Shown): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/library/answers/{id}/texts',
      summary: 'Propose the next version of an answer in a language, or the first one, or approve it at once',
      role: 'staff',
      params: idParams,
      body: z.object({
        ...text,
        /** Of the newest version in this language, as you read it; 0 where there is none. */
        number: z.int().min(0),
      }),
      response: wholeSchema,
      async run({ params: { id }, body }, caller) {
        await about('number', library.write(caller, id, body));
        return await shown(id);
      },
    }),
    ...(['approval', 'refusal'] as const).map((verb) =>
      operation({
        method: 'post',
        path: `/library/answers/{id}/texts/{textId}/${verb}`,
        summary:
          verb === 'approval'
            ? 'Approve a text that waits, in place of the one in force in its language'
            : 'Decline a text that waits, and why',
        role: 'manager',
        params: idParams.extend({ textId: z.uuid() }),
        body: z.object({ reason: z.string().trim().max(1000).default('') }),
        response: wholeSchema,
        async run({ params: { id, textId }, body: { reason } }, caller) {
          if (!(await shown(id)).texts.some((each) => each.id === textId))
            throw new Unfit('textId', 'This answer has no text with this id.');
          if (verb === 'refusal' && reason === '') throw new Unfit('reason', 'Say why, for whoever proposed it.');
          await about('textId', library.decide(caller, textId, { approve: verb === 'approval', reason }));
          return await shown(id);
        },
      }),
    ),
  ];
}

function reviewing(deps: Deps, shown: Shown): Operation {
  const { library } = deps.recovery;
  return operation({
    method: 'post',
    path: '/library/answers/{id}/review',
    summary: 'An answer was read again and is right: by when the next time, and who looks after it; takes a manager',
    role: 'manager',
    params: idParams,
    body: z.object({
      reviewOn: z.string(),
      /** Left out: who looks after it now. */
      ownerId: z.uuid().optional(),
      /** The day on which it was to be read again, as you read it; left out: whatever it is now. */
      seen: z.string().optional(),
    }),
    response: wholeSchema,
    async run({ params: { id }, body }, caller: Caller) {
      const now = await shown(id);
      const reviewOn = await comingDay(deps, 'reviewOn', body.reviewOn);
      const next = { reviewOn, ownerId: body.ownerId ?? now.ownerId };
      await about('seen', library.review(caller, id, body.seen ?? now.reviewOn, next));
      return await shown(id);
    },
  });
}

type AnswerRow = Awaited<ReturnType<Recovery['library']['answers']>>['rows'][number];

const answerJson = (row: AnswerRow): z.input<typeof answerSchema> => ({
  id: row.id,
  ownerId: row.owner_id,
  reviewOn: row.review_on,
  reviewedAt: row.reviewed_at,
  retiredAt: row.retired_at,
  createdAt: row.created_at,
});

async function wholeOf(library: Recovery['library'], id: string): Promise<Whole> {
  const { answer, texts, aftermath } = await library.whole(id);
  return {
    ...answerJson(answer),
    texts: texts.map(({ proposed_at: proposedAt, decided_at: decidedAt, ...row }) => ({
      id: row.id,
      language: row.language,
      number: row.number,
      question: row.question,
      body: row.body,
      state: row.state,
      proposedAt,
      decidedAt,
      reason: row.reason,
    })),
    after: aftermath,
  };
}
