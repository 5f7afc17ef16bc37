import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { CASE_TAG, type Recovery } from '../recovery/index.ts';
import { NotFound } from '../shared/errors.ts';
import { colleagueOf } from './colleague-operations.ts';
import { comingDay, type Days } from './days.ts';
import { Unfit } from './errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';

/** By `id` it is taken back; `count`: in so many cases, since those that are closed or so already stay as they are. */
const didSchema = z.object({ id: z.uuid(), count: z.int() });

const doneSchema = didSchema.extend({
  what: z.enum(['assigned', 'snoozed', 'tagged']),
  at: z.string(),
  /** Whose they are from then on; null: nobody's. */
  toId: z.uuid().nullable(),
  /** A plain date, and a tag; '' where it was something else. */
  day: z.string(),
  tag: z.string(),
});

const caseIds = z.array(z.uuid()).min(1).max(100);

interface Deps extends Days {
  recovery: Pick<Recovery, 'caseWork'>;
  accounts: Pick<Accounts, 'colleague' | 'company'>;
}

/** The same with several cases: all of it in one, and taken back within a day. */
export function severalCasesOperations(deps: Deps): Operation[] {
  const { many } = deps.recovery.caseWork;
  return [
    several('owner', 'Give several cases to a colleague, or to nobody', {
      body: z.object({ caseIds, accountId: z.uuid().nullable() }),
      async does({ caseIds: ids, accountId }, { actor }) {
        if (accountId !== null) await colleagueOf(deps.accounts, accountId);
        return await many.assign(actor, ids, accountId);
      },
    }),
    several('snooze', 'Put several cases out of sight until work begins on that day', {
      body: z.object({ caseIds, until: z.string() }),
      does: async ({ caseIds: ids, until }, { actor }) =>
        await many.snooze(actor, ids, await comingDay(deps, 'until', until)),
    }),
    several('tags', 'Tag several cases', {
      body: z.object({
        caseIds,
        tag: z.string().trim().regex(CASE_TAG, 'Up to 40 characters, none of them < or >'),
      }),
      does: ({ caseIds: ids, tag }, { actor }) => many.tag(actor, ids, tag),
    }),
    operation({
      method: 'get',
      path: '/several-cases',
      summary: 'What programs did with several cases in the last 24 hours and can take back, the newest first',
      role: 'staff',
      response: z.object({ items: z.array(doneSchema) }),
      run: async (_input, { actor }) => ({ items: await many.undoable(actor) }),
    }),
    operation({
      method: 'post',
      path: '/several-cases/{id}/undo',
      summary:
        'Take back what a program did with several cases, where nobody has changed it since; what a colleague did only they take back',
      role: 'staff',
      params: idParams,
      response: z.object({ count: z.int() }),
      run: async ({ params }, { actor }) => ({ count: await many.undo(actor, params.id) }),
    }),
  ];
}

interface Several<B extends z.ZodType> {
  body: B;
  does(body: z.infer<B>, caller: Caller): Promise<z.infer<typeof didSchema>>;
}

function several<B extends z.ZodType>(path: string, summary: string, { body, does }: Several<B>): Operation {
  return operation({
    method: 'post',
    path: `/several-cases/${path}`,
    summary,
    role: 'staff',
    body,
    response: didSchema,
    run: ({ body: given }, caller) => does(given, caller).catch(saidOf),
  });
}

/** One that is not there keeps the others as they are. */
function saidOf(error: unknown): never {
  if (error instanceof NotFound) throw new Unfit('caseIds', 'There is no case with one of these ids.');
  throw error;
}
