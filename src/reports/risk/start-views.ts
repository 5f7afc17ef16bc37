import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay, languageName } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
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
  rows: {
    name: string;
    href: string;
    telephone: string;
    language: string;
    worth: string;
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

export interface CallsFacts {
  customers: Customer[];
  risks: Map<string, AtRisk>;
  /** Why nobody calls them; null where nothing speaks against it. */
  against: Map<string, string | null>;
  colleagues: { id: string; name: string }[];
  today: string;
}

export function callsPage({ customers, risks, against, colleagues, today }: CallsFacts, staff: Staff): CallsPage {
  const { t, language, currency } = staff;
  const able = customers.filter(({ id }) => (against.get(id) ?? null) === null);
  const unable = customers.filter(({ id }) => (against.get(id) ?? null) !== null);
  return {
    lead: t(able.length === 0 ? 'risk.calls.nobody' : 'risk.calls.lead', { count: able.length }),
    rows: able.map((each) => ({
      name: displayName(each),
      href: `/customers/${each.id}`,
      telephone: each.telephone,
      language: languageName(each.language),
      worth: formatMoneyWhole(each.worthMinor, currency, language),
      knows: colleagues.find(({ id }) => id === each.contactAccountId)?.name ?? '',
      reasons: (risks.get(each.id)?.reasons ?? []).map((reason) => reasonWords(reason, today, t)),
    })),
    leftOut: unable.map((each) => ({
      name: displayName(each),
      href: `/customers/${each.id}`,
      why: t(`telephone.why.${against.get(each.id) ?? ''}`),
    })),
  };
}

export interface CalmsFacts {
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
