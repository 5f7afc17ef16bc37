import { z } from 'zod';
import type { Coding, Codebook } from '../coding/index.ts';
import { answerValueSchema, type Questionnaires } from '../questionnaires/index.ts';
import type { Response, Responses, StoredAnswer } from '../responses/index.ts';
import { NotFound } from '../shared/errors.ts';
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

const codeSchema = z.object({
  key: z.string(),
  parent: z.string().nullable(),
  kind: z.enum(['reason', 'other', 'unknown']),
  name: z.record(z.string(), z.string()),
  description: z.record(z.string(), z.string()),
  /** The words that point to it, by language. */
  keywords: z.record(z.string(), z.array(z.string())),
  retired: z.boolean(),
});
const codebookSchema = z.object({ programme: z.string(), revision: z.int(), codes: z.array(codeSchema) });
const byLanguage = z.record(z.string().max(10), z.string().max(2000));
const wordsByLanguage = z.record(z.string().max(10), z.array(z.string().max(120)).max(300));
const programmeParams = z.object({ programme: z.string().min(1).max(80) });

interface Deps {
  responses: Responses;
  coding: Coding;
  questionnaires: Questionnaires;
}

/** Responses, the codes on them, and the codebooks. */
export function responseOperations({ responses, coding, questionnaires }: Deps): Operation[] {
  async function programmeOf(key: string) {
    const programme = (await questionnaires.programmes()).find((each) => each.key === key);
    if (!programme) throw new NotFound();
    return programme;
  }

  async function codebookOf(key: string): Promise<z.input<typeof codebookSchema>> {
    const book = await coding.codebook((await programmeOf(key)).id);
    if (!book) throw new NotFound();
    return asCodebook(key, book, await coding.keywords.ofBook(book));
  }

  return [
    operation({
      method: 'get',
      path: '/questionnaires',
      summary: 'The questionnaires, with the version that new waves take',
      role: 'staff',
      response: z.object({
        items: z.array(
          z.object({
            id: z.uuid(),
            name: z.string(),
            programme: z.string(),
            version: z.object({ id: z.uuid(), number: z.int(), questions: z.array(z.string()) }).nullable(),
          }),
        ),
      }),
      run: async () => ({
        items: (await questionnaires.list()).map(({ id, name, programme, latest }) => ({
          id,
          name,
          programme: programme.key,
          version: latest && {
            id: latest.id,
            number: latest.number,
            questions: latest.definition.questions.map(({ key }) => key),
          },
        })),
      }),
    }),
    operation({
      method: 'get',
      path: '/responses',
      summary: 'Complete responses in the order of their arrival, with their answers word for word',
      role: 'staff',
      query: z.object({
        ...paging,
        programmeId: z.uuid().optional(),
        waveId: z.uuid().optional(),
        customerId: z.uuid().optional(),
        from: moment.optional(),
        to: moment.optional(),
      }),
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
    operation({
      method: 'post',
      path: '/codings',
      summary: 'Code up to 100 answers, all or none; without a question, the first one that has words',
      role: 'staff',
      body: z.object({
        codings: z
          .array(
            z.object({
              responseId: z.uuid(),
              question: z.string().max(100).optional(),
              codes: z.array(z.string().max(100)).min(1).max(20),
              /** The code that mattered most; null where none did. */
              main: z.string().max(100).nullable(),
            }),
          )
          .min(1)
          .max(100),
      }),
      response: z.object({ coded: z.int() }),
      async run({ body }, { actor }) {
        const items = body.codings.map(({ question, ...rest }) => ({ ...rest, questionKey: question }));
        await coding.codeResponses(actor, items);
        return { coded: items.length };
      },
    }),
    operation({
      method: 'get',
      path: '/codebooks/{programme}',
      summary: "A programme's codebook, by the programme's key: 'leaving', 'satisfaction'",
      role: 'staff',
      params: programmeParams,
      response: codebookSchema,
      run: ({ params }) => codebookOf(params.programme),
    }),
    operation({
      method: 'post',
      path: '/codebooks/{programme}',
      summary: 'Make these the codes that a programme offers; codes by another key are retired, nothing coded is lost',
      role: 'manager',
      params: programmeParams,
      body: z.object({
        codes: z
          .array(
            z.object({
              key: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/),
              name: byLanguage,
              description: byLanguage
                .optional()
                .describe('What is coded so, and what is not, by language; without it, the one that it has stays'),
              kind: z.enum(['reason', 'other', 'unknown']).default('reason'),
              parent: z.string().max(60).optional(),
              keywords: wordsByLanguage
                .optional()
                .describe(
                  'Words that point to it, by language, as lines of the codebook page: "dear", "expens*", "(bus|tram) stop"; without it, those that it has stay',
                ),
            }),
          )
          .min(1)
          .max(300),
      }),
      response: codebookSchema,
      async run({ params, body }, { actor }) {
        await coding.setCodes(actor, (await programmeOf(params.programme)).id, body.codes);
        return await codebookOf(params.programme);
      },
    }),
  ];
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

function asCodebook(
  programme: string,
  { revision, codes, byId }: Codebook,
  keywords: Awaited<ReturnType<Coding['keywords']['ofBook']>>,
): z.input<typeof codebookSchema> {
  return {
    programme,
    revision,
    codes: codes.map(({ id, key, parentId, kind, name, description, retiredAt }) => ({
      key,
      parent: parentId === null ? null : (byId.get(parentId)?.key ?? null),
      kind,
      name,
      description,
      keywords: keywords.get(id) ?? {},
      retired: retiredAt !== null,
    })),
  };
}
