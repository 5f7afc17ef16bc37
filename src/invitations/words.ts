import type { AudienceFilter } from '../customers/index.ts';
import {
  countryIn,
  formatDay,
  formatMoment,
  formatNumber,
  formatShare,
  languageName,
  type Translate,
} from '../i18n/index.ts';
import { formatMoney } from '../shared/money.ts';
import type { Share } from '../shared/statistics.ts';
import type { LeftOutCount } from './left-out.ts';
import type { Wave } from './wave.ts';
import type { ReasonGroup } from './reason-group.ts';

/** A term and its value, as `.facts` shows them. */
export interface Fact {
  term: string;
  value: string;
}

/** Whom a wave is for, in words. */
export function audienceFacts(
  audience: AudienceFilter,
  { currency, reasons }: { currency: string; reasons: ReasonGroup[] },
  t: Translate,
): Fact[] {
  const nameOf = (id: string) => reasons.flatMap(({ codes }) => codes).find((code) => code.id === id)?.name ?? '';
  const list = new Intl.ListFormat(t.language, { type: 'disjunction' });
  const any = (values: string[] | undefined) => (values ? list.format(values) : '');
  const facts: [string, string][] = [
    ['status', t(`waves.form.status.${audience.status ?? 'any'}`)],
    ['left', leftWords(audience, t)],
    ['languages', any(audience.languages?.map(languageName))],
    ['countries', any(audience.countries?.map((code) => countryIn(code, t.language)))],
    ['segments', any(audience.segments)],
    ['tags', any(audience.tags)],
    ['worth', worthWords(audience, currency, t)],
    ['bought', boughtWords(audience, t)],
    ['notBought', monthsWords(audience.notBoughtWithinMonths, 'notBought', t)],
    ['reasons', any(audience.reasons?.map(nameOf).filter(Boolean))],
    ['contentment', audience.contentment ? t(`waves.audience.contentment.${audience.contentment}`) : ''],
    ['answered', monthsWords(audience.answeredWithinMonths, 'leftWithin', t)],
    ['named', audience.customerIds ? t('waves.audience.named', { count: audience.customerIds.length }) : ''],
    ['turn', audience.turn ? t('waves.audience.turn', { part: audience.turn.part + 1, of: audience.turn.of }) : ''],
    ['references', audience.references ? t('waves.audience.references', { count: audience.references.length }) : ''],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ term: t(`waves.audience.${key}.term`), value }));
}

function leftWords({ leftWithinMonths, leftFrom, leftTo }: AudienceFilter, t: Translate): string {
  const day = (text: string) => formatDay(text, t.language);
  const parts = [
    leftWithinMonths === undefined ? '' : t('waves.audience.leftWithin', { count: leftWithinMonths }),
    leftFrom === undefined ? '' : t('waves.audience.from', { from: day(leftFrom) }),
    leftTo === undefined ? '' : t('waves.audience.to', { to: day(leftTo) }),
  ];
  return parts.filter(Boolean).join(', ');
}

const monthsWords = (months: number | undefined, key: string, t: Translate) =>
  months === undefined ? '' : t(`waves.audience.${key}`, { count: months });

function boughtWords({ boughtItem, boughtWithinMonths, purchasesFrom }: AudienceFilter, t: Translate): string {
  const parts = [
    boughtItem === undefined ? '' : t('waves.audience.boughtItem', { words: boughtItem }),
    purchasesFrom === undefined ? '' : t('waves.audience.purchasesFrom', { count: purchasesFrom }),
    monthsWords(boughtWithinMonths, 'leftWithin', t),
  ];
  return parts.filter(Boolean).join(', ');
}

function worthWords({ worthFromMinor, worthToMinor }: AudienceFilter, currency: string, t: Translate): string {
  const money = (minor: number) => formatMoney(minor, currency, t.language);
  const parts = [
    worthFromMinor === undefined ? '' : t('waves.audience.from', { from: money(worthFromMinor) }),
    worthToMinor === undefined ? '' : t('waves.audience.to', { to: money(worthToMinor) }),
  ];
  return parts.filter(Boolean).join(', ');
}

export interface Tag {
  text: string;
  /** Class of `.tag`: empty, good or late. */
  tone: string;
}

/** Where a wave stands, in a word or two. */
export function stateTag({ state, holdUntil }: Wave, now: string, t: Translate): Tag {
  const holding = (state === 'starting' || state === 'sending') && holdUntil !== null && holdUntil > now;
  const tone = { draft: '', starting: 'good', sending: 'good', paused: 'late', stopped: 'late', finished: '' }[state];
  return { text: t(`waves.state.${holding ? 'holding' : state}`), tone: holding ? 'late' : tone };
}

/** Below this a share says nothing. */
const TOO_FEW = 10;

/** '15.8 % (13.5–18.4)', or that the base is too small for it. */
export function shareWords({ share, low, high }: Share, base: number, t: Translate): string {
  if (base < TOO_FEW) return t('waves.tooFew');
  const points = (value: number) =>
    formatNumber(value * 100, t.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${formatShare(share, t.language, 1)} (${points(low)}–${points(high)})`;
}

/** 'on day 5 and day 12', or that there are none. */
export function reminderWords(days: number[], t: Translate): string {
  if (days.length === 0) return t('waves.fact.reminders.none');
  const list = new Intl.ListFormat(t.language, { type: 'conjunction' });
  return list.format(days.map((day) => t('waves.fact.reminders.day', { day })));
}

/** Words of ours are said in the reader's language; statuses of servers stand as they are. */
export function errorWords(error: string, t: Translate): string {
  const said = t(`waves.error.word.${error}`);
  return said.startsWith('waves.error.word.') ? error : said;
}

/** 'Asked something lately: 3 (may be asked again from 12 January).' */
export function leftOutWords(
  name: string,
  { count, from, until }: Pick<LeftOutCount<string>, 'count' | 'from' | 'until'>,
  timeZone: string,
  t: Translate,
): string {
  const when = untilWords({ from, until }, timeZone, t);
  return `${name}: ${formatNumber(count, t.language)}${when === null ? '' : ` (${when})`}.`;
}

/** From when the first and the last of some may be asked again; null where that is no question of time. */
export function untilWords(
  { from, until }: Pick<LeftOutCount<string>, 'from' | 'until'>,
  timeZone: string,
  t: Translate,
): string | null {
  if (from === null || until === null) return null;
  const [first, last] = [from, until].map((at) => formatMoment(at, t.language, timeZone));
  return t(first === last ? 'waves.until.one' : 'waves.until.range', { from: first ?? '', until: last ?? '' });
}
