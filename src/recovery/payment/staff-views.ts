import { displayName, type Customer, type FormContext, typedMoney, type Owed } from '../../customers/index.ts';
import { formatDay, formatMoment, languageName } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formatMoney } from '../../shared/money.ts';
import { formView, hasRole, type FormView, type PlaybookNote, type Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { sumOf } from './arrears.ts';
import type { LetterWords } from './letter-words.ts';
import type { LetterRow, WishRow } from './payment-store.ts';
import { mayAgree, RHYTHMS } from './plan-rules.ts';
import type { WholePlan } from './plan-interface.ts';
import { termsOf } from './plan-reading.ts';
import { slotWords } from './public-views.ts';
import type { PaymentSetting } from './setting.ts';

interface Option {
  value: string;
  text: string;
}

interface StaffPlan {
  text: string;
  mood: '' | 'good' | 'late';
  terms: string;
  reason: string;
  rows: {
    number: string;
    dueOn: string;
    amount: string;
    state: string;
    mood: '' | 'good' | 'late';
    button: { action: string; text: string; label: string } | null;
  }[];
  revision: string;
  agree: string | null;
  /** Above this colleague's limits. */
  tooMuch: boolean;
  decline: string | null;
  end: string | null;
}

export interface CasePlanPage {
  casePath: string;
  caseText: string;
  path: string;
  name: string;
  customerPath: string;
  lead: string;
  owed: string[];
  notes: PlaybookNote[];
  form: FormView;
  letter: {
    text: string;
    mood: '' | 'good' | 'late';
    open: boolean;
    language: string;
    languageName: string;
    byMail: boolean;
    noMail: string;
    revision: string;
    words: string[];
  } | null;
  wishes: { text: string; words: string; language: string }[];
  plans: StaffPlan[];
  /** Null where a plan is agreed already. */
  fresh: { heading: string; instead: string; rhythms: Option[]; limits: string } | null;
  settings: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/payment-case': CasePlanPage;
  }
}

interface CasePlanFacts {
  theCase: RecoveryCase;
  customer: Customer;
  owed: Owed[];
  letter: (LetterRow & { would: LetterWords }) | undefined;
  wishes: WishRow[];
  plans: WholePlan[];
  setting: PaymentSetting;
  /** Whether their address takes mail. */
  reachable: boolean;
  notes: PlaybookNote[];
  firstOn: string;
  businessZone: string;
  context: FormContext;
  typed?: object | undefined;
  errors?: FieldErrors | undefined;
}

export function casePlanPage(facts: CasePlanFacts, staff: Staff): CasePlanPage {
  const { theCase, customer, owed, plans, setting, context, typed, errors } = facts;
  const { t } = staff;
  const open = owed.filter(({ paidOn }) => paidOn === null);
  const money = moneyFor(staff);
  const usual = { ...facts.letter?.would, amount: typedMoney(sumOf(open), context), instalments: '3', rhythm: 'month' };
  const standing = plans.some(({ plan }) => plan.state === 'agreed');
  const suggested = plans.some(({ plan }) => plan.state === 'proposed');
  return {
    casePath: `/cases/${theCase.id}`,
    caseText: t('payment.case', { number: theCase.number }),
    path: `/cases/${theCase.id}/plan`,
    name: displayName(customer),
    customerPath: `/customers/${customer.id}`,
    notes: facts.notes,
    lead:
      open.length === 0
        ? t('payment.staff.paid')
        : t('payment.staff.owes', { amount: money(sumOf(open)), count: open.length }),
    owed: open.map(({ number, amountMinor, dueOn }) =>
      t('payment.owed.row', { number, amount: money(amountMinor), day: formatDay(dueOn, t.language) }),
    ),
    form: formView({ ...usual, firstOn: facts.firstOn, ...typed }, errors, t),
    letter: letterPart(facts, staff),
    wishes: facts.wishes.map((wish) => wishPart(wish, facts, staff)),
    plans: plans.map((whole) => planPart(whole, facts, staff)),
    fresh:
      standing || theCase.closedAt !== null
        ? null
        : {
            heading: t(suggested ? 'payment.staff.another' : 'payment.staff.fresh'),
            instead: suggested ? t('payment.staff.instead') : '',
            rhythms: RHYTHMS.map((value) => ({ value, text: t(`payment.rhythm.${value}`) })),
            limits: hasRole(staff.role, 'manager')
              ? ''
              : t('payment.staff.limits', { amount: money(setting.staffMinor), count: setting.staffInstalments }),
          },
    settings: hasRole(staff.role, 'manager') ? '/settings/payment' : null,
  };
}

