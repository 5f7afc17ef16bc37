import { z } from 'zod';
import type { Recovery } from '../recovery/index.ts';
import type { Insight } from '../reports/index.ts';
import type { Telephone } from '../telephone/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const view = z.enum(['now', 'later']).default('now');
const query = z.object({ view, cursor: paging.cursor });

const callFields = {
  customerId: z.uuid(),
  worthMinor: z.int(),
  /** They were promised a call at that time. */
  appointment: z.boolean(),
  /** Not to be called before; '' at any time. */
  notBefore: z.string(),
  tries: z.int(),
  /** A colleague is on the telephone with them until then; null where nobody is. */
  claimedUntil: z.string().nullable(),
};

const waveCallSchema = z.object({ invitationId: z.uuid(), ...callFields });
const riskCallSchema = z.object({ id: z.uuid(), ...callFields, worthAtRiskMinor: z.int() });

const leaverSchema = z.object({
  customerId: z.uuid(),
  caseId: z.uuid().nullable(),
  standing: z.string(),
  /** The chance to win them back, in hundredths, by a plain rule. */
  chance: z.number(),
  worthMinor: z.int(),
  leftOn: z.string(),
  /** '' where it is not known. */
  reasonKey: z.string(),
  /** They were promised a call then. */
  callAt: z.string().nullable(),
});

interface CallRow {
  customer_id: string;
  worth_minor: number;
  appointment: number;
  not_before: string;
  tries: number;
  claimed_until: string | null;
}

const callOf = (row: CallRow) => ({
  customerId: row.customer_id,
  worthMinor: Number(row.worth_minor),
  appointment: row.appointment === 1,
  notBefore: row.not_before,
  tries: row.tries,
  claimedUntil: row.claimed_until,
});

interface Deps {
  telephone: Pick<Telephone, 'list'>;
  insight: Pick<Insight, 'risk'>;
  recovery: Pick<Recovery, 'winback'>;
}

/** Who is to be called; calls themselves are held by colleagues, under their own names. */
export function callOperations({ telephone, insight, recovery }: Deps): Operation[] {
  const { calls } = insight.risk;
  return [
    operation({
      method: 'get',
      path: '/winback',
      summary: 'Who could be won back, the most promising and valuable first',
      role: 'staff',
      query: z.object({ view: z.enum(['case', 'free', 'later']).default('free'), cursor: paging.cursor }),
      response: listOf(leaverSchema),
      async run({ query: { view, cursor } }) {
        const { due, rows, next } = await recovery.winback.queue(view, cursor ?? null);
        const items = [...due, ...rows].map((row) => ({
          customerId: row.customer_id,
          caseId: row.case_id,
          standing: row.standing,
          chance: row.chance,
          worthMinor: Number(row.worth_minor),
          leftOn: row.left_on,
          reasonKey: row.reason_key,
          callAt: row.call_at,
        }));
        return { items, next };
      },
    }),
    operation({
      method: 'get',
      path: '/waves/{id}/calls',
      summary: 'Whom a wave asks by telephone, promised calls that are due first, then the most valuable',
      role: 'staff',
      params: idParams,
      query,
      response: listOf(waveCallSchema),
      async run({ params, query: { view, cursor } }) {
        const { appointments, rows, next } = await telephone.list(params.id, view, cursor ?? null);
        const items = [...appointments, ...rows].map((row) => ({ invitationId: row.invitation_id, ...callOf(row) }));
        return { items, next };
      },
    }),
    operation({
      method: 'get',
      path: '/reports/risk/calls',
      summary: 'Customers at risk who are to be called, promised calls that are due first, then the most money at risk',
      role: 'staff',
      query,
      response: listOf(riskCallSchema),
      async run({ query: { view, cursor } }) {
        const { due, rows, next } = await calls.queue(view, cursor ?? null);
        const items = [...due, ...rows].map((row) => ({
          id: row.id,
          ...callOf(row),
          worthAtRiskMinor: Number(row.worth_at_risk_minor),
        }));
        return { items, next };
      },
    }),
  ];
}
