import type { Colleague, Company } from '../../accounts/index.ts';
import { formatDay, formatLongMoment, formatMoment, formatShare } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { localTime } from '../../shared/zones.ts';
import { hasRole, spoken, strong, type Spoken, type Staff } from '../../web/index.ts';
import { dueWords } from '../cases/due-words.ts';
import { firstWords } from '../cases/first-words.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { Done } from '../cases/many.ts';
import { NEVER } from '../cases/rules.ts';
import { doneViews, type DoneView } from './done-views.ts';
import type { TodayList } from './reading.ts';
import { VIEWS, type View } from './today-store.ts';

export interface QueueRow {
  id: string;
  href: string;
  name: string;
  due: { text: string; mood: 'late' | '' };
  next: string;
  soft: string;
  kind: { text: string; mood: string };
  tags: string[];
  worth: string;
}

export interface TodayPage {
  heading: string;
  date: string;
  lead: { due: string; late: string; worth: Spoken };
  views: { href: string; text: string; current: boolean }[];
  view: View;
  groups: { heading: string; rows: QueueRow[] }[];
  empty: string;
  more: string | null;
  colleagues: { value: string; text: string }[];
  me: string;
  done: DoneView[];
  confirmed: { text: string; cases: { href: string; name: string }[] } | null;
  /** Who bought again since yesterday. */
  back: TodayPage['confirmed'];
  /** What waits for the reader's decision; none for those who do not decide. */
  undecided: { href: string; name: string }[];
  /** Offers that wait for the reader's approval; null where there are none. */
  offersToDecide: string | null;
  /** Recurring waves that were overdue and wait for a person; null where there are none. */
  runsToDecide: string | null;
  /** Waves with mails of which nobody knows whether they arrived. */
  unknown: { href: string; text: string }[];
  /** Null where there is none. */
  mailToSort: string | null;
  /** Approved answers of the reader's own that are overdue for review; null where there are none. */
  reviews: { href: string; text: string } | null;
  /** Answers that came twice and wait for a choice; null where there are none. */
  twice: string | null;
  recovery: string;
  hours: string;
  away: { lines: { text: string; id: string | null }[]; who: { value: string; text: string }[] };
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/today': TodayPage;
    'recovery/queue-row': QueueRow;
  }
}

interface TodayGiven {
  view: View;
  today: TodayList;
  company: Company;
  colleagues: Colleague[];
  names: Map<string, { name: string; reference: string }>;
  /** Offers that wait for the reader's approval. */
  offersToDecide: number;
  /** Runs of recurring waves that wait for a person. */
  runsToDecide: number;
  unknownOf: { id: string; name: string; count: number }[];
  /** Letters that nobody has sorted yet. */
  toSort: number;
  /** Approved answers of the reader's own that are overdue for review. */
  reviews: number;
  twice: number;
  /** What the reader can take back. */
  done: Done[];
  now: string;
}

