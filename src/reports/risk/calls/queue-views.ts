import type { Company } from '../../../accounts/index.ts';
import { displayName } from '../../../customers/index.ts';
import { formatDay, formatMoment, languageName } from '../../../i18n/index.ts';
import { formatMoneyWhole } from '../../../shared/money.ts';
import { dayIn } from '../../../shared/dates.ts';
import { busyWords, mayRing, nextCall } from '../../../telephone/index.ts';
import type { Staff } from '../../../web/index.ts';
import { reportTabs, type ReportTabs } from '../../tabs.ts';
import { readReasons } from '../reasons.ts';
import { viewsOf, type RiskViews } from '../views.ts';
import { reasonWords } from '../words.ts';
import type { Against } from './rules.ts';
import type { CallQueue, CallRow } from './call.ts';

export interface QueueLine {
  name: string;
  /** The call's sheet. */
  href: string;
  about: string;
  reasons: string[];
  atRisk: string;
  when: string;
  /** Who is calling, or why nobody calls them; '' where they can be called. */
  busy: string;
  against: string;
  claim: string | null;
}

export interface QueuePage extends ReportTabs {
  lead: string;
  views: RiskViews;
  times: { href: string; text: string; current: boolean }[];
  due: QueueLine[];
  rows: QueueLine[];
  none: string;
  more: string | null;
}

declare module '../../../web/render.ts' {
  interface Templates {
    'reports/risk-queue': QueuePage;
    'reports/risk-queue-line': QueueLine;
  }
}

interface QueueFacts {
  queue: CallQueue;
  view: 'now' | 'later';
  company: Company;
  colleagues: { id: string; name: string }[];
  now: string;
}

export function queuePage(facts: QueueFacts, staff: Staff): QueuePage {
  const { queue, view } = facts;
  const { t } = staff;
  const line = (row: CallRow) => lineOf(row, facts, staff);
  return {
    ...reportTabs('/risk', staff),
    lead: t('risk.queue.lead'),
    views: viewsOf('/risk/calls', staff),
    times: (['now', 'later'] as const).map((each) => ({
      href: each === 'now' ? '/risk/calls' : '/risk/calls?view=later',
      text: t(`telephone.view.${each}`),
      current: each === view,
    })),
    due: queue.due.map(line),
    rows: queue.rows.map(line),
    none: queue.due.length > 0 ? '' : t(`risk.queue.none.${view}`),
    more: queue.next === null ? null : `/risk/calls?view=${view}&after=${encodeURIComponent(queue.next)}`,
  };
}

function lineOf(row: CallRow, facts: QueueFacts, staff: Staff): QueueLine {
  const { queue, company, colleagues, now } = facts;
  const { t, language, currency, timeZone, id: me } = staff;
  const customer = queue.people.get(row.customer_id);
  const against = queue.against.get(row.customer_id);
  const busy = busyWords(row, { colleagues, me, now, timeZone, t });
  const today = dayIn(timeZone, new Date(now));
  return {
    name: customer ? displayName(customer) : t('telephone.somebody'),
    href: `/risk/calls/${row.id}`,
    about: customer ? [customer.telephone, languageName(customer.language)].filter(Boolean).join(', ') : '',
    reasons: readReasons(row.reasons).map((reason) => reasonWords(reason, today, t).text),
    atRisk: formatMoneyWhole(row.worth_at_risk_minor, currency, language),
    when: whenWords(row, facts, staff),
    busy,
    against: against ? againstWords(against, staff) : '',
    claim: busy || against || !mayRing(row, company, now) ? null : `/risk/calls/${row.id}/claim`,
  };
}

/** Why nobody calls them, and until when. */
export function againstWords(
  { why, until }: Against,
  { t, language, timeZone }: Pick<Staff, 't' | 'language' | 'timeZone'>,
): string {
  const said = t(`telephone.why.${why}`);
  if (until === null) return said;
  return t('risk.call.until', { why: said, day: formatDay(dayIn(timeZone, new Date(until)), language) });
}

/** When they were promised a call, how often it was tried, and from when it is a good time. */
export function whenWords(row: CallRow, { company, now }: Pick<QueueFacts, 'company' | 'now'>, staff: Staff): string {
  const { t, language, timeZone } = staff;
  const moment = (at: string) => formatMoment(at, language, timeZone);
  const parts = [
    row.appointment === 1 ? t('telephone.promised', { at: moment(row.not_before) }) : '',
    row.tries > 0 ? t('telephone.tries', { count: row.tries }) : '',
  ];
  const waits = row.not_before > now || !mayRing(row, company, now);
  if (row.appointment === 0 && waits) {
    const from = row.not_before > now ? row.not_before : now;
    const next = nextCall({ timeZone: row.time_zone, country: row.country }, company, from);
    if (next !== null) parts.push(t('telephone.from', { at: moment(next) }));
  }
  return parts.filter(Boolean).join(', ');
}
