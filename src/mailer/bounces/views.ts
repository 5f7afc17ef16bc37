import { formatMoment, formatNumber, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Page } from '../../storage/index.ts';
import { formView, type FormView } from '../../web/index.ts';
import type { ReturnedRow } from './returned-store.ts';
import type { SuppressionRow } from './suppression-store.ts';

const SHOWN = ['read', 'bounces', 'complaints', 'all'] as const;
export type Shown = (typeof SHOWN)[number];

export function isShown(value: unknown): value is Shown {
  return SHOWN.includes(value as Shown);
}

interface Tab {
  href: string;
  text: string;
  current: boolean;
}

export interface MailTabs {
  tabs: Tab[];
}

interface Person {
  text: string;
  href: string | null;
}

export interface ReturnedList extends MailTabs {
  hasWayIn: boolean;
  views: Tab[];
  empty: string;
  rows: { href: string; when: string; who: Person; kind: string; tone: string; why: string; code: string }[];
  next: string | null;
  first: string | null;
}

export interface ReturnedPage {
  heading: string;
  why: string;
  facts: { term: string; value: string; href: string | null }[];
  /** Says what to make of it; null where there is nothing to say. */
  note: string | null;
  text: string | null;
  done: string | null;
}

export interface SuppressionsPage extends MailTabs {
  form: FormView;
  looked: { text: string; address: string; people: Person[]; lift: string | null; form: FormView } | null;
  rows: { who: Person; kind: string; since: string; why: string; state: string; tone: string }[];
  next: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'mail/bounces': ReturnedList;
    'mail/bounce': ReturnedPage;
    'mail/suppressions': SuppressionsPage;
    'mail/tabs': MailTabs;
  }
}

interface Reader {
  t: Translate;
  timeZone: string;
}

type Names = Map<string, { name: string; reference: string }>;

interface ListFacts {
  list: Page<ReturnedRow>;
  names: Names;
  shown: Shown;
  before: string | null;
  hasWayIn: boolean;
  toRead: number;
}

export function returnedList(
  { list, names, shown, before, hasWayIn, toRead }: ListFacts,
  reader: Reader,
): ReturnedList {
  const { t } = reader;
  return {
    tabs: mailTabs('/bounces', t),
    hasWayIn,
    views: SHOWN.map((each) => ({
      href: `/bounces?show=${each}`,
      text: t(`bounces.view.${each}`) + (each === 'read' ? countOf(toRead, t) : ''),
      current: each === shown,
    })),
    empty: t(shown === 'read' ? 'bounces.empty.read' : 'bounces.empty'),
    rows: list.rows.map((row) => ({
      href: `/bounces/${row.id}`,
      when: formatMoment(row.received_at, t.language, reader.timeZone),
      who: personOf(row.customer_id, names, row.recipient || row.sender || t('bounces.somebody')),
      kind: t(`bounces.kind.${kindOf(row.kind, row.cause)}`),
      tone: TONES[row.kind] ?? '',
      why: t(`bounces.cause.${row.cause}`),
      code: row.status,
    })),
    next: list.next === null ? null : `/bounces?show=${shown}&before=${list.next}`,
    first: before === null ? null : `/bounces?show=${shown}`,
  };
}

/** More than these nobody needs to know to the last one. */
function countOf(count: number, t: Translate): string {
  if (count === 0) return '';
  return count < 100 ? ` (${formatNumber(count, t.language)})` : ' (99+)';
}

/** Whoever unsubscribed has neither complained nor written something else. */
const kindOf = (kind: string, cause: string): string => (cause === 'unsubscribed' ? cause : kind);

const TONES: Record<string, string> = { hard: 'late', complaint: 'late', soft: '', 'auto-reply': '', other: '' };

/** The lists about mail, each on its own page. */
export function mailTabs(current: string, t: Translate): Tab[] {
  const tabs = [
    { href: '/outbox', text: t('bounces.view.outbox') },
    { href: '/bounces', text: t('bounces.title') },
    { href: '/mail-to-sort', text: t('bounces.view.sort') },
    { href: '/suppressions', text: t('bounces.view.suppressed') },
  ];
  return tabs.map((tab) => ({ ...tab, current: tab.href === current }));
}

