import type { z } from 'zod';
import { chosenPeriod } from '../period-views.ts';
import { leavingQuerySchema } from '../routes.ts';
import type { SatisfactionQuery } from './report.ts';

/** A filter that nobody could have chosen is left out, not refused: the page says what it shows. */
export const satisfactionQuerySchema = leavingQuerySchema.pick({
  period: true,
  from: true,
  to: true,
  segment: true,
  country: true,
  language: true,
  compare: true,
});

/** Days that were typed are a period of their own. */
export function satisfactionQuery(fields: unknown): SatisfactionQuery {
  const query: z.infer<typeof satisfactionQuerySchema> = satisfactionQuerySchema.parse(fields ?? {});
  return chosenPeriod(query);
}
