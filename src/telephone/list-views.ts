import type { Company } from '../accounts/index.ts';
import { displayName } from '../customers/index.ts';
import { formatDay, formatMoment, languageName, type Translate } from '../i18n/index.ts';
import type { Wave } from '../invitations/index.ts';
import { formatMoney } from '../shared/money.ts';
import { mayRing, nextCall } from './rules.ts';
import type { CallList, CallRow } from './service.ts';

export interface CallsPage {
  wave: string;
  back: string;
  prepare: string;
  views: { href: string; text: string; current: boolean }[];
  appointments: CallLine[];
  rows: CallLine[];
  none: string;
  next: string | null;
}

export interface CallLine {
  name: string;
  href: string;
  telephone: string;
  basis: string;
  worth: string;
  language: string;
  when: string;
  /** 'Anna has been calling since 10:02'; empty where nobody is. */
  busy: string;
  /** Null where a colleague has the call. */
  claim: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'telephone/calls': CallsPage;
    'telephone/line': CallLine;
  }
}

interface CallsFacts {
  wave: Wave;
  view: 'now' | 'later';
  list: CallList;
  company: Company;
  colleagues: { id: string; name: string }[];
  me: string;
  now: string;
  timeZone: string;
  t: Translate;
}

export function callsPage(facts: CallsFacts): CallsPage {
  const { wave, view, list, t } = facts;
  const at = `/waves/${wave.id}/calls`;
  return {
    wave: wave.name,
    back: `/waves/${wave.id}`,
    prepare: at,
    views: (['now', 'later'] as const).map((each) => ({
      href: each === 'now' ? at : `${at}?view=later`,
      text: t(`telephone.view.${each}`),
      current: each === view,
    })),
    appointments: list.appointments.map((row) => lineOf(row, facts)),
    rows: list.rows.map((row) => lineOf(row, facts)),
    none: t(`telephone.none.${view}`),
    next: list.next === null ? null : `${at}?view=${view}&after=${encodeURIComponent(list.next)}`,
  };
}

function lineOf(row: CallRow, facts: CallsFacts): CallLine {
  const { list, company, t } = facts;
  const customer = list.people.get(row.customer_id);
  const known = customer && customer.erasedAt === null ? customer : undefined;
  const busy = busyWords(row, facts);
  return {
    name: known ? displayName(known) : t('telephone.somebody'),
    href: known ? `/customers/${known.id}` : '',
    telephone: known?.telephone ?? '',
    basis: known?.legalBasisOn
      ? `${t(`customers.basis.${known.legalBasis}`)}, ${formatDay(known.legalBasisOn, t.language)}`
      : '',
    worth: formatMoney(row.worth_minor, company.currency, t.language),
    language: known ? languageName(known.language) : '',
    when: whenWords(row, facts),
    busy,
    claim: busy || !known || !mayRing(row, company, facts.now) ? null : `/calls/${row.invitation_id}/claim`,
  };
}

/** Who has the call; nothing once they have not been heard of for a while. */
export function busyWords(
  { claimed_by, claimed_at, claimed_until }: Pick<CallRow, 'claimed_by' | 'claimed_at' | 'claimed_until'>,
  { colleagues, me, now, timeZone, t }: Pick<CallsFacts, 'colleagues' | 'me' | 'now' | 'timeZone' | 't'>,
): string {
  if (claimed_by === null || claimed_at === null || (claimed_until ?? '') <= now || claimed_by === me) return '';
  const name = colleagues.find(({ id }) => id === claimed_by)?.name ?? t('telephone.somebody');
  return t('telephone.busy', { name, time: timeIn(claimed_at, t.language, timeZone) });
}

export function timeIn(at: string, language: string, timeZone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Date(at).toLocaleTimeString(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
}

function whenWords({ not_before, appointment, tries, time_zone, country }: CallRow, facts: CallsFacts): string {
  const { company, now, timeZone, t, view } = facts;
  const moment = (at: string) => formatMoment(at, t.language, timeZone);
  const parts = [
    appointment === 1 ? t('telephone.promised', { at: moment(not_before) }) : '',
    tries > 0 ? t('telephone.tries', { count: tries }) : '',
  ];
  if (view === 'later' && appointment === 0) {
    const place = { timeZone: time_zone, country };
    const next = nextCall(place, company, not_before > now ? not_before : now);
    if (next !== null) parts.push(t('telephone.from', { at: moment(next) }));
  }
  return parts.filter(Boolean).join(', ');
}
