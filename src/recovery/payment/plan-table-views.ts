import { formatDay } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import type { WholePlan } from './plan-interface.ts';
import { instalmentsOf, type Instalment, type Terms } from './plan-rules.ts';
import type { PlanVisit } from './visit.ts';

export interface PlanTable {
  caption: string;
  rows: { number: string; dueOn: string; amount: string; state: string; mood: '' | 'good' }[];
  total: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/payment-table': PlanTable;
  }
}

export const moneyIn = ({ business, t }: PlanVisit, minor: number) => formatMoney(minor, business.currency, t.language);

/** What a plan of these terms would be. */
export const proposedTable = (terms: Terms, visit: PlanVisit): PlanTable =>
  tableOf(
    terms.totalMinor,
    instalmentsOf(terms).map((each) => ({ ...each, paid: false })),
    visit,
  );

/** A plan as it stands, with what is paid of it. */
export const agreedTable = ({ plan, instalments }: WholePlan, visit: PlanVisit): PlanTable =>
  tableOf(
    plan.total_minor,
    instalments.map(({ number, due_on, amount_minor, paid_on }) => ({
      number,
      dueOn: due_on,
      amountMinor: amount_minor,
      paid: paid_on !== null,
    })),
    visit,
  );

function tableOf(totalMinor: number, instalments: (Instalment & { paid: boolean })[], visit: PlanVisit): PlanTable {
  const { t } = visit;
  return {
    caption: t('payment.plan.caption', { count: instalments.length }),
    rows: instalments.map(({ number, dueOn, amountMinor, paid }) => ({
      number: String(number),
      dueOn: formatDay(dueOn, t.language),
      amount: moneyIn(visit, amountMinor),
      state: paid ? t('payment.plan.paid') : '',
      mood: paid ? 'good' : '',
    })),
    total: moneyIn(visit, totalMinor),
  };
}
