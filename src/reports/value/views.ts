import { displayName } from '../../customers/index.ts';
import { formatMoment, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Page } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import { addressOf } from '../filter-views.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import { bandsTable, lostTables, type BarTable } from './bar-views.ts';
import { calculatorView, moneyIn, type CalculatorView } from './calculator-views.ts';
import type { Trying } from './calculator.ts';
import { HORIZON_YEARS } from './model.ts';
import type { Night } from './night.ts';
import type { ValueReport } from './report.ts';
import type { ValuableCustomer } from './value-store.ts';

export interface Valuable {
  name: string;
  href: string;
  spend: string;
  lifetime: string;
  alive: string;
}

export interface ValuePage extends ReportTabs {
  lead: string;
  waiting: string | null;
  calculator: CalculatorView;
  tables: BarTable[];
  csv: string;
  valuable: Valuable[];
  method: { lines: string[]; parameters: { name: string; value: string; error: string; meaning: string }[] } | null;
}

export interface ValuableListPage {
  lead: string;
  rows: Valuable[];
  more: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/value': ValuePage;
    'reports/value-customers': ValuableListPage;
    'reports/valuable': { rows: Valuable[] };
  }
}

interface ValueFacts {
  report: ValueReport;
  valuable: ValuableCustomer[];
  typed: Trying;
  errors: FieldErrors;
}

const SHOWN = 10;

export function valuePage({ report, valuable, typed, errors }: ValueFacts, reader: Staff): ValuePage {
  const { t } = reader;
  return {
    ...reportTabs('/value', reader),
    lead: lead(report, t),
    waiting: report.night === null ? t('value.waiting') : null,
    calculator: calculatorView(report, typed, errors, t),
    tables: [...lostTables(report, t), ...bandsTable(report, t)],
    csv: addressOf('/value.csv', typed),
    valuable: valuable.slice(0, SHOWN).map((each) => valuableLine(each, report.currency, t)),
    method: report.night && methodView(report.night, report.currency, reader),
  };
}

function lead({ night, lost, currency }: ValueReport, t: Translate): string {
  const money = moneyIn(currency, t);
  const goneKey = lost.leavers === 0 ? 'nobody' : lost.minor === 0 ? 'notWorth' : 'lost';
  const gone = t(`value.lead.${goneKey}`, { count: lost.leavers, money: money(lost.minor) });
  if (!night || night.facts.active.count === 0) return gone;
  const { count, spendMinor, lifetimeMinor } = night.facts.active;
  return `${t('value.lead.active', { count, spend: money(spendMinor), lifetime: money(lifetimeMinor) })} ${gone}`;
}

function valuableLine(row: ValuableCustomer, currency: string, t: Translate): Valuable {
  const money = moneyIn(currency, t);
  return {
    name: displayName({ ...row, givenName: row.given_name, familyName: row.family_name }),
    href: `/customers/${row.customer_id}`,
    spend: money(row.spend_year_minor),
    lifetime: money(row.lifetime_minor),
    alive: row.alive === null ? t('value.alive.unknown') : formatShare(row.alive, t.language),
  };
}

const PARAMETERS = [
  ['buying', ['r', 'alpha', 'a', 'b']],
  ['spending', ['p', 'q', 'gamma']],
] as const;

function methodView(night: Night, currency: string, { t, timeZone }: Staff): NonNullable<ValuePage['method']> {
  const { facts, parameters } = night;
  const number = (value: number) => formatNumber(value, t.language, { maximumFractionDigits: 3 });
  const errorOf = (value: number | null) => (value === null ? t('value.parameters.most') : number(value));
  const counted = { buyers: facts.buyers, repeaters: facts.repeaters, days: facts.days, years: HORIZON_YEARS };
  const lines = [
    night.method === 'model' ? t('value.method.model', counted) : t(`value.method.${night.reason ?? 'unfit'}`, counted),
    t('value.method.formula', {
      retention: facts.base > 0 ? formatShare(1 - facts.lost / facts.base, t.language, 1) : '',
      lost: facts.lost,
      count: facts.base,
    }),
    t('value.method.sources', facts.sources),
    ...(facts.alive.of > 0
      ? [t('value.method.alive', { expected: Math.round(facts.alive.expected), count: facts.alive.of })]
      : []),
    t('value.method.when', { at: formatMoment(night.fittedAt, t.language, timeZone), currency }),
  ];
  const found = parameters
    ? PARAMETERS.flatMap(([part, names]) =>
        names.map((name) => ({
          name: t(`value.parameter.${name}`),
          value: number((parameters[part] as unknown as Record<string, number>)[name] ?? 0),
          error: errorOf((parameters[part].standardErrors as Record<string, number | null>)[name] ?? null),
          meaning: t(`value.parameter.${name}.means`),
        })),
      )
    : [];
  return { lines, parameters: found };
}

export function valuableList(
  found: Page<ValuableCustomer>,
  paged: boolean,
  currency: string,
  t: Translate,
): ValuableListPage {
  return {
    lead: t('value.customers.lead'),
    rows: found.rows.map((row) => valuableLine(row, currency, t)),
    more: found.next === null ? null : `/value/customers?${new URLSearchParams({ after: found.next }).toString()}`,
    first: paged ? '/value/customers' : null,
  };
}
