import { labelOf, offered, textIn, type Codebook } from '../../coding/index.ts';
import { displayName, spokenGreeting, type Customer } from '../../customers/index.ts';
import { formatDay, formatMoment, isLanguage, languageName, type Translate } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { busyWords, nextCall, readDraft, timeIn } from '../../telephone/index.ts';
import { formView, type FormView, type PlaybookNote } from '../../web/index.ts';
import { partsOf } from '../cases/answered-words.ts';
import { isHeldBy } from './call-sheet.ts';
import { questionsOf } from './clarifying.ts';
import { mayRingNow } from './ringing.ts';
import { CALL_OUTCOMES, isBack } from './rules.ts';
import type { SheetFacts } from './sheet-facts.ts';
import { lettersOf, offersOf, pastOf, type LettersView, type OffersView, type PastView } from './sheet-past-views.ts';

export interface SheetPage extends PastView {
  /** Said above: somebody else has the call by now. */
  notice: string | null;
  /** What was typed by whoever has it no more. */
  kept: string[];
  form: FormView;
  name: string;
  customer: string;
  theCase: { href: string; text: string };
  telephone: string;
  dial: string;
  lead: string;
  facts: { term: string; value: string }[];
  voices: { text: string; language: string; about: string }[];
  script: string[];
  questions: string[];
  language: string;
  offers: OffersView;
  letters: LettersView;
  /** Who has the call; '' where nobody else has it. */
  busy: string;
  /** Nobody calls any more. */
  over: string;
  mine: { action: string; notes: string; release: string } | null;
  /**
   * Nobody has the call. They may have called us, at any hour and also where our rules keep us from calling them; where
   * `mayCall` is false we do not, and `later` says when it is a good time.
   */
  claim: { action: string; mayCall: boolean; later: string } | null;
  outcomes: { value: string; text: string; hint: string; checked: boolean }[];
  reasons: { value: string; text: string }[];
  /** What stands beside the button at first. */
  savedNow: string;
  saved: string;
  unsaved: string;
  lost: string;
  /** Pages of the playbook that help with a call. */
  notes: PlaybookNote[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/winback-sheet': SheetPage;
  }
}

export function sheetPage(facts: SheetFacts): SheetPage {
  const { sheet, staff, texts, book } = facts;
  const { theCase, own, customer } = sheet;
  const { t } = staff;
  const at = `/cases/${theCase.id}/call`;
  const busy = busyWords(own, {
    colleagues: facts.colleagues,
    me: staff.id,
    now: facts.now,
    timeZone: staff.timeZone,
    t,
  });
  const isMine = isHeldBy(staff.id, own, facts.now);
  const over = overWords(facts);
  const isOpen = over === '';
  const isFree = isOpen && !isMine && busy === '';
  const language = isLanguage(customer.language) ? customer.language : 'en';
  const typed = (facts.typed ?? readDraft(own.draft)) as Record<string, unknown>;
  return {
    notice: facts.notice ?? null,
    kept: facts.notice === undefined ? [] : [typed.said, typed.promised].filter(isWritten),
    notes: facts.notes,
    form: formView(typed, facts.errors, t),
    name: displayName(customer),
    customer: `/customers/${customer.id}`,
    theCase: { href: `/cases/${theCase.id}`, text: t('winback.case', { number: String(theCase.number) }) },
    telephone: customer.telephone,
    dial: `tel:${customer.telephone.replace(/[^\d+]/g, '')}`,
    lead: leadOf(facts, t),
    facts: factsOf(facts, t),
    voices: voicesOf(facts),
    script: scriptOf(facts, texts.to(language)),
    questions: questionsOf(facts.reason?.key ?? '', texts.to(language)),
    language,
    ...pastOf(facts, t),
    offers: offersOf(facts),
    letters: lettersOf(facts, t),
    busy,
    over,
    mine: isMine && isOpen ? { action: at, notes: `${at}/notes`, release: `${at}/release` } : null,
    claim: isFree ? claimOf(facts) : null,
    outcomes: CALL_OUTCOMES.map((value) => ({
      value,
      text: t(`winback.outcome.${value}`),
      hint: t(`winback.outcome.${value}.hint`),
      checked: typed.outcome === value,
    })),
    reasons: [{ value: '', text: t('winback.reason.none') }, ...reasonOptions(book, staff.language)],
    savedNow: facts.justSaved ? t('telephone.saved') : '',
    saved: t('telephone.saved'),
    unsaved: t('telephone.unsaved'),
    lost: t('winback.error.lost'),
  };
}

