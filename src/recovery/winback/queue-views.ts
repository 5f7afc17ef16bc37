import { textIn, type Codebook } from '../../coding/index.ts';
import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay, formatMoment, formatShare, languageName, type Translate } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { busyWords } from '../../telephone/index.ts';
import type { Staff } from '../../web/index.ts';
import { chanceOf, winBackRates } from './rules.ts';
import { VIEWS, type Queue, type View } from './service.ts';
import type { StandingRow } from './standing-store.ts';

export interface QueueLine {
  name: string;
  href: string;
  about: string;
  reason: string;
  chance: string;
  mood: 'good' | 'late' | '';
  because: string;
  worth: string;
  when: string;
  busy: string;
  /** What can be done, or null. */
  act: { action: string; text: string; label: string } | null;
  link: { href: string; text: string } | null;
}

export interface QueuePage {
  figures: { lead: string; formulas: string[] };
  views: { href: string; text: string; current: boolean }[];
  due: QueueLine[];
  rows: QueueLine[];
  none: string;
  next: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/winback': QueuePage;
    'recovery/winback-line': QueueLine;
  }
}

export interface QueueFacts {
  queue: Queue;
  view: View;
  figures: { lost: number; attempted: number; wonBack: number; cameBack: number };
  book: Codebook | undefined;
  colleagues: { id: string; name: string }[];
  now: string;
  today: string;
  companyZone: string;
  staff: Staff;
}

export function queuePage(facts: QueueFacts): QueuePage {
  const { queue, view, staff } = facts;
  const { t } = staff;
  return {
    figures: figuresView(facts.figures, t),
    views: VIEWS.map((each) => ({
      href: `/winback?view=${each}`,
      text: t(`winback.view.${each}`),
      current: each === view,
    })),
    due: queue.due.map((row) => lineOf(row, facts)),
    rows: queue.rows.map((row) => lineOf(row, facts)),
    none: t(`winback.none.${queue.due.length > 0 ? 'due' : view}`),
    next: queue.next === null ? null : `/winback?view=${view}&after=${encodeURIComponent(queue.next)}`,
  };
}

function figuresView(figures: QueueFacts['figures'], t: Translate): QueuePage['figures'] {
  const { lost, attempted, wonBack, cameBack } = figures;
  const { ofAttempted, ofLost } = winBackRates(figures);
  const share = (value = 0) => formatShare(value, t.language);
  return {
    lead: lost === 0 ? t('winback.figures.none') : t('winback.figures.lead', { lost, attempted, wonBack }),
    formulas: [
      attempted === 0 ? '' : t('winback.figures.ofAttempted', { share: share(ofAttempted), wonBack, attempted }),
      attempted === 0 ? '' : t('winback.figures.ofLost', { share: share(ofLost), wonBack, lost }),
      cameBack === wonBack ? '' : t('winback.figures.alone', { count: cameBack - wonBack }),
      lost === 0 ? '' : t('winback.figures.note'),
    ].filter(Boolean),
  };
}

/** What speaks for and against, in the words that a colleague would use. */
export function becauseWords(
  row: StandingRow,
  customer: Customer,
  reached: boolean,
  today: string,
  t: Translate,
): string {
  const since = customer.customerSince ?? customer.firstPurchaseOn;
  const { because } = chanceOf({ reasonKey: row.reason_key, since, leftOn: row.left_on, reached, today });
  return because.map((key) => t(key)).join(', ');
}

function lineOf(row: StandingRow, facts: QueueFacts): QueueLine {
  const { queue, book, staff, today } = facts;
  const { t, language, currency, timeZone } = staff;
  const customer = queue.people.get(row.customer_id);
  const own = row.case_id === null ? undefined : queue.own.get(row.case_id);
  const name = customer ? displayName(customer) : t('telephone.somebody');
  const code = book?.byKey.get(row.reason_key);
  const ring = { colleagues: facts.colleagues, me: staff.id, now: facts.now, timeZone, t };
  const from = queue.notBefore.get(row.customer_id);
  return {
    name,
    href: `/customers/${row.customer_id}`,
    about: [customer ? languageName(customer.language) : '', customer?.telephone || customer?.email || '']
      .filter(Boolean)
      .join(', '),
    reason: code ? textIn(code.name, language) : t('winback.reason.unknown'),
    chance: t(`winback.chance.${row.chance}`),
    mood: row.chance === 3 ? 'good' : '',
    because: customer ? becauseWords(row, customer, own?.attempted_at !== null && own !== undefined, today, t) : '',
    worth: formatMoneyWhole(row.worth_minor, currency, language),
    when: [
      t('winback.left', { day: formatDay(row.left_on, language) }),
      row.call_at === null ? '' : t('winback.callAt', { at: formatMoment(row.call_at, language, timeZone) }),
      from === undefined ? '' : t('winback.notBefore', { day: formatDay(from.slice(0, 10), language) }),
    ]
      .filter(Boolean)
      .join(', '),
    busy: own ? busyWords(own, ring) : '',
    act:
      row.standing === 'free' && from === undefined
        ? {
            action: `/winback/${row.customer_id}/case`,
            text: t('winback.open'),
            label: `${t('winback.open')}: ${name}`,
          }
        : null,
    link: row.case_id === null ? null : { href: `/cases/${row.case_id}/call`, text: t('winback.sheet') },
  };
}
