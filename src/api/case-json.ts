import { z } from 'zod';
import type { Recovery, RecoveryCase } from '../recovery/index.ts';

export const kind = z.enum(['complaint', 'win_back', 'payment_difficulty', 'return']);

export const caseSchema = z.object({
  id: z.uuid(),
  number: z.int(),
  kind,
  state: z.enum(['open', 'in_progress', 'closed', 'reopened']),
  customerId: z.uuid().nullable(),
  origin: z.string(),
  summary: z.string(),
  /** Word for word. */
  words: z.string(),
  language: z.string(),
  ownerId: z.uuid().nullable(),
  urgent: z.boolean(),
  /** Minor units a year. */
  worth: z.int(),
  openedAt: z.string(),
  /** 1, and one more each time it was reopened. */
  round: z.int(),
  nextStep: z.string().nullable(),
  nextDueAt: z.string().nullable(),
  /** Out of sight until then. */
  snoozedUntil: z.string().nullable(),
  closedAt: z.string().nullable(),
  rootCause: z.string(),
  action: z.string(),
  outcome: z.string(),
  /** What the customer said when asked: that it is settled, or nothing in the time they had. */
  settled: z.enum(['yes', 'silent']).nullable(),
  mergedIntoId: z.uuid().nullable(),
});

export const wholeSchema = caseSchema.extend({
  tags: z.array(z.string()),
  steps: z.array(
    z.object({
      step: z.string(),
      state: z.enum(['open', 'done', 'skipped']),
      dueAt: z.string(),
      at: z.string().nullable(),
    }),
  ),
});

const words = z
  .string()
  .max(5000)
  .transform((text) => text.replaceAll('\0', '').trim());
/** Words that somebody said or wrote. */
export const said = words.pipe(z.string().min(1));

/** The schema picks the fields that are for callers. */
export function caseJson(theCase: RecoveryCase): z.input<typeof caseSchema> {
  return theCase;
}

/** How a case stands, with the steps of its round. */
export function wholeCases({ cases, caseLists }: Pick<Recovery, 'cases' | 'caseLists'>) {
  return async (id: string): Promise<z.input<typeof wholeSchema>> => {
    const theCase = await cases.get(id);
    const steps = await caseLists.steps(theCase);
    return {
      ...caseJson(theCase),
      tags: await caseLists.tags(id),
      steps: steps.map(({ step, state, due_at: dueAt, at }) => ({ step, state, dueAt, at })),
    };
  };
}
