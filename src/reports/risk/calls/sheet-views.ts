import type { Company } from '../../../accounts/index.ts';
import { displayName, spokenGreeting } from '../../../customers/index.ts';
import {
  formatDay,
  formatMoment,
  formatShare,
  isLanguage,
  languageName,
  type Texts,
  type Translate,
} from '../../../i18n/index.ts';
import type { Voice } from '../../../responses/index.ts';
import { dayIn } from '../../../shared/dates.ts';
import type { FieldErrors } from '../../../shared/errors.ts';
import { formatMoneyWhole } from '../../../shared/money.ts';
import { busyWords, mayRing, readDraft, timeIn } from '../../../telephone/index.ts';
import { formView, type FormView, type PlaybookNote, type Staff } from '../../../web/index.ts';
import type { AtRisk } from '../reading.ts';
import { readReasons } from '../reasons.ts';
import type { Reason } from '../rules.ts';
import { reasonWords, type SaidReason } from '../words.ts';
import { againstWords, whenWords } from './queue-views.ts';
import { CALL_OUTCOMES } from './rules.ts';
import type { RiskCall } from './call.ts';

export interface CallSheetPage {
  form: FormView;
  name: string;
  customer: string;
  telephone: string;
  dial: string;
  lead: string;
  reasons: SaidReason[];
  voices: { text: string; language: string; about: string; href: string }[];
  script: string[];
  questions: string[];
  language: string;
  facts: { term: string; value: string }[];
  before: { text: string; about: string }[];
  /** Who has the call, that it is over, or why nobody calls; '' where nothing is to be said. */
  busy: string;
  notice: string;
  mine: { action: string; notes: string; release: string } | null;
  claim: string | null;
  withdraw: string | null;
  outcomes: { value: string; text: string; hint: string; checked: boolean }[];
  saved: string;
  unsaved: string;
  lost: string;
  notes: PlaybookNote[];
}

declare module '../../../web/render.ts' {
  interface Templates {
    'reports/risk-call': CallSheetPage;
  }
}

interface SheetFacts {
  found: RiskCall;
  /** As it stands today; undefined where no sign is left. */
  risk: AtRisk | undefined;
  voices: Voice[];
  company: Company;
  colleagues: { id: string; name: string }[];
  texts: Texts;
  notes: PlaybookNote[];
  now: string;
  typed?: unknown;
  errors?: FieldErrors;
}

const MOST_VOICES = 4;

export function sheetPage(facts: SheetFacts, staff: Staff): CallSheetPage {
  const { found, risk, voices, texts, notes, now } = facts;
  const { call, customer } = found;
  const { t, currency } = staff;
  const at = `/risk/calls/${call.id}`;
  const typed = (facts.typed ?? readDraft(call.draft)) as Record<string, unknown>;
  const language = isLanguage(customer.language) ? customer.language : 'en';
  const reasons = risk?.reasons ?? readReasons(call.reasons);
  const today = dayIn(staff.timeZone, new Date(now));
  const atRisk = formatMoneyWhole(risk?.worthAtRiskMinor ?? call.worth_at_risk_minor, currency, staff.language);
  return {
    form: formView(typed, facts.errors, t),
    name: displayName(customer),
    customer: `/customers/${customer.id}`,
    telephone: customer.telephone,
    dial: `tel:${customer.telephone.replace(/[^\d+]/g, '')}`,
    lead: risk
      ? t('risk.call.lead', { money: atRisk, share: formatShare(risk.score, staff.language) })
      : t('risk.call.past'),
    reasons: reasons.map((reason) => reasonWords(reason, today, t)),
    voices: voices.slice(0, MOST_VOICES),
    script: scriptOf(facts, staff, texts.to(language)),
    questions: questionsOf(reasons, texts.to(language)),
    language,
    facts: factsOf(facts, staff),
    before: beforeOf(facts, staff),
    ...standingOf(facts, staff, at),
    outcomes: CALL_OUTCOMES.map((value) => ({
      value,
      text: t(`risk.outcome.${value}`),
      hint: t(`risk.outcome.${value}.hint`),
      checked: typed.outcome === value,
    })),
    saved: t('telephone.saved'),
    unsaved: t('telephone.unsaved'),
    lost: t('telephone.error.lost'),
    notes,
  };
}

