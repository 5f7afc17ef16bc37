import { z } from 'zod';
import {
  MOMENTS,
  scheduleInputSchema,
  type Invitations,
  type ListedSchedule,
  type SendingRules,
} from '../invitations/index.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { idParams, listOf, operation, type Operation } from './operation.ts';

const scheduleSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  moment: z.enum(MOMENTS),
  questionnaireId: z.uuid(),
  senderAccountId: z.uuid(),
  state: z.enum(['on', 'paused']),
  everyMonths: z.int().nullable(),
  parts: z.int().nullable(),
  days: z.int().nullable(),
  dealingKinds: z.array(z.string()),
  atMinutes: z.int(),
  startOn: z.string(),
  expiresDays: z.int(),
  reminderDays: z.array(z.int()),
  /** Null while it is paused, and where nothing is due in sight. */
  nextRunAt: z.string().nullable(),
  /** The newest first. `asks`: why a person has to decide. */
  lastRuns: z.array(z.object({ id: z.uuid(), day: z.string(), state: z.string(), asks: z.string().nullable() })),
});

const rulesSchema = z.object({
  /** Days from one sequence to the next; `changedAt` is null where nobody has set them. */
  contactBudget: z.object({ days: z.int(), changedAt: z.string().nullable() }),
  holdouts: z.array(
    z.object({
      programmeId: z.uuid(),
      programme: z.string(),
      /** In percent; 0 is off. */
      share: z.int(),
      drawn: z.int(),
      heldOut: z.int(),
    }),
  ),
});

/** Waves that come back by themselves, and the rules that hold for all sending. */
export function scheduleOperations(invitations: Invitations): Operation[] {
  const one = async (id: string) => {
    const found = (await invitations.listSchedules()).find(({ schedule }) => schedule.id === id);
    if (!found) throw new NotFound();
    return asJson(found);
  };
  return [
    operation({
      method: 'post',
      path: '/schedules',
      summary: 'Make a wave that comes back by itself; it is on at once',
      role: 'staff',
      body: scheduleInputSchema,
      response: scheduleSchema,
      status: 201,
      async run({ body }, { actor }) {
        const made = await invitations.createSchedule(actor, body);
        if (!made.ok) throw new Invalid(made.errors);
        return await one(made.value.id);
      },
    }),
    operation({
      method: 'get',
      path: '/schedules',
      summary: 'List the waves that come back by themselves, the oldest first',
      role: 'staff',
      response: listOf(scheduleSchema),
      run: async () => ({ items: (await invitations.listSchedules()).map(asJson), next: null }),
    }),
    operation({
      method: 'get',
      path: '/schedules/{id}',
      summary: 'One of them, with its last runs',
      role: 'staff',
      params: idParams,
      response: scheduleSchema,
      run: async ({ params }) => await one(params.id),
    }),
    ...(['pause', 'resume'] as const).map((verb) =>
      operation({
        method: 'post',
        path: `/schedules/{id}/${verb}`,
        summary: verb === 'pause' ? 'Pause it' : 'Resume it; days that passed meanwhile stay passed',
        role: 'staff',
        params: idParams,
        response: scheduleSchema,
        async run({ params }, { actor }) {
          await one(params.id);
          await (verb === 'pause' ? invitations.pauseSchedule : invitations.resumeSchedule)(actor, params.id);
          return await one(params.id);
        },
      }),
    ),
    operation({
      method: 'get',
      path: '/sending-rules',
      summary: 'The contact budget, and how many are held out of which programme to compare with',
      role: 'staff',
      response: rulesSchema,
      run: async () => rulesOf(await invitations.sendingRules()),
    }),
  ];
}

function asJson({ schedule, next, last }: ListedSchedule): z.input<typeof scheduleSchema> {
  return {
    ...schedule,
    nextRunAt: next === '' ? null : next,
    lastRuns: last.map(({ id, run_on, state, asks }) => ({ id, day: run_on, state, asks })),
  };
}

function rulesOf({ budget, programmes }: SendingRules): z.input<typeof rulesSchema> {
  return {
    contactBudget: { days: budget.days, changedAt: budget.changed?.changed_at ?? null },
    holdouts: programmes.map(({ id, name, holdout: { share, drawn, heldOut } }) => ({
      programmeId: id,
      programme: name,
      share,
      drawn,
      heldOut,
    })),
  };
}