function personOf(customerId: string | null, names: Names, otherwise: string): Person {
  const name = customerId === null ? undefined : names.get(customerId)?.name;
  return name === undefined ? { text: otherwise, href: null } : { text: name, href: `/customers/${customerId}` };
}

export function returnedPage(row: ReturnedRow, names: Names, { t, timeZone }: Reader): ReturnedPage {
  const who = personOf(row.customer_id, names, '');
  const facts: ReturnedPage['facts'] = [
    { term: t('bounces.when'), value: formatMoment(row.received_at, t.language, timeZone), href: null },
    { term: t('bounces.what'), value: t(`bounces.kind.${kindOf(row.kind, row.cause)}`), href: null },
    { term: t('bounces.code'), value: row.status, href: null },
    { term: t('bounces.who'), value: who.text, href: who.href },
    { term: t('bounces.about'), value: row.recipient, href: null },
    { term: t('bounces.from'), value: row.sender, href: null },
  ];
  return {
    heading: row.subject || t(`bounces.kind.${kindOf(row.kind, row.cause)}`),
    why: t(`bounces.cause.${row.cause}`),
    facts: facts.filter(({ value }) => value !== ''),
    note: noteOf(row, t),
    text: row.content === '' ? null : row.content,
    done: row.to_read === 1 ? `/bounces/${row.id}/done` : null,
  };
}

function noteOf({ content, done_at, verified, kind, cause }: ReturnedRow, t: Translate): string | null {
  if (cause === 'letter') return null;
  if (content === '') return t(done_at === null ? 'bounces.machine' : 'bounces.gone');
  const changes = kind === 'hard' || kind === 'soft' || kind === 'complaint';
  return changes && verified === 0 ? t('bounces.unverified') : null;
}

interface SuppressionFacts {
  list: Page<SuppressionRow>;
  names: Names;
  /** Customers who have the address that was typed. */
  theirs: { id: string }[];
  colleagues: { id: string; name: string }[];
  before: string | null;
  address: string | undefined;
  typed: unknown;
  errors: FieldErrors | undefined;
}

export function suppressionsPage(facts: SuppressionFacts, reader: Reader): SuppressionsPage {
  const { list, names, before, address, errors, typed } = facts;
  const { t } = reader;
  return {
    tabs: mailTabs('/suppressions', t),
    form: formView({ address: (typed as { address?: unknown } | undefined)?.address }, errorsOf(errors, 'address'), t),
    looked: address === undefined ? null : looked(address, facts, t),
    rows: list.rows.map((row) => ({
      who: personOf(row.customer_id, names, t('bounces.somebody')),
      kind: t(`bounces.kind.${kindOf(row.kind, row.how)}`),
      since: formatMoment(row.since, t.language, reader.timeZone),
      why: row.how === 'person' || row.how === '' ? row.reason : t(`bounces.cause.${row.how}`),
      ...stateOf(row, facts, reader),
    })),
    next: list.next === null ? null : `/suppressions?before=${list.next}`,
    first: before === null ? null : '/suppressions',
  };
}

function looked(address: string, { list, theirs, names, errors, typed }: SuppressionFacts, t: Translate) {
  const active = list.rows.find((row) => row.lifted_at === null);
  return {
    address,
    text: t(active ? 'bounces.supp.found' : 'bounces.supp.free', { address }),
    people: theirs.map(({ id }) => personOf(id, names, t('bounces.somebody'))),
    lift: active ? `/suppressions/${active.id}/lift` : null,
    form: formView({ reason: (typed as { reason?: unknown }).reason }, errorsOf(errors, 'reason'), t),
  };
}

function errorsOf(errors: FieldErrors | undefined, field: string): FieldErrors | undefined {
  const error = errors?.[field];
  return error && { [field]: error };
}

function stateOf(
  { lifted_at, lifted_by, lift_reason }: SuppressionRow,
  { colleagues }: SuppressionFacts,
  reader: Reader,
) {
  const { t, timeZone } = reader;
  if (lifted_at === null) return { state: t('bounces.supp.active'), tone: 'late' };
  const day = formatMoment(lifted_at, t.language, timeZone);
  const name = colleagues.find(({ id }) => id === lifted_by)?.name;
  const values = { day, name: name ?? '', reason: lift_reason };
  return { state: t(name ? 'bounces.supp.liftedBy' : 'bounces.supp.lifted', values), tone: '' };
}