type Standing = Pick<CallSheetPage, 'busy' | 'notice' | 'mine' | 'claim' | 'withdraw'>;

/** Who has the call and what can be done with it now. */
function standingOf({ found, company, colleagues, now }: SheetFacts, staff: Staff, at: string): Standing {
  const { call, against } = found;
  const { t, id: me, timeZone } = staff;
  const busy = busyWords(call, { colleagues, me, now, timeZone, t });
  const isOpen = call.state === 'open';
  const isMine = isOpen && call.claimed_by === me && (call.claimed_until ?? '') > now;
  const later = !mayRing(call, company, now);
  const rest = isOpen && !isMine && busy === '';
  const when = whenWords(call, { company, now }, staff);
  const notNow = [t('telephone.error.notNow'), when && t('risk.call.when', { when })].filter(Boolean).join(' ');
  const notice = !isOpen ? t('risk.call.over') : against ? againstWords(against, staff) : rest && later ? notNow : '';
  return {
    busy,
    notice,
    mine: isMine ? { action: at, notes: `${at}/notes`, release: `${at}/release` } : null,
    claim: rest && !later && !against ? `${at}/claim` : null,
    withdraw: rest ? `${at}/withdraw` : null,
  };
}

/** The first two sentences, in the customer's language. */
function scriptOf({ found, company }: SheetFacts, { name }: Staff, own: Translate): string[] {
  const opening = own('telephone.script.opening', { name, company: company.name || own('mail.us') });
  return [spokenGreeting(found.customer, own), opening];
}

/** Open questions about what is likely to stand behind the signs, in the customer's language. */
function questionsOf(reasons: readonly Reason[], own: Translate): string[] {
  const kinds = new Set(reasons.map(({ kind }) => (kind === 'alive' ? 'silence' : kind)));
  const about = (['answer', 'alert', 'silence', 'overdue'] as const).filter((kind) => kinds.has(kind));
  return [...about.map((kind) => own(`risk.ask.${kind}`)), own('risk.ask.better'), own('risk.ask.next')];
}

function factsOf(
  { found, company, colleagues, now }: SheetFacts,
  { t, language, currency }: Staff,
): CallSheetPage['facts'] {
  const { customer, call } = found;
  const day = (on: string | null) => (on === null ? '' : formatDay(on, language));
  return [
    { term: t('winback.fact.worth'), value: formatMoneyWhole(customer.worthMinor, currency, language) },
    { term: t('winback.fact.since'), value: day(customer.customerSince ?? customer.firstPurchaseOn) },
    { term: t('winback.fact.lastBought'), value: day(customer.lastPurchaseOn) },
    { term: t('telephone.fact.language'), value: languageName(customer.language) },
    { term: t('telephone.fact.theirTime'), value: timeIn(now, language, customer.timeZone || company.timeZone) },
    { term: t('winback.fact.knows'), value: colleagues.find(({ id }) => id === customer.contactAccountId)?.name ?? '' },
    { term: t('winback.fact.calls'), value: call.tries === 0 ? '' : t('telephone.tries', { count: call.tries }) },
    {
      term: t('telephone.fact.basis'),
      value: [t(`customers.basis.${customer.legalBasis}`), customer.legalBasisSource].filter(Boolean).join(', '),
    },
  ].filter(({ value }) => value !== '');
}

function beforeOf({ found, colleagues }: SheetFacts, { t, language, timeZone }: Staff): CallSheetPage['before'] {
  return found.before.flatMap((call) => {
    const outcome = CALL_OUTCOMES.find((each) => each === call.outcome);
    if (!outcome || call.settled_at === null) return [];
    const who = colleagues.find(({ id }) => id === call.claimed_by)?.name ?? '';
    const at = formatMoment(call.settled_at, language, timeZone);
    return [{ text: call.said, about: [t(`risk.outcome.${outcome}`), at, who].filter(Boolean).join(', ') }];
  });
}
