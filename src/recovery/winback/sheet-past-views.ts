import { formatMoment, type Translate } from '../../i18n/index.ts';
import { choiceViews } from '../offers/given-views.ts';
import { offerName } from '../offers/offer-words.ts';
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
  given: string[];
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
  const open = given.filter(({ given: { state } }) => state === 'given' || state === 'waiting');
  return {
    may: choiceViews(choices, '', staff).choices.map(({ text }) => text),
    why: choices.some(({ why }) => why === 'reason') ? t('winback.offers.first') : t('offers.noneAllowed'),
    given: open.map(
      // The code stands here to be read out in the call.
      ({ given: { state, code }, offer }) =>
        `${offer ? offerName(offer, staff.language) : ''}, ${t(`offers.state.${state}`)}${code ? ` · ${code}` : ''}`,
    ),
    // Nothing more is given in a closed one.
    href: `/customers/${sheet.customer.id}/offers${sheet.theCase.closedAt === null ? `?case=${sheet.theCase.id}` : ''}`,
  };
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
