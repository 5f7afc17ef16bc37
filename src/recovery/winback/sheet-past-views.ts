import { formatMoment, type Translate } from '../../i18n/index.ts';
import { choiceViews } from '../offers/given-views.ts';
import { offerName } from '../offers/offer-words.ts';
import { bringsTogether } from '../offers/rules.ts';
import type { CallSheet } from './call-sheet.ts';
import { isFailure } from './rules.ts';
import type { SheetFacts } from './sheet-facts.ts';

export interface PastView {
  promised: { text: string; about: string }[];
  before: { text: string; about: string }[];
}

export interface OffersView {
  may: string[];
  why: string;
  /** Said where they could get both; '' elsewhere. */
  together: string;
  given: { text: string; mood: 'good' | 'soft' }[];
  href: string;
}

export interface LettersView {
  lines: string[];
  links: { href: string; text: string }[];
}

/** What was said and promised on the telephone before. */
export function pastOf({ sheet: { calls }, colleagues, staff }: SheetFacts, t: Translate): PastView {
  const about = (call: CallSheet['calls'][number]) =>
    [
      t(`winback.outcome.${call.outcome}`),
      formatMoment(call.at, t.language, staff.timeZone),
      colleagues.find(({ id }) => id === call.account_id)?.name ?? '',
    ]
      .filter(Boolean)
      .join(', ');
  return {
    promised: calls
      .filter(({ promised }) => promised !== '')
      .map((call) => ({ text: call.promised, about: about(call) })),
    before: calls.map((call) => ({ text: call.said, about: about(call) })),
  };
}

/** What may be given, and what was. */
export function offersOf({ sheet, choices, given, staff }: SheetFacts): OffersView {
  const { t } = staff;
  const theirs = given.filter(({ given: { state } }) => state === 'given' || state === 'waiting');
  const kindsTheyHave = theirs.flatMap(({ offer }) => offer?.kind ?? []);
  const kindsAllowed = choices.filter(({ why }) => why === null).map(({ offer }) => offer.kind);
  return {
    may: choiceViews(choices, '', staff).choices.map(({ text }) => text),
    why: choices.some(({ why }) => why === 'reason') ? t('winback.offers.first') : t('offers.noneAllowed'),
    together: bringsTogether(kindsAllowed, kindsTheyHave) ? t('winback.offers.together') : '',
    given: [
      ...theirs.map((each) => ({ text: givenText(each, staff), mood: 'good' as const })),
      // Nobody asks again for what was not approved here.
      ...given
        .filter(({ given: { state, caseId } }) => state === 'refused' && caseId === sheet.theCase.id)
        .map((each) => ({ text: givenText(each, staff), mood: 'soft' as const })),
    ],
    // Nothing more is given in a closed one.
    href: `/customers/${sheet.customer.id}/offers${sheet.theCase.closedAt === null ? `?case=${sheet.theCase.id}` : ''}`,
  };
}

/** The code stands in it to be read out in the call, or why it is not given. */
function givenText({ given, offer }: SheetFacts['given'][number], { t, language }: SheetFacts['staff']): string {
  const state = `${offer ? offerName(offer, language) : ''}, ${t(`offers.state.${given.state}`)}`;
  const more = given.code || given.endedWhy;
  return more ? `${state} · ${more}` : state;
}

/** What was written, and what may be. */
export function lettersOf({ sheet, letters, given, reason, staff }: SheetFacts, t: Translate): LettersView {
  const at = `/cases/${sheet.theCase.id}/letter`;
  const has = (kind: string) => letters.some((letter) => letter.kind === kind);
  const usable = given.some(({ given: { state, caseId } }) => state === 'given' && caseId === sheet.theCase.id);
  const mayWrite = sheet.customer.email !== '' && sheet.own.state === 'open';
  return {
    lines: letters.map((letter) =>
      t(`winback.letter.state.${letter.state}`, {
        what: t(`winback.letter.kind.${letter.kind}`),
        at: formatMoment(letter.sent_at ?? letter.due_at, t.language, staff.timeZone),
      }),
    ),
    links: [
      // Whoever has told us why is not asked again, but where we failed them they are owed an apology.
      ...(mayWrite && !has('ask') && (!reason || isFailure(reason.key))
        ? [{ href: at, text: t('winback.letter.write.ask') }]
        : []),
      ...(mayWrite && usable && !has('offer')
        ? [{ href: `${at}?kind=offer`, text: t('winback.letter.write.offer') }]
        : []),
    ],
  };
}