export function todayPage(given: TodayGiven, staff: Staff): TodayPage {
  const { view, today, company, colleagues, now } = given;
  const { t, language, timeZone, currency } = staff;
  const { due, late, list, counts, endOfDay } = today;
  const people = colleagues.filter((each) => each.active).map(({ id, name }) => ({ value: id, text: name }));
  const money = (minor: number) => formatMoneyWhole(minor, currency, language);
  return {
    heading: t(`today.hello.${partOfDay(company.timeZone, now)}`, { name: staff.name.split(' ')[0] ?? staff.name }),
    date: formatLongMoment(now, language, timeZone),
    lead: {
      due: due.count === 0 ? t('today.lead.none') : t('today.lead', { count: due.count }),
      late: lateWords(late, due.count, t),
      worth: due.worth > 0 ? spoken(t('today.lead.worth', { amount: strong(money(due.worth)) })) : [],
    },
    views: VIEWS.map((each) => ({
      href: each === 'due' ? '/today' : `/today?view=${each}`,
      // What is coming up stands on the first view as well, but is not due now.
      text: `${t(`today.view.${each}`)} ${each === 'due' ? due.count : counts[each]}`,
      current: each === view,
    })),
    view,
    groups: groupsOf(given, staff, endOfDay),
    empty: list.rows.length === 0 ? t(`today.empty.${view}`) : '',
    more: list.next === null ? null : `/today?view=${view}&after=${encodeURIComponent(list.next)}`,
    colleagues: [{ value: '', text: t('cases.owner.nobody') }, ...people],
    me: staff.id,
    done: doneViews(given.done, colleagues, staff),
    confirmed: newsOf('today.confirmed', today.confirmed, given, staff),
    back: newsOf('today.back', today.back, given, staff),
    undecided: hasRole(staff.role, 'manager') ? linksTo(today.undecided, given, staff, '#remedies') : [],
    offersToDecide: given.offersToDecide === 0 ? null : t('today.offersToDecide', { count: given.offersToDecide }),
    runsToDecide: given.runsToDecide === 0 ? null : t('today.runsToDecide', { count: given.runsToDecide }),
    unknown: given.unknownOf.map(({ id, name, count }) => ({
      href: `/waves/${id}`,
      text: t('today.unknown', { count, wave: name }),
    })),
    mailToSort: given.toSort === 0 ? null : t('today.mailToSort', { count: given.toSort }),
    reviews:
      given.reviews === 0
        ? null
        : { href: '/playbook/answers?view=review', text: t('today.reviews', { count: given.reviews }) },
    twice: given.twice === 0 ? null : t('post.entry.waiting', { count: given.twice }),
    recovery: recoveryOf(today, staff),
    hours: t('today.sorted'),
    away: awayOf(given, staff, people),
  };
}

const lateWords = (late: number, due: number, t: Staff['t']): string =>
  late === 0 ? '' : late === due && due > 1 ? t('today.lead.allLate') : t('today.lead.late', { count: late });

const partOfDay = (timeZone: string, now: string): 'morning' | 'day' | 'evening' => {
  const { minutes } = localTime(timeZone, now);
  return minutes < 11 * 60 ? 'morning' : minutes < 17 * 60 ? 'day' : 'evening';
};

function groupsOf(given: TodayGiven, staff: Staff, endOfDay: string): TodayPage['groups'] {
  const { t } = staff;
  const rows = given.today.list.rows;
  const row = (each: RecoveryCase) => queueRow(each, given, staff);
  if (given.view === 'waiting')
    return rows.length === 0 ? [] : [{ heading: t('today.view.waiting'), rows: rows.map(row) }];
  const [now, later] = [rows.filter((each) => each.lookAt < endOfDay), rows.filter((each) => each.lookAt >= endOfDay)];
  return [
    { heading: t('today.now'), rows: now.map(row) },
    { heading: t('today.later'), rows: later.map(row) },
  ].filter((group) => group.rows.length > 0);
}

const SHOWN_WORDS = 100;
const SHORT_SUMMARY = 20;

function nameOf(theCase: RecoveryCase, names: TodayGiven['names'], staff: Staff): string {
  const { customerId, contact } = theCase;
  if (customerId !== null) return names.get(customerId)?.name ?? staff.t('today.erased');
  return contact.name || contact.email || contact.telephone || staff.t('cases.nobody');
}

