import { formatLongDay, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import { isPossible, LEAST_INSTALMENTS, MOST_INSTALMENTS, RHYTHMS, type Terms } from './plan-rules.ts';
import { moneyIn, proposedTable, type PlanTable } from './plan-table-views.ts';
import { pathOf, type PlanVisit } from './visit.ts';

interface Option {
  value: string;
  text: string;
}

export interface InstalmentsPage {
  back: string;
  action: string;
  show: string;
  chosen: string | undefined;
  form: FormView;
  sum: string;
  counts: Option[];
  rhythms: Option[];
  firsts: Option[];
  table: PlanTable | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/payment-instalments': InstalmentsPage;
  }
}

/** `terms`: what is shown as a table; null before anything was chosen. */
export function instalmentsPage(
  visit: PlanVisit,
  terms: Terms | null,
  { typed = {}, errors }: { typed?: object; errors?: FieldErrors | undefined },
): InstalmentsPage {
  const { t, openMinor, firstDays } = visit;
  const usual = { instalments: '3', rhythm: 'month', firstOn: firstDays[0] ?? '' };
  return {
    back: pathOf(visit),
    action: pathOf(visit, '/instalments'),
    show: `/c/${visit.token}/plan/instalments`,
    chosen: visit.chosen,
    form: formView({ ...usual, ...typed }, errors, t),
    sum: t('payment.instalments.sum', { amount: moneyIn(visit, openMinor) }),
    counts: countsFor(openMinor, t),
    rhythms: RHYTHMS.map((value) => ({ value, text: t(`payment.rhythm.${value}`) })),
    firsts: firstDays.map((value) => ({ value, text: formatLongDay(value, t.language) })),
    table: terms && proposedTable(terms, visit),
  };
}

function countsFor(totalMinor: number, t: Translate): Option[] {
  const counts = Array.from({ length: MOST_INSTALMENTS - LEAST_INSTALMENTS + 1 }, (_, i) => LEAST_INSTALMENTS + i);
  return counts
    .filter((instalments) => isPossible({ totalMinor, instalments }))
    .map((count) => ({ value: String(count), text: t('payment.instalments.count', { count }) }));
}
