import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const answerSchema = z.object({
  text: z.string(),
  /** As its author labelled it, by the codes of the codebook of satisfaction. */
  codes: z.array(z.string()),
  /** The scores that it goes with. */
  least: z.number().optional(),
  most: z.number().optional(),
});

const touchpointSchema = z.object({
  name: z.string(),
  days: z.number(),
  answers: z.record(z.string(), z.array(answerSchema)),
});

/** When customers are asked about a delivery, before it, on its way and after it, and what they say. */
export type Touchpoint = z.infer<typeof touchpointSchema>;
export type TouchpointAnswer = z.infer<typeof answerSchema>;

export const MOMENTS = ['before', 'during', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

const PATH = join(import.meta.dirname, '../../data/demo/touchpoints.json');

export function loadTouchpoints(): Record<Moment, Touchpoint> {
  const schema = z.object({ before: touchpointSchema, during: touchpointSchema, after: touchpointSchema });
  return schema.parse(JSON.parse(readFileSync(PATH, 'utf8')));
}