function queueRow(theCase: RecoveryCase, given: TodayGiven, staff: Staff): QueueRow {
  const { t, currency, language } = staff;
  const { company, now, today, names } = given;
  const step = theCase.awaiting && theCase.lookAt <= now ? 'look' : theCase.nextStep;
  return {
    id: theCase.id,
    href: `/cases/${theCase.id}`,
    name: nameOf(theCase, names, staff),
    due: theCase.lookAt === NEVER ? { text: t('today.due.open'), mood: '' } : dueWords(company, now, theCase.lookAt, t),
    next: step === null ? '' : t(`today.step.${step}`),
    soft: [firstWords(aboutOf(theCase, today), SHOWN_WORDS), whoOf(theCase, given, staff)].filter(Boolean).join(' · '),
    kind: theCase.urgent
      ? { text: t('cases.urgent'), mood: 'bad' }
      : { text: t(theCase.origin === 'alert' ? 'today.kind.alert' : `cases.kind.${theCase.kind}`), mood: '' },
    // What the customer called not settled is not new.
    tags: [
      ...(theCase.state === 'reopened' ? [t('cases.state.reopened')] : []),
      ...(today.decided.get(theCase.id) ?? []).map((decision) => t(`today.decided.${decision}`)),
      ...(today.tags.get(theCase.id) ?? []),
    ],
    worth: theCase.worth > 0 ? formatMoneyWhole(theCase.worth, currency, language) : '–',
  };
}

/** What it is about: where it was opened again, what the customer says by now. */
function aboutOf({ id, summary, words }: RecoveryCase, { said }: TodayList): string {
  const again = said.get(id);
  if (again !== undefined) return again;
  // What a machine says of an answer is short: the customer's words say what it is about.
  return summary.length > SHORT_SUMMARY ? summary : [summary, words].filter(Boolean).join(': ');
}

/** Whose it is, where it is not the reader's: nobody's, too; who is away is named as such. */
function whoOf(
  { ownerId, snoozedUntil }: RecoveryCase,
  { view, colleagues, today, now }: TodayGiven,
  staff: Staff,
): string {
  const { t, language, timeZone } = staff;
  const owner = colleagues.find((each) => each.id === ownerId);
  const until = ownerId === null ? undefined : today.away.get(ownerId);
  const asleep =
    snoozedUntil !== null && snoozedUntil > now
      ? t('cases.snooze.until', { when: formatMoment(snoozedUntil, language, timeZone) })
      : '';
  const who = !owner
    ? view === 'unassigned'
      ? ''
      : t('cases.owner.nobody')
    : until
      ? t('cases.owner.away', { name: owner.name, day: formatDay(until, language) })
      : !owner.active
        ? t('today.gone', { name: owner.name })
        : owner.id === staff.id
          ? ''
          : owner.name;
  return [who, asleep].filter(Boolean).join(' · ');
}

const newsOf = (key: string, cases: RecoveryCase[], given: TodayGiven, staff: Staff): TodayPage['confirmed'] =>
  cases.length === 0 ? null : { text: staff.t(key, { count: cases.length }), cases: linksTo(cases, given, staff) };

const linksTo = (cases: RecoveryCase[], { names }: TodayGiven, staff: Staff, at = '') =>
  cases.map((each) => ({ href: `/cases/${each.id}${at}`, name: nameOf(each, names, staff) }));

const FEW = 10;

/** Recovery rate = confirmed satisfied / closed, with its interval and its base. */
function recoveryOf({ recovery }: TodayList, { t, language }: Staff): string {
  const { days, closed, confirmed, share } = recovery;
  if (closed === 0) return t('today.recovery.none', { days });
  if (closed < FEW) return t('today.recovery.few', { count: closed, days, confirmed });
  const part = (value: number) => formatShare(value, language);
  return t('today.recovery', {
    days,
    closed,
    confirmed,
    share: part(share.share),
    low: part(share.low),
    high: part(share.high),
  });
}

function awayOf({ colleagues, today }: TodayGiven, staff: Staff, people: TodayPage['colleagues']): TodayPage['away'] {
  const { t, language, role } = staff;
  const mayAll = hasRole(role, 'manager');
  const lines = [...today.away].flatMap(([id, until]) => {
    const name = colleagues.find((each) => each.id === id)?.name;
    const text = t('cases.owner.away', { name: name ?? '', day: formatDay(until, language) });
    return name === undefined ? [] : [{ text, id: mayAll || id === staff.id ? id : null }];
  });
  return { lines, who: mayAll ? people : people.filter(({ value }) => value === staff.id) };
}
