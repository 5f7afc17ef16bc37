import { z } from 'zod';
import type { Coding, Codebook } from '../coding/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import { NotFound } from '../shared/errors.ts';
import { operation, type Operation } from './operation.ts';

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
const newCode = z.object({
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
});
const programmeParams = z.object({ programme: z.string().min(1).max(80) });

interface Deps {
  coding: Pick<Coding, 'codebook' | 'keywords' | 'setCodes'>;
  questionnaires: Pick<Questionnaires, 'programmes'>;
}

/** The codes that each programme offers. */
export function codebookOperations(deps: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/codebooks/{programme}',
      summary: "A programme's codebook, by the programme's key: 'leaving', 'satisfaction'",
      role: 'staff',
      params: programmeParams,
      response: codebookSchema,
      run: ({ params }) => codebookOf(deps, params.programme),
    }),
    operation({
      method: 'post',
      path: '/codebooks/{programme}',
      summary: 'Make these the codes that a programme offers; codes by another key are retired, nothing coded is lost',
      role: 'manager',
      params: programmeParams,
      body: z.object({ codes: z.array(newCode).min(1).max(300) }),
      response: codebookSchema,
      async run({ params, body }, { actor }) {
        await deps.coding.setCodes(actor, await programmeIdOf(deps, params.programme), body.codes);
        return await codebookOf(deps, params.programme);
      },
    }),
  ];
}

async function programmeIdOf({ questionnaires }: Deps, key: string): Promise<string> {
  const programme = (await questionnaires.programmes()).find((each) => each.key === key);
  if (!programme) throw new NotFound();
  return programme.id;
}

async function codebookOf(deps: Deps, key: string): Promise<z.input<typeof codebookSchema>> {
  const book = await deps.coding.codebook(await programmeIdOf(deps, key));
  if (!book) throw new NotFound();
  return asCodebook(key, book, await deps.coding.keywords.ofBook(book));
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
