import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { addDays, isPlainDate } from '../shared/dates.ts';
import { momentAt } from '../shared/zones.ts';
import { said } from './case-json.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';

const exceptionSchema = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  /** Of the case, as people say it. */
  number: z.int(),
  customerId: z.uuid().nullable(),
  at: z.string(),
  /** The colleague who allowed it. */
  accountId: z.uuid().nullable(),
  /** What was waived. */
  waived: z.string(),
  why: z.string(),
});

const exceptionBody = z.object({
  /** The colleague who allowed it, from /colleagues. */
  accountId: z.uuid(),
  waived: said.pipe(z.string().max(300)),
  why: said,
  /** Yours: the same a second time is the same exception. */
  reference: z.string().min(1).max(100),
});

const day = z.string().refine(isPlainDate, 'This is no day. Write it as 2026-12-31.');

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseWork'>;
  accounts: Pick<Accounts, 'colleague' | 'company'>;
}

/** Cutting through procedure in an emergency: what was waived, by whom and why. */
export function exceptionOperations(deps: Deps): Operation[] {
  const { cases, caseWork } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/exceptions',
      summary: 'Exceptions of all cases, the newest first, of the days of a period, each of which may be left out',
      role: 'staff',
      query: z.object({ ...paging, from: day.optional(), to: day.optional() }),
      response: listOf(exceptionSchema),
      async run({ query: { cursor, limit, ...days } }) {
        const { rows, next } = await caseWork.exceptions.list(await momentsOf(deps, days), cursor ?? null, limit);
        return { items: rows.map(asJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/cases/{id}/exceptions',
      summary: 'Exceptions of a case, in the order in which they were made',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(exceptionSchema) }),
      async run({ params }) {
        const { id } = await cases.get(params.id);
        return { items: (await caseWork.exceptions.ofCase(id)).map(asJson) };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/exceptions',
      summary: 'Log an exception in an open case for the colleague who allowed it: what was waived, and why',
      role: 'staff',
      params: idParams,
      body: exceptionBody,
      response: exceptionSchema.extend({ fresh: z.boolean() }),
      status: 201,
      run: ({ params, body }, caller) => make(deps, params.id, body, caller),
    }),
  ];
}

async function make(
  { recovery: { cases, caseWork }, accounts }: Deps,
  caseId: string,
  body: z.infer<typeof exceptionBody>,
  { actor }: Caller,
) {
  await cases.get(caseId);
  await colleagueOf(accounts, body.accountId);
  const { id, fresh } = await about('id', caseWork.exceptions.makeOnce(actor, caseId, body));
  const made = (await caseWork.exceptions.ofCase(caseId)).find((each) => each.id === id);
  if (!made) throw new Error('an exception that was made is not there');
  return { ...asJson(made), fresh };
}

/** From the beginning of the first day to the end of the last, where the business is. */
async function momentsOf({ accounts }: Deps, { from, to }: { from?: string | undefined; to?: string | undefined }) {
  const { timeZone } = await accounts.company();
  const begins = (on: string) => momentAt(timeZone, { day: on, minutes: 0 });
  return { from: from && begins(from), to: to && begins(addDays(to, 1)) };
}

type ExceptionRow = Awaited<ReturnType<Recovery['caseWork']['exceptions']['ofCase']>>[number];

/** The schema picks the fields that are for callers. */
const asJson = (row: ExceptionRow): z.input<typeof exceptionSchema> => row;
