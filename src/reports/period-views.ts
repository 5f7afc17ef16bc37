import { z } from 'zod';
import { formatDay, type Translate } from '../i18n/index.ts';
import { isPlainDate } from '../shared/dates.ts';
import type { FilterForm } from './filter-views.ts';
import { isTwelveMonths, PERIODS, type Period, type PeriodName } from './rules.ts';

interface PeriodQuery {
  period?: PeriodName | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const day = z
  .string()
  .optional()
  .catch(undefined)
  .transform((text) => (text && isPlainDate(text) ? text : undefined));

/** What nobody could have chosen is left out, not refused: the page says what it shows. */
export const periodFields = { period: z.enum(PERIODS).optional().catch(undefined), from: day, to: day };

/** Days that were typed are a period of their own. */
export function chosenPeriod<T extends PeriodQuery>(query: T): T {
  return query.from || query.to ? { ...query, period: 'custom' as const } : query;
}

export function periodForm(
  action: string,
  query: PeriodQuery,
  others: Record<string, string | undefined>,
  t: Translate,
): FilterForm {
  const chosen = query.period ?? '12m';
  const hidden = Object.entries(others).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  const options = PERIODS.map((value) => ({ value, text: t(`reports.period.${value}`), selected: value === chosen }));
  return {
    action,
    selects: [{ name: 'period', label: t('reports.filter.period'), options }],
    from: query.from ?? '',
    to: query.to ?? '',
    clear: query.period || query.from || query.to ? action : null,
    hidden,
  };
}

/** Which of three ways to speak of a period fits, with its days in words. */
export function periodWords({ from, to }: Period, t: Translate): { kind: string; from: string; to: string } {
  const kind = isTwelveMonths({ from, to }) ? 'twelve' : from.startsWith('0001') ? 'all' : 'between';
  return { kind, from: formatDay(from, t.language), to: formatDay(to, t.language) };
}
