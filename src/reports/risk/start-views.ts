import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay, languageName } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { againstWords } from './calls/queue-views.ts';
import type { Screened } from './calls/call.ts';
import type { AtRisk } from './reading.ts';
import type { CalmRow } from './risk-store.ts';
import { viewsOf, type RiskViews } from './views.ts';
import { reasonWords, type SaidReason } from './words.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';

/** What is typed once for all chosen customers. */
export interface Asking {
  lead: string;
  form: FormView;
  /** Their ids. */
  customers: string;
  names: { name: string; href: string }[];
  more: string;
}

export type CalmForm = Asking & { least: string };

export interface WaveForm extends Asking {
  questionnaires: { value: string; text: string }[];
}

export interface CallsPage {
  lead: string;
  /** What the button says; '' where nobody can be called. */
  begin: string;
  /** Their ids. */
  customers: string;
  rows: {
    name: string;
    href: string;
    telephone: string;
    language: string;
    atRisk: string;
    knows: string;
    reasons: SaidReason[];
  }[];
  leftOut: { name: string; href: string; why: string }[];
}

export interface CalmList extends ReportTabs {
  lead: string;
  views: RiskViews;
  rows: { id: string; name: string; href: string; until: string; why: string; who: string }[];
  more: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/risk-calm': CalmForm;
    'reports/risk-wave': WaveForm;
    'reports/risk-chosen': Asking;
    'reports/risk-calls': CallsPage;
    'reports/risk-calms': CalmList;
  }
}

const MOST_NAMED = 10;

interface Chosen {
  customers: Customer[];
  typed: unknown;
  errors?: FieldErrors | undefined;
}

function asking(lead: string, { customers, typed, errors }: Chosen, { t }: Staff): Asking {
  const rest = customers.length - MOST_NAMED;
  return {
    lead: t(customers.length === 0 ? 'risk.chosen.nobody' : lead, { count: customers.length }),
    form: formView(typed, errors, t),
    customers: customers.map(({ id }) => id).join(' '),
    names: customers.slice(0, MOST_NAMED).map((each) => ({ name: displayName(each), href: `/customers/${each.id}` })),
    more: rest > 0 ? t('caselist.more', { count: rest }) : '',
  };
}

export function calmForm(chosen: Chosen & { today: string }, staff: Staff): CalmForm {
  return { ...asking('risk.calm.lead', chosen, staff), least: chosen.today };
}

export function waveForm(chosen: Chosen & { questionnaires: { id: string; name: string }[] }, staff: Staff): WaveForm {
  const { t } = staff;
  const options = chosen.questionnaires.map(({ id, name }) => ({ value: id, text: nameInWords(name, t) }));
  return { ...asking('risk.wave.lead', chosen, staff), questionnaires: options };
}

interface CallsFacts extends Screened {
  risks: Map<string, AtRisk>;
  colleagues: { id: string; name: string }[];
  today: string;
}

/** Who is going to be called, and why the others are not: before anything is begun. */
export function callsPage({ able, leftOut, risks, colleagues, today }: CallsFacts, staff: Staff): CallsPage {
  const { t, language, currency } = staff;
  const money = (id: string) => risks.get(id)?.worthAtRiskMinor ?? 0;
  return {
    lead: t(able.length === 0 ? 'risk.calls.nobody' : 'risk.calls.lead', { count: able.length }),
    begin: able.length === 0 ? '' : t('risk.calls.begin', { count: able.length }),
    customers: able.map(({ id }) => id).join(' '),
    rows: able
      .toSorted((a, b) => money(b.id) - money(a.id))
      .map((each) => ({
        name: displayName(each),
        href: `/customers/${each.id}`,
        telephone: each.telephone,
        language: languageName(each.language),
        atRisk: formatMoneyWhole(money(each.id), currency, language),
        knows: colleagues.find(({ id }) => id === each.contactAccountId)?.name ?? '',
        reasons: (risks.get(each.id)?.reasons ?? []).map((reason) => reasonWords(reason, today, t)),
      })),
    leftOut: leftOut.map(({ customer, against }) => ({
      name: displayName(customer),
      href: `/customers/${customer.id}`,
      why: againstWords(against, staff),
    })),
  };
}

interface CalmsFacts {
  rows: CalmRow[];
  next: string | null;
  people: Map<string, Customer>;
  colleagues: { id: string; name: string }[];
}

export function calmList({ rows, next, people, colleagues }: CalmsFacts, staff: Staff): CalmList {
  const { t, language } = staff;
  return {
    ...reportTabs('/risk', staff),
    lead: t(rows.length === 0 ? 'risk.calms.none' : 'risk.calms.lead'),
    views: viewsOf('/risk/calm', staff),
    rows: rows.flatMap((row) => {
      const customer = people.get(row.customer_id);
      if (!customer || customer.erasedAt !== null) return [];
      return {
        id: row.id,
        name: displayName(customer),
        href: `/customers/${customer.id}`,
        until: formatDay(row.until_on, language),
        why: row.why,
        who: colleagues.find(({ id }) => id === row.set_by)?.name ?? '',
      };
    }),
    more: next === null ? null : `/risk/calm?after=${encodeURIComponent(next)}`,
  };
}
