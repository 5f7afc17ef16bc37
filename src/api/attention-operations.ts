import { z } from 'zod';
import { rankedAnswers, type Recovery } from '../recovery/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import { listOf, operation, paging, type Operation } from './operation.ts';

const answerSchema = z.object({
  answerId: z.uuid(),
  /** Of the text in this language: name it when you send it, so that its use is counted. */
  textId: z.uuid(),
  language: z.string(),
  question: z.string(),
  body: z.string(),
  ownerId: z.uuid(),
  /** Plain dates and a moment. */
  reviewOn: z.string(),
  reviewedAt: z.string().nullable(),
  uses: z.int(),
});

const anniversarySchema = z.object({
  customerId: z.uuid(),
  onDay: z.string(),
  years: z.int(),
  way: z.enum(['mail', 'post']),
  /** Why nobody greets them; null where somebody does. */
  hindrance: z.string().nullable(),
});

const needSchema = z.object({
  customerId: z.uuid(),
  /** Plain dates: their last purchase, and when they usually buy again. */
  lastOn: z.string(),
  expectedOn: z.string(),
  worthMinor: z.int(),
});

const cursor = z.object({ cursor: paging.cursor });

interface Deps {
  recovery: Pick<Recovery, 'library' | 'nextNeeds'>;
  loyalty: Pick<Loyalty, 'anniversaries'>;
}

/** What is answered to a question, and who has a day or a need soon. */
export function attentionOperations({ recovery, loyalty }: Deps): Operation[] {
  const { library, nextNeeds } = recovery;
  return [
    operation({
      method: 'get',
      path: '/library',
      summary: 'Approved answers and how often each was sent, those that fit some words best first',
      role: 'staff',
      query: z.object({
        q: z.string().max(200).optional(),
        /** Two letters: 'de'. */
        language: z.string().max(10).optional(),
      }),
      response: z.object({ items: z.array(answerSchema) }),
      async run({ query: { q, language } }) {
        const all = await library.approved();
        const inLanguage = all.filter((each) => language === undefined || each.language === language);
        return { items: q === undefined ? inLanguage : rankedAnswers(inLanguage, q) };
      },
    }),
    operation({
      method: 'get',
      path: '/anniversaries',
      summary: 'Anniversaries of the next two weeks, and whether and how each is greeted',
      role: 'staff',
      query: cursor,
      response: listOf(anniversarySchema),
      async run({ query }) {
        const { rows, next } = await loyalty.anniversaries.upcoming(query.cursor ?? null);
        return { items: rows.map((each) => ({ ...each, customerId: each.customer.id })), next };
      },
    }),
    operation({
      method: 'get',
      path: '/next-needs',
      summary: 'Who usually buys again about now',
      role: 'staff',
      query: cursor,
      response: listOf(needSchema),
      async run({ query }) {
        const { rows, next } = await nextNeeds.list('due', null, query.cursor ?? null);
        return {
          items: rows.map((row) => ({
            customerId: row.customer_id,
            lastOn: row.last_on,
            expectedOn: row.expected_on,
            worthMinor: Number(row.worth_minor),
          })),
          next,
        };
      },
    }),
  ];
}