function claimOf(facts: SheetFacts): SheetPage['claim'] {
  const { theCase, customer } = facts.sheet;
  const later = customer.telephone === '' ? '' : laterWords(facts);
  return { action: `/cases/${theCase.id}/call/claim`, mayCall: customer.telephone !== '' && later === '', later };
}

/** Nobody calls any more: it has ended, or they have bought again. */
function overWords({ sheet: { own }, staff: { t } }: SheetFacts): string {
  if (isBack(own)) return t('winback.back', { day: formatDay(own.returned_on ?? '', t.language) });
  return own.state === 'open' || own.state === 'won' ? '' : t('winback.over');
}

const isWritten = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';

/** Said before somebody tries: a call that nobody may make now, and when one may. */
function laterWords({ sheet, company, now, staff }: SheetFacts): string {
  const { timeZone, country } = sheet.customer;
  if (mayRingNow(sheet, company, now)) return '';
  const next = nextCall({ timeZone, country }, company, now);
  const when = next === null ? '' : formatMoment(next, staff.language, staff.timeZone);
  return [staff.t('telephone.error.notNow'), when && staff.t('winback.nextTime', { when })].filter(Boolean).join(' ');
}

const reasonOptions = (book: Codebook | undefined, language: string) =>
  book ? offered(book).map((code) => ({ value: code.key, text: labelOf(book, code, language) })) : [];

const reasonName = (book: Codebook | undefined, key: string, language: string) =>
  textIn(book?.byKey.get(key)?.name ?? {}, language);

function leadOf(facts: SheetFacts, t: Translate): string {
  const { sheet, reason, book, staff } = facts;
  const { customer } = sheet;
  const left = customer.leftOn === null ? '' : t('winback.lead.left', { day: formatDay(customer.leftOn, t.language) });
  const why = reason
    ? t(`winback.lead.reason.${reason.source}`, { reason: reasonName(book, reason.key, staff.language) })
    : overWords(facts) === ''
      ? t('winback.lead.unknown')
      : '';
  return [left, why].filter(Boolean).join(' ');
}

function factsOf({ sheet, company, because, now, staff, colleagues }: SheetFacts, t: Translate): SheetPage['facts'] {
  const { customer, calls } = sheet;
  const since = customer.customerSince ?? customer.firstPurchaseOn;
  const day = (on: string | null) => (on === null ? '' : formatDay(on, t.language));
  return [
    { term: t('winback.fact.worth'), value: formatMoneyWhole(customer.worthMinor, staff.currency, t.language) },
    { term: t('winback.fact.since'), value: day(since) },
    { term: t('winback.fact.lastBought'), value: day(customer.lastPurchaseOn) },
    { term: t('winback.fact.chance'), value: because },
    { term: t('telephone.fact.language'), value: languageName(customer.language) },
    { term: t('telephone.fact.theirTime'), value: timeIn(now, t.language, customer.timeZone || company.timeZone) },
    { term: t('winback.fact.knows'), value: colleagues.find(({ id }) => id === customer.contactAccountId)?.name ?? '' },
    { term: t('winback.fact.calls'), value: calls.length === 0 ? '' : t('telephone.tries', { count: calls.length }) },
  ].filter(({ value }) => value !== '');
}

function voicesOf({ sheet: { theCase }, voices }: SheetFacts): SheetPage['voices'] {
  const parts = partsOf(theCase.words, voices);
  const own = parts.map(({ text, question }) => ({ text, language: theCase.language, about: question }));
  const others = voices.filter(({ text }) => !parts.some((part) => part.text === text));
  return [...own, ...others.slice(0, 4).map(({ text, language, about }) => ({ text, language, about }))];
}

/** The first two sentences, in the customer's language. */
function scriptOf({ sheet, company, staff }: SheetFacts, own: Translate): string[] {
  const house = company.name || own('mail.us');
  const opening = sheet.theyCalled ? 'winback.script.theyCalled' : 'winback.script.opening';
  return [spokenGreeting(sheet.customer satisfies Customer, own), own(opening, { name: staff.name, company: house })];
}
