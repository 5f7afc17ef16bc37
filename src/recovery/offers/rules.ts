import { daysBetween } from '../../shared/dates.ts';
import { hasRole, type Role } from '../../web/index.ts';
import type { ForWhom, GivingLimits, Offer, OfferInput, OfferKind } from './offer.ts';

/** With us for less than this is new, for longer than that is loyal; days. */
const [NEW_DAYS, LOYAL_DAYS] = [365, 3 * 365];

/** Whom an offer would be for, and what is known of why they left. */
export interface Receiver {
  status: 'active' | 'left';
  /** When they became a customer; null where nobody knows. */
  since: string | null;
  worthMinor: number;
  /** They have left, or somebody is about to win them back. */
  inWinBack: boolean;
  /** The first-level reason, '' while it is not known. */
  reasonKey: string;
}

export const WHY_NOT = [
  'ended',
  'role',
  'reason',
  'otherReason',
  'whom',
  'worth',
  'most',
  'year',
  'customer',
  'has',
] as const;
export type WhyNot = (typeof WHY_NOT)[number];

type Standing = Pick<Offer, 'retiredAt' | 'endsOn' | 'leastRole' | 'reasons' | 'forWhom' | 'leastWorthMinor'>;

/**
 * What speaks against giving it, without the counted limits; null where nothing does. Nobody is won back with a gift
 * before they have said what happened.
 */
export function againstGiving(offer: Standing, receiver: Receiver, by: { role: Role; today: string }): WhyNot | null {
  if (offer.retiredAt !== null || (offer.endsOn !== null && offer.endsOn < by.today)) return 'ended';
  if (!hasRole(by.role, offer.leastRole)) return 'role';
  if (receiver.inWinBack && receiver.reasonKey === '') return 'reason';
  if (offer.reasons.length > 0 && !offer.reasons.includes(receiver.reasonKey)) return 'otherReason';
  if (!isFor(offer.forWhom, receiver, by.today)) return 'whom';
  return receiver.worthMinor < offer.leastWorthMinor ? 'worth' : null;
}

function isFor(whom: ForWhom, { status, since, inWinBack }: Receiver, today: string): boolean {
  if (whom === 'everyone') return true;
  if (whom === 'left') return status === 'left' || inWinBack;
  if (since === null) return false;
  const days = daysBetween(since, today);
  return whom === 'new' ? days < NEW_DAYS : days >= LOYAL_DAYS;
}

export interface Counts {
  /** Ever, and this calendar year, to anybody. */
  given: number;
  thisYear: number;
  /** To this customer in the last twelve months. */
  toThem: number;
}

/** Which limit is used up; null where none is. The counts are without the one that is to be given. */
export function limitReached(limits: Pick<Offer, 'most' | 'perYear' | 'perCustomer'>, counts: Counts): WhyNot | null {
  if (limits.most !== null && counts.given >= limits.most) return 'most';
  if (limits.perYear !== null && counts.thisYear >= limits.perYear) return 'year';
  return limits.perCustomer !== null && counts.toThem >= limits.perCustomer ? 'customer' : null;
}

/** Whether somebody else has to agree first. */
export function needsApproval(role: Role, costMinor: number, { staffMinor, managerMinor }: GivingLimits): boolean {
  if (role === 'administrator') return false;
  return costMinor > (role === 'manager' ? managerMinor : staffMinor);
}

const isDiscount = (kind: OfferKind) => kind === 'discount_percent' || kind === 'discount_amount';

/** Source: Kumar and others 2015: a discount with an upgrade wins most people back and keeps them shortest. */
function discountWithUpgrade(kinds: readonly OfferKind[]): boolean {
  return kinds.some(isDiscount) && kinds.includes('upgrade');
}

/** Whether they would have both by one more of these. */
export const bringsTogether = (more: readonly OfferKind[], had: readonly OfferKind[]): boolean =>
  !discountWithUpgrade(had) && discountWithUpgrade([...had, ...more]);

/** Whether the dearest that a newcomer can get costs more than the dearest for a loyal customer. */
export function newcomersGetMore(offers: readonly Pick<OfferInput, 'forWhom' | 'costMinor'>[]): boolean {
  const dearest = (whom: ForWhom) =>
    Math.max(
      0,
      ...offers.filter((each) => each.forWhom === whom || each.forWhom === 'everyone').map((each) => each.costMinor),
    );
  return dearest('new') > dearest('loyal');
}

/** Without letters and digits that look alike. */
export const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** 'K7PD-XM3Q'; `random` gives whole numbers below its argument. */
export function newCode(random: (below: number) => number): string {
  const letters = Array.from({ length: 8 }, () => CODE_LETTERS[random(CODE_LETTERS.length)] ?? '');
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

const CODE = new RegExp(`^([${CODE_LETTERS}]{4})[\\s\\p{Pd}]*([${CODE_LETTERS}]{4})$`, 'u');

/** A generated code in what somebody typed, as it is kept; undefined where it is none. */
export function codeIn(typed: string): string | undefined {
  const [, head, tail] = CODE.exec(folded(typed)) ?? [];
  return head === undefined || tail === undefined ? undefined : `${head}-${tail}`;
}

/** As codes are compared: capitals, and one kind of hyphen. */
const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLocaleUpperCase('en')
    .replace(/\p{Pd}/gu, '-')
    .trim();
const WORD = /[\p{L}\p{N}]/u;

/** Whether a purchase's reference or item says that code as a word of its own, or is called exactly like the offer. */
export function namesOffer(
  purchase: { reference: string; item: string },
  code: string,
  names: readonly string[],
): boolean {
  const said = [folded(purchase.reference), folded(purchase.item)];
  if (code !== '') return said.some((text) => hasWord(text, folded(code)));
  return names.some((name) => folded(name) !== '' && said.includes(folded(name)));
}

const CODE_WORD = new RegExp(`(?<![\\p{L}\\p{N}])[${CODE_LETTERS}]{4}-[${CODE_LETTERS}]{4}(?![\\p{L}\\p{N}])`, 'gu');

/** The codes in what somebody typed: words made like ours, and those of `typed`, as these are kept. */
export function codesIn(text: string, typed: readonly string[]): string[] {
  const said = folded(text);
  const ours = said.match(CODE_WORD) ?? [];
  return [...new Set([...ours, ...typed.filter((code) => hasWord(said, folded(code)))])];
}

/** Nearly all of our codes mix letters and figures; years and words in capitals do not. */
export const looksLikeCode = (code: string): boolean => /\p{L}/u.test(code) && /\p{N}/u.test(code);

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + word.length] ?? ''];
    if (!WORD.test(before) && !WORD.test(after)) return true;
  }
  return false;
}
