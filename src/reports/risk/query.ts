import { z } from 'zod';
import { isId } from '../../shared/ids.ts';
import { KINDS } from './rules.ts';
import type { RiskFilter } from './risk-store.ts';

const text = z.string().max(60).catch('');

/** The filters of the list, as they stand in an address; what nobody could have meant limits nothing. */
const riskQuerySchema = z.object({
  reason: z.enum(['', ...KINDS]).catch(''),
  segment: text,
  contact: z
    .string()
    .catch('')
    .transform((value) => (isId(value) ? value : '')),
});
export type RiskQuery = z.infer<typeof riskQuerySchema>;

export function readRiskQuery(query: unknown): RiskQuery {
  return riskQuerySchema.parse(query ?? {});
}

export function filterOf({ reason, segment, contact }: RiskQuery): RiskFilter {
  return {
    kind: reason === '' ? undefined : reason,
    segment: segment === '' ? undefined : segment,
    contact: contact === '' ? undefined : contact,
  };
}

export function addressOf(path: string, query: RiskQuery, more: Record<string, string> = {}): string {
  const given = Object.entries({ ...query, ...more }).filter(([, value]) => value !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
