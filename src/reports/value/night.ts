import { z } from 'zod';
import type { Db } from '../../storage/index.ts';
import { factsSchema, type Facts } from './facts.ts';
import { REASONS, type Reason } from './method-rules.ts';
import { latestModel } from './value-store.ts';

const error = z.number().nullable();

const parametersSchema = z
  .object({
    buying: z.object({
      r: z.number(),
      alpha: z.number(),
      a: z.number(),
      b: z.number(),
      standardErrors: z.object({ r: error, alpha: error, a: error, b: error }),
      logLikelihood: z.number(),
    }),
    spending: z.object({
      p: z.number(),
      q: z.number(),
      gamma: z.number(),
      standardErrors: z.object({ p: error, q: error, gamma: error }),
      logLikelihood: z.number(),
    }),
    fitSeconds: z.number(),
  })
  .nullable();

/** What the last night found. */
export interface Night {
  fittedAt: string;
  method: 'model' | 'formula';
  reason: Reason | null;
  parameters: z.infer<typeof parametersSchema>;
  facts: Facts;
}

/** Null until the first night. */
export async function lastNight(db: Db): Promise<Night | null> {
  const found = await latestModel(db);
  if (!found) return null;
  return {
    fittedAt: found.fitted_at,
    method: found.method,
    reason: REASONS.find((each) => each === found.reason) ?? null,
    parameters: parametersSchema.parse(JSON.parse(found.parameters)),
    facts: factsSchema.parse(JSON.parse(found.facts)),
  };
}
