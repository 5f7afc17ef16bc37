import { z } from 'zod';
import {
  DELIVERIES,
  PROGRESSES,
  settlesAt,
  waveInputSchema,
  type Invitations,
  type WaveStatus,
} from '../invitations/index.ts';
import { Invalid } from '../shared/errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const waveSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  state: z.enum(['draft', 'starting', 'sending', 'paused', 'stopped', 'finished']),
  programmeId: z.uuid(),
  versionId: z.uuid(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  holdUntil: z.string().nullable(),
  stoppedAt: z.string().nullable(),
  expiresDays: z.int(),
  reminderDays: z.array(z.int()),
  /** Before that answers are still coming in, and completed / delivered says how many so far; null for a draft. */
  settlesAt: z.string().nullable(),
  /**
   * sent + waiting + withheld + skipped + failed + cancelled + unknown = recipients; bounced is part of sent,
   * reached of bounced; delivered = sent - bounced + reached.
   */
  accounts: z.object({
    recipients: z.int(),
    sent: z.int(),
    bounced: z.int(),
    reached: z.int(),
    waiting: z.int(),
    withheld: z.int(),
    skipped: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    unknown: z.int(),
    delivered: z.int(),
    started: z.int(),
    completed: z.int(),
    optedOut: z.int(),
  }),
});

const invitationSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  language: z.string(),
  delivery: z.enum(DELIVERIES),
  skipReason: z.string().nullable(),
  skipUntil: z.string().nullable(),
  progress: z.enum(['none', ...PROGRESSES]),
  bouncedAt: z.string().nullable(),
  reachedAt: z.string().nullable(),
  sentAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  expiresAt: z.string(),
});

/** Waves and their invitations. */
export function waveOperations(invitations: Invitations): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/waves',
      summary: 'Make a wave, which is not sent before it is started',
      role: 'staff',
      body: waveInputSchema,
      response: waveSchema,
      status: 201,
      async run({ body }, { actor }) {
        const made = await invitations.createWave(actor, body);
        if (!made.ok) throw new Invalid(made.errors);
        return asJson(await invitations.waveStatus(made.value.id));
      },
    }),
    operation({
      method: 'get',
      path: '/waves',
      summary: 'List waves, the newest first',
      role: 'staff',
      query: z.object(paging),
      response: listOf(waveSchema),
      async run({ query }) {
        const { rows, next } = await invitations.listWaves(query.cursor ?? null, query.limit);
        return { items: rows.map(asJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/waves/{id}',
      summary: 'One wave, every recipient accounted for',
      role: 'staff',
      params: idParams,
      response: waveSchema,
      run: async ({ params }) => asJson(await invitations.waveStatus(params.id)),
    }),
    operation({
      method: 'post',
      path: '/waves/{id}/start',
      summary: 'Start a wave; until the hold is over it can be stopped before anything leaves',
      role: 'staff',
      params: idParams,
      body: z.object({ holdMinutes: z.int().min(0).max(1440).optional() }),
      response: waveSchema,
      async run({ params, body }, { actor }) {
        await invitations.startWave(actor, params.id, body);
        return asJson(await invitations.waveStatus(params.id));
      },
    }),
    operation({
      method: 'post',
      path: '/waves/{id}/stop',
      summary: 'Stop a wave: what has not left yet never will',
      role: 'staff',
      params: idParams,
      response: waveSchema,
      async run({ params }, { actor }) {
        await invitations.stopWave(actor, params.id);
        return asJson(await invitations.waveStatus(params.id));
      },
    }),
    operation({
      method: 'post',
      path: '/waves/{id}/pause',
      summary: 'Pause a wave: nothing more is taken up until somebody resumes it',
      role: 'staff',
      params: idParams,
      response: waveSchema,
      async run({ params }, { actor }) {
        await invitations.pauseWave(actor, params.id);
        return asJson(await invitations.waveStatus(params.id));
      },
    }),
    operation({
      method: 'post',
      path: '/waves/{id}/resume',
      summary: 'Resume a paused wave; links that ran out before they were sent are valid anew',
      role: 'staff',
      params: idParams,
      response: waveSchema,
      async run({ params }, { actor }) {
        await invitations.resumeWave(actor, params.id);
        return asJson(await invitations.waveStatus(params.id));
      },
    }),
    operation({
      method: 'get',
      path: '/waves/{id}/invitations',
      summary: 'The recipients of a wave',
      role: 'staff',
      params: idParams,
      query: z.object({ ...paging, delivery: z.enum(DELIVERIES).optional(), progress: z.enum(PROGRESSES).optional() }),
      response: listOf(invitationSchema),
      async run({ params, query }) {
        const { cursor, limit, ...filter } = query;
        await invitations.getWave(params.id);
        const { rows, next } = await invitations.listInvitations(params.id, filter, cursor ?? null, limit);
        return { items: rows, next };
      },
    }),
    operation({
      method: 'post',
      path: '/invitations/{id}/link',
      summary: "A recipient's personal link, to hand over by another way; asking for it is logged",
      role: 'manager',
      params: idParams,
      response: z.object({ url: z.string() }),
      run: async ({ params }, { actor }) => ({ url: await invitations.handOverLink(actor, params.id) }),
    }),
  ];
}

function asJson({ wave, accounts }: Pick<WaveStatus, 'wave' | 'accounts'>): z.input<typeof waveSchema> {
  return {
    ...wave,
    settlesAt: settlesAt(wave),
    accounts: { ...accounts, waiting: accounts.queued + accounts.sending },
  };
}
