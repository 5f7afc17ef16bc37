import { formatDay, type Translate } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import type { FormView } from '../../web/index.ts';
import type { Choice } from './giving-interface.ts';
import { offerName, whatItIs, type Reader } from './offer-words.ts';
import type { GivenOffer, Offer } from './offer.ts';

interface GivenLine {
  id: string;
  name: string;
  state: string;
  mood: 'late' | 'bad' | 'good' | '';
  said: string;
  code: string;
  /** Null where it cannot be any more. */
  use: { field: string; day: string } | null;
  takeBack: string | null;
}

export interface CustomerOffersPage {
  name: string;
  back: { href: string; text: string };
  lead: string;
  action: string;
  caseId: string;
  form: FormView;
  choices: { id: string; text: string; hint: string; checked: boolean }[];
  refused: { text: string; why: string }[];
  warned: string;
  given: GivenLine[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/customer-offers': CustomerOffersPage;
  }
}

/** 'Given on 3 May by Anna, until 2 June', and the like. */
export function givenLine(
  given: GivenOffer,
  offer: Offer | undefined,
  who: string,
  { t, language, today }: GivenReader,
): GivenLine {
  const day = (text: string | null) => (text === null ? '' : formatDay(text, language));
  const { state } = given;
  const values = { day: day(given.givenOn), until: day(given.validUntil), used: day(given.redeemedOn) };
  const said = t(`offers.said.${state}`, { ...values, who: who || t('accounts.actor.system') });
  return {
    id: given.id,
    name: offer ? offerName(offer, language) : '',
    state: t(`offers.state.${state}`),
    mood: ({ redeemed: 'good', waiting: 'late', refused: 'bad' } as const)[state as 'redeemed'] ?? '',
    said: [said, given.endedWhy].filter(Boolean).join(' '),
    code: given.code,
    use: state === 'given' || state === 'expired' ? { field: usedField(given.id), day: lastUse(given, today) } : null,
    takeBack: state === 'given' || state === 'waiting' ? whyField(given.id) : null,
  };
}

/** Each has fields of its own for the day on which it was used and why it is taken back. */
export const usedField = (givenId: string): string => `on-${givenId}`;
export const whyField = (givenId: string): string => `why-${givenId}`;

/** What ran out can have been used until then only. */
const lastUse = ({ state, validUntil }: GivenOffer, today: string): string =>
  state === 'expired' && validUntil < today ? validUntil : today;

interface GivenReader {
  t: Translate;
  language: string;
  today: string;
}

/** What may be given, as radio buttons, and what may not, with why. */
export function choiceViews(choices: Choice[], chosen: string, staff: Reader) {
  const { t, language, currency } = staff;
  const textOf = ({ offer }: Choice) => `${offerName(offer, language)} (${whatItIs(offer, staff)})`;
  const hintOf = ({ offer, approval }: Choice) =>
    [
      t('offers.costs', { cost: formatMoney(offer.costMinor, currency, language) }),
      approval ? t('offers.needsApproval') : '',
    ]
      .filter(Boolean)
      .join(' ');
  const may = choices.filter(({ why }) => why === null);
  return {
    choices: may.map((each) => ({
      id: each.offer.id,
      text: textOf(each),
      hint: hintOf(each),
      checked: each.offer.id === chosen,
    })),
    refused: choices.flatMap((each) =>
      each.why === null ? [] : [{ text: textOf(each), why: t(`offers.why.${each.why}`) }],
    ),
  };
}
