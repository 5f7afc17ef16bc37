import { formatDay, formatLongDay, type Translate } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import { isPossible, LEAST_INSTALMENTS } from './plan-rules.ts';
import { agreedTable, moneyIn, type PlanTable } from './plan-table-views.ts';
import { pathOf, type PlanVisit } from './visit.ts';

export interface PlanHome {
  saved: boolean;
  heading: string;
  lead: string[];
  /** What they have chosen, each with a way back. */
  standing: { text: string; words: string; takeBack: { action: string; what: string; text: string } | null }[];
  plan: {
    text: string;
    table: PlanTable;
    accept: { action: string; id: string } | null;
    takeBack: { action: string } | null;
  } | null;
  ways: { href: string; text: string; hint: string }[];
  owed: { text: string; rows: string[] } | null;
  advice: { name: string; href: string }[];
  who: string;
}

export interface CallPage {
  back: string;
  action: string;
  form: FormView;
  zone: string;
  days: { name: string; slots: { value: string; text: string; checked: boolean; id: string }[] }[];
  hint: string;
}

export interface WordsPage {
  back: string;
  action: string;
  form: FormView;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/payment-home': PlanHome;
    'recovery/payment-call': CallPage;
    'recovery/payment-words': WordsPage;
  }
}

/** When somebody calls, by the customer's own clocks. */
export function slotWords({ from, to }: { from: string; to: string }, timeZone: string, t: Translate): string {
  const time = (at: string) => timeOf(at, timeZone, t.language);
  const day = formatLongDay(dayIn(timeZone, new Date(from)), t.language);
  return t('payment.slot', { day, from: time(from), to: time(to) });
}

const timeOf = (at: string, timeZone: string, language: string): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(at));

export function homePage(visit: PlanVisit, saved: boolean): PlanHome {
  const { t, who, business, closed } = visit;
  const company = business.name || t('mail.us');
  const agreed = visit.plan?.plan.state === 'agreed' || visit.plan?.plan.state === 'done';
  return {
    saved,
    heading: t(closed ? 'payment.home.closedHeading' : 'payment.home.heading'),
    lead: closed
      ? [t('payment.home.closed', { company })]
      : [t('payment.home.lead', { company }), t('payment.home.nothing')],
    standing: closed ? [] : standingOf(visit),
    plan: planPart(visit),
    ways: closed ? [] : waysOf(visit, agreed),
    owed: owedPart(visit),
    advice: visit.advice.map(({ name, href }) => ({ name, href })),
    who: who ? t('payment.home.who', { name: [who.name, who.title].filter(Boolean).join(', ') }) : '',
  };
}

function waysOf(visit: PlanVisit, agreed: boolean): PlanHome['ways'] {
  const { t, openMinor } = visit;
  const way = (name: string, path: string) => ({
    href: pathOf(visit, path),
    text: t(`payment.way.${name}`),
    hint: t(`payment.way.${name}.hint`),
  });
  const mayPlan = !agreed && isPossible({ totalMinor: openMinor, instalments: LEAST_INSTALMENTS });
  return [way('call', '/call'), ...(mayPlan ? [way('plan', '/instalments')] : []), way('words', '/words')];
}

function standingOf(visit: PlanVisit): PlanHome['standing'] {
  const { t, wishes, timeZone } = visit;
  const action = pathOf(visit, '/withdrawal');
  return wishes.map((wish) => ({
    text:
      wish.kind === 'call' && wish.call_from !== null && wish.call_to !== null
        ? t('payment.standing.call', { when: slotWords({ from: wish.call_from, to: wish.call_to }, timeZone, t) })
        : t('payment.standing.words'),
    words: wish.kind === 'words' ? wish.words : '',
    takeBack: { action, what: wish.kind, text: t(`payment.takeBack.${wish.kind}`) },
  }));
}

function planPart(visit: PlanVisit): PlanHome['plan'] {
  const { plan: whole, t, closed } = visit;
  if (!whole || whole.plan.state === 'declined' || whole.plan.state === 'ended') return null;
  const { plan } = whole;
  const theirs = plan.by_customer === 1;
  const state = plan.state === 'proposed' ? (theirs ? 'suggested' : 'offered') : plan.state;
  return {
    text: t(`payment.plan.${state}`, { name: visit.who?.name ?? visit.business.name }),
    table: agreedTable(whole, visit),
    accept: state === 'offered' && !closed ? { action: pathOf(visit, '/acceptance'), id: plan.id } : null,
    takeBack: state === 'suggested' && !closed ? { action: pathOf(visit, '/withdrawal') } : null,
  };
}

function owedPart(visit: PlanVisit): PlanHome['owed'] {
  const { owed, openMinor, t, closed } = visit;
  if (openMinor <= 0 || closed) return null;
  return {
    text: t('payment.owed', { amount: moneyIn(visit, openMinor) }),
    rows: owed
      .filter(({ paidOn }) => paidOn === null)
      .map(({ number, amountMinor, dueOn }) =>
        t('payment.owed.row', { number, amount: moneyIn(visit, amountMinor), day: formatDay(dueOn, t.language) }),
      ),
  };
}

export function callPage(visit: PlanVisit, typed?: object, errors?: FieldErrors): CallPage {
  const { t, slots, timeZone, customer } = visit;
  const given = (typed ?? {}) as { from?: unknown };
  const byDay = Map.groupBy(slots, ({ from }) => dayIn(timeZone, new Date(from)));
  const time = (at: string) => timeOf(at, timeZone, t.language);
  return {
    back: pathOf(visit),
    action: pathOf(visit, '/call'),
    form: formView(typed ?? {}, errors, t),
    zone: t('payment.call.zone', { zone: zoneName(timeZone, t.language, slots[0]?.from) }),
    days: [...byDay].map(([day, theirs]) => ({
      name: formatLongDay(day, t.language),
      slots: theirs.map(({ from, to }) => ({
        value: from,
        text: t('payment.call.slot', { from: time(from), to: time(to) }),
        checked: given.from === from,
        id: from === slots[0]?.from ? 'from' : `from-${from.slice(0, 13).replace(/\D/g, '')}`,
      })),
    })),
    hint: t(customer.telephone === '' ? 'payment.call.noNumber' : 'payment.call.number', {
      end: customer.telephone.replace(/\D/g, '').slice(-2),
    }),
  };
}

/** 'Europe/Berlin' -> 'Mitteleuropäische Zeit'. */
function zoneName(timeZone: string, language: string, at = '2026-01-01T00:00:00.000Z'): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(
    new Date(at),
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

export const wordsPage = (visit: PlanVisit, typed?: object, errors?: FieldErrors): WordsPage => ({
  back: pathOf(visit),
  action: pathOf(visit, '/words'),
  form: formView(typed ?? {}, errors, visit.t),
});