const moneyFor =
  ({ currency, language }: Staff) =>
  (minor: number): string =>
    formatMoney(minor, currency, language);

function letterPart(
  { letter, customer, reachable, theCase, plans }: CasePlanFacts,
  staff: Staff,
): CasePlanPage['letter'] {
  if (!letter) return null;
  const { t, timeZone } = staff;
  const agreed = plans.some(({ plan }) => plan.state === 'agreed' || plan.state === 'done');
  const unsent = ['waiting', 'failed', 'dropped', 'cancelled'].includes(letter.state);
  const open = unsent && !agreed && theCase.closedAt === null;
  const at = letter.sent_at ?? letter.decided_at;
  const when = at === null ? '' : formatMoment(at, t.language, timeZone);
  return {
    text: t(`payment.letter.state.${letter.state}`, { when }),
    mood: letter.state === 'sent' || letter.state === 'printed' ? 'good' : letter.state === 'waiting' ? 'late' : '',
    open,
    language: letter.language,
    languageName: languageName(letter.language),
    byMail: reachable && letter.state !== 'cancelled',
    noMail: reachable ? '' : t(customer.email === '' ? 'payment.staff.noAddress' : 'payment.staff.suppressed'),
    revision: String(letter.revision),
    words: unsent ? [] : letter.would.words.split(/\n\s*\n/),
  };
}

function wishPart(
  wish: WishRow,
  { customer, businessZone }: CasePlanFacts,
  { t }: Staff,
): CasePlanPage['wishes'][number] {
  if (wish.kind !== 'call' || wish.call_from === null || wish.call_to === null) {
    return { text: t('payment.staff.words'), words: wish.words, language: customer.language };
  }
  const slot = { from: wish.call_from, to: wish.call_to };
  const values = { when: slotWords(slot, businessZone, t), telephone: wish.telephone };
  return { text: t('payment.staff.call', values), words: '', language: '' };
}

function planPart({ plan, instalments }: WholePlan, facts: CasePlanFacts, staff: Staff): StaffPlan {
  const { t } = staff;
  const { theCase, setting } = facts;
  const path = `/cases/${theCase.id}/plan/${plan.id}`;
  const money = moneyFor(staff);
  const open = theCase.closedAt === null;
  const mine = plan.state === 'proposed' && plan.by_customer === 1 && open;
  const may = mayAgree(staff.role, termsOf(plan), setting);
  const agreed = plan.state === 'agreed' && open;
  const state = plan.state === 'proposed' ? (plan.by_customer ? 'theirs' : 'ours') : plan.state;
  return {
    text: t(`payment.staff.plan.${state}`),
    mood: state === 'agreed' || state === 'done' ? 'good' : mine ? 'late' : '',
    terms: t('payment.staff.terms', {
      amount: money(plan.total_minor),
      count: plan.instalments,
      rhythm: t(`payment.rhythm.${plan.rhythm}`),
      day: formatDay(plan.first_on, t.language),
    }),
    reason: plan.reason,
    rows: instalments.map((each) => ({
      number: String(each.number),
      dueOn: formatDay(each.due_on, t.language),
      amount: money(each.amount_minor),
      ...stateOf(each, staff),
      button: agreed ? buttonOf(each, path, staff) : null,
    })),
    revision: String(plan.revision),
    agree: mine && may ? `${path}/agreement` : null,
    tooMuch: mine && !may,
    decline: mine ? `${path}/refusal` : null,
    end: agreed ? `${path}/ending` : null,
  };
}

type Part = WholePlan['instalments'][number];

function stateOf({ paid_on, paid_how, missed_at }: Part, { t }: Staff): { state: string; mood: '' | 'good' | 'late' } {
  if (paid_on !== null) {
    return {
      state: t(`payment.staff.paid.${paid_how ?? 'hand'}`, { day: formatDay(paid_on, t.language) }),
      mood: 'good',
    };
  }
  return missed_at === null ? { state: '', mood: '' } : { state: t('payment.staff.notYet'), mood: 'late' };
}

function buttonOf(
  { number, paid_on, paid_how }: Part,
  path: string,
  { t }: Staff,
): StaffPlan['rows'][number]['button'] {
  if (paid_how === 'invoice') return null;
  const what = paid_on === null ? 'came' : 'takeBack';
  const action = `${path}/instalments/${number}/${paid_on === null ? 'payment' : 'no-payment'}`;
  return { action, text: t(`payment.staff.${what}`), label: t(`payment.staff.${what}.label`, { number }) };
}
