import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { CALL_OUTCOMES, type Recovery, type WinbackCall } from '../recovery/index.ts';
import { Conflict, Invalid, type FieldErrors } from '../shared/errors.ts';
import { localTime } from '../shared/zones.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about, Unfit } from './errors.ts';
import { idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';

export const callSchema = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  customerId: z.uuid(),
  at: z.string(),
  accountId: z.uuid().nullable(),
  outcome: z.enum(CALL_OUTCOMES),
  /** '' where it was not spoken of. */
  reasonKey: z.string(),
  said: z.string(),
  promised: z.string(),
  callAgainAt: z.string().nullable(),
  /** The answer that it became, where they had been asked why they left. */
  responseId: z.uuid().nullable(),
});

const callBody = z.object({
  accountId: z.uuid(),
  outcome: z.enum(CALL_OUTCOMES),
  /** A key of the leaving codebook; needed where they were spoken to and it is not known yet. */
  reasonKey: z.string().max(64).default(''),
  said: z.string().max(5000).default(''),
  promised: z.string().max(2000).default(''),
  /** When they want to be called again; needed for `call_again`. */
  callAgainAt: z.iso.datetime({ offset: true }).optional(),
});

interface Deps {
  recovery: Pick<Recovery, 'winback'>;
  accounts: Pick<Accounts, 'colleague' | 'company'>;
}

/** Calls to win somebody back, and what came of them. */
export function winbackOperations(deps: Deps): Operation[] {
  const { winback } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/winback/calls',
      summary: 'Calls to win somebody back and what came of them, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        customerId: z.uuid().optional(),
        caseId: z.uuid().optional(),
        outcome: z.enum(CALL_OUTCOMES).optional(),
      }),
      response: listOf(callSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await winback.allCalls(filter, cursor ?? null, limit);
        return { items: rows.map(callJson), next };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/calls',
      summary:
        'Record a call that a colleague held to win somebody back, by the rules that hold in the app: refused while somebody else has the call, or where they must not be called now',
      role: 'staff',
      params: idParams,
      body: callBody,
      response: callSchema,
      status: 201,
      run: ({ params, body }, caller) => record(deps, params.id, body, caller),
    }),
    ...claiming(deps),
  ];
}

/** So that nobody else rings them meanwhile. */
function claiming({ recovery: { winback }, accounts }: Deps): Operation[] {
  const body = z.object({ accountId: z.uuid() });
  const claim = z.object({
    accountId: z.uuid(),
    /** They rang by themselves: then it may be any hour. */
    theyCalled: z.boolean().default(false),
  });
  return [
    operation({
      method: 'post',
      path: '/cases/{id}/calls/claim',
      summary:
        'A colleague is about to call somebody who left, or they called by themselves; refused while somebody else has the call, or where they must not be called now; it ends by itself where nothing comes of it',
      role: 'staff',
      params: idParams,
      body: claim,
      response: z.object({ id: z.uuid(), accountId: z.uuid() }),
      async run({ params: { id }, body: { accountId, theyCalled } }) {
        await colleagueOf(accounts, accountId);
        const claimed = await about('id', winback.claim(accountId, id, theyCalled));
        if (!claimed.mine) throw new Unfit('accountId', 'Somebody else has this call.', 409);
        return { id, accountId };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/calls/release',
      summary: 'A colleague does not call them after all; whoever has not the call releases nothing',
      role: 'staff',
      params: idParams,
      body,
      response: z.object({ id: z.uuid() }),
      async run({ params: { id }, body: { accountId } }) {
        await winback.sheet(id);
        await colleagueOf(accounts, accountId);
        await winback.release(accountId, id);
        return { id };
      },
    }),
  ];
}

async function record(
  { recovery: { winback }, accounts }: Deps,
  caseId: string,
  { accountId, callAgainAt, reasonKey: reason, ...told }: z.infer<typeof callBody>,
  { actor }: Caller,
): Promise<z.input<typeof callSchema>> {
  await colleagueOf(accounts, accountId);
  const { own } = await winback.sheet(caseId);
  if (!(await winback.claim(accountId, caseId)).mine) throw new Conflict('winback.error.lost');
  const sheet = await winback.sheet(caseId);
  const { timeZone } = await accounts.company();
  const form = { ...told, reason, ...(callAgainAt === undefined ? {} : backAt(timeZone, callAgainAt)) };
  const done = await winback.finish(accountId, sheet, form, actor);
  if (!done.ok) {
    // Whoever has the call on their screen keeps it.
    if (own.claimed_by !== accountId) await winback.release(accountId, caseId);
    throw new Invalid(asSent(done.errors));
  }
  await winback.keepAsResponse(accountId, sheet, done.callId);
  const call = (await winback.callsOf(sheet.customer.id, RECENT)).find(({ id }) => id === done.callId);
  if (!call) throw new Error('a call that was kept is not there');
  return callJson(call);
}

/** Enough to find the one that was kept a moment ago. */
const RECENT = 20;

/** As the form of the call sheet takes it, in the business's time. */
function backAt(timeZone: string, at: string): { 'back-day': string; 'back-time': string } {
  const { day, minutes } = localTime(timeZone, new Date(at).toISOString());
  const two = (n: number) => String(n).padStart(2, '0');
  return { 'back-day': day, 'back-time': `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` };
}

const NAMES: Record<string, string> = { reason: 'reasonKey', 'back-day': 'callAgainAt' };
const asSent = (errors: FieldErrors): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([field, message]) => [NAMES[field] ?? field, message]));

export function callJson(row: WinbackCall): z.input<typeof callSchema> {
  const outcome = callSchema.shape.outcome.parse(row.outcome);
  return {
    id: row.id,
    caseId: row.case_id,
    customerId: row.customer_id,
    at: row.at,
    accountId: row.account_id,
    outcome,
    reasonKey: row.reason_key,
    said: row.said,
    promised: row.promised,
    callAgainAt: row.call_at,
    responseId: row.response_id,
  };
}
