import { z } from 'zod';
import type { Coding } from '../coding/index.ts';
import { answerValueSchema } from '../questionnaires/index.ts';
import type { Response, Responses, StoredAnswer } from '../responses/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const moment = z.iso.datetime({ offset: false });

const responseSchema = z.object({
  id: z.uuid(),
  reference: z.string(),
  invitationId: z.uuid(),
  customerId: z.uuid(),
  waveId: z.uuid(),
  programmeId: z.uuid(),
  versionId: z.uuid(),
  mode: z.enum(['email', 'paper', 'telephone', 'web']),
  language: z.string(),
  state: z.enum(['partial', 'complete']),
  startedAt: z.string(),
  submittedAt: z.string().nullable(),
  contactWish: z.enum(['phone', 'mail', 'no']).nullable(),
  answers: z.array(
    z.object({ question: z.string(), value: answerValueSchema, language: z.string(), answeredAt: z.string() }),
  ),
});

const listQuery = z.object({
  ...paging,
  programmeId: z.uuid().optional(),
  waveId: z.uuid().optional(),
  customerId: z.uuid().optional(),
  from: moment.optional(),
  to: moment.optional(),
});

const codingSchema = z.object({
  responseId: z.uuid(),
  question: z.string().max(100).optional(),
  codes: z.array(z.string().max(100)).min(1).max(20),
  /** The code that mattered most; null where none did. */
  main: z.string().max(100).nullable(),
});

interface Deps {
  responses: Responses;
  coding: Pick<Coding, 'codeResponses'>;
}

/** What customers answered, and the codes on it. */
export function responseOperations({ responses, coding }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/responses',
      summary: 'Complete responses in the order of their arrival, with their answers word for word',
      role: 'staff',
      query: listQuery,
      response: listOf(responseSchema),
      async run({ query }) {
        const { cursor, limit, ...filter } = query;
        const { rows, next, answers } = await responses.listWithAnswers(filter, cursor ?? null, limit);
        return { items: rows.map((row) => asResponse(row, answers.get(row.id))), next };
      },
    }),
    operation({
      method: 'get',
      path: '/responses/{id}',
      summary: 'One response with its answers',
      role: 'staff',
      params: idParams,
      response: responseSchema,
      async run({ params }) {
        const { response, answers } = await responses.get(params.id);
        return asResponse(response, answers);
      },
    }),
    codingOperation(coding),
  ];
}

function codingOperation(coding: Deps['coding']): Operation {
  return operation({
    method: 'post',
    path: '/codings',
    summary: 'Code up to 100 answers, all or none; without a question, the first one that has words',
    role: 'staff',
    body: z.object({ codings: z.array(codingSchema).min(1).max(100) }),
    response: z.object({ coded: z.int() }),
    async run({ body }, { actor }) {
      const items = body.codings.map(({ question, ...rest }) => ({ ...rest, questionKey: question }));
      await coding.codeResponses(actor, items);
      return { coded: items.length };
    },
  });
}

function asResponse(
  response: Response,
  answers: Map<string, StoredAnswer> = new Map(),
): z.input<typeof responseSchema> {
  const given = [...answers.values()].map(({ key, value, language, answeredAt }) => ({
    question: key,
    value,
    language,
    answeredAt,
  }));
  return { ...response, answers: given };
}
