import { z } from 'zod';
import { EVENT_KINDS, type EventKind } from './events.ts';

const isKind = (value: string): value is EventKind => EVENT_KINDS.some((each) => each === value);

export const endpointForm = z.object({
  url: z.string('webhooks.url.invalid').trim(),
  events: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((value) => [value].flat().filter(isKind)),
});

const seen = z.coerce.number('form.invalid').int().min(1).max(1_000_000);
export const changeForm = endpointForm.extend({ seen });
export const seenForm = z.object({ seen });
export const turnForm = seenForm.extend({ state: z.enum(['on', 'off']) });
