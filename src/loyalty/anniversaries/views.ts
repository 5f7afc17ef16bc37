import { displayName, type Customer } from '../../customers/index.ts';
import {
  formatDay,
  formatWeekday,
  languageCodes,
  languageIn,
  languageName,
  type Texts,
  type Translate,
} from '../../i18n/index.ts';
import { textIn } from '../../coding/index.ts';
import type { GiftChoice } from '../../recovery/index.ts';
import { addDays } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import type { GreetingRow } from './anniversary-store.ts';
import { cardWords } from './mail.ts';
import { rewardWords, useWords, type Enclosure } from './enclosing.ts';
import { tierFor, type Hindrance } from './rules.ts';
import type { CardToWrite, Upcoming } from './interface.ts';
import { MOST_TIERS, typedSetting, type AnniversarySetting } from './setting.ts';

export interface AnniversariesPage {
  lead: string;
  on: boolean;
  form: FormView;
  mayChange: boolean;
  revision: number;
  changed: string;
  upcoming: { name: string; href: string; day: string; years: string; how: string; mood: '' | 'late' }[];
  more: string | null;
  pile: { id: string; name: string; day: string; years: string; reward: string }[];
  /** Planned too; `against` says what has come up since, for as long as no card goes. */
  held: { id: string; name: string; href: string; day: string; years: string; against: string }[];
  /** Noted as posted lately: what was ticked by mistake can be taken back. */
  posted: { id: string; name: string; day: string; years: string }[];
  print: string;
  pileMore: string | null;
  latest: { name: string; href: string; day: string; years: string; state: string }[];
  tiers: {
    years: string;
    offer: { name: string; options: { value: string; text: string }[] } | null;
    texts: { name: string; label: string }[];
    heading: string;
  }[];
  previews: { language: string; name: string; subject: string; paragraphs: string[] }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'loyalty/anniversaries': AnniversariesPage;
  }
}

interface AnniversaryFacts {
  setting: AnniversarySetting;
  revision: number;
  changed: string;
  company: string;
  texts: Texts;
  upcoming: { rows: Upcoming[]; next: string | null };
  pile: { rows: CardToWrite[]; next: string | null };
  /** The cursor at which this page of the pile begins; null for the first. */
  from: string | null;
  posted: GreetingRow[];
  latest: GreetingRow[];
  /** What may be chosen to come with a card, and what was chosen, which may have ended since. */
  gifts: GiftChoice[];
  kept: Map<string, GiftChoice>;
  enclosed: Map<string, Enclosure>;
  today: string;
  people: Map<string, Customer>;
  typed?: object | undefined;
  errors?: FieldErrors | undefined;
}

export function anniversariesPage(facts: AnniversaryFacts, staff: Staff): AnniversariesPage {
  const { setting, upcoming, pile, latest, people, typed, errors } = facts;
  const { t } = staff;
  const who = (id: string) => {
    const customer = people.get(id);
    return { name: customer ? displayName(customer) : t('attentions.somebody'), href: `/customers/${id}` };
  };
  const years = (count: number) => t('attentions.years', { count });
  const card = (row: GreetingRow) => ({
    id: row.id,
    ...who(row.customer_id),
    day: formatWeekday(row.on_day, t.language),
    years: years(row.years),
  });
  const hindranceWords = (why: Hindrance) => t(`attentions.hindrance.${why}`);
  return {
    lead: t(setting.on ? 'attentions.lead.on' : 'attentions.lead.off'),
    on: setting.on,
    form: formView(typed ?? typedSetting(setting), errors, t),
    mayChange: hasRole(staff.role, 'manager'),
    revision: facts.revision,
    changed: facts.changed,
    upcoming: upcoming.rows.map((each) => ({
      name: displayName(each.customer),
      href: `/customers/${each.customer.id}`,
      day: formatWeekday(each.onDay, t.language),
      years: years(each.years),
      how: howOf(each, t),
      mood: each.hindrance === null || each.hindrance === 'greeted' ? '' : 'late',
    })),
    more: upcoming.next === null ? null : `/anniversaries?after=${encodeURIComponent(upcoming.next)}`,
    pile: pile.rows
      .filter(({ hindrance }) => hindrance === null)
      .map((row) => {
        const { reward = '', use = '' } = facts.enclosed.get(row.id) ?? {};
        return { ...card(row), reward: [reward, use].filter(Boolean).join(' ') };
      }),
    held: pile.rows.flatMap((row) =>
      row.hindrance === null ? [] : [{ ...card(row), against: hindranceWords(row.hindrance) }],
    ),
    posted: facts.posted.map(card),
    print: pileAt('/anniversaries/cards', facts.from),
    pileMore: pile.next === null ? null : pileAt('/anniversaries', pile.next),
    latest: latest.map((row) => ({
      ...who(row.customer_id),
      day: formatDay(row.on_day, t.language),
      years: years(row.years),
      state: t(`attentions.state.${row.state}`),
    })),
    tiers: Array.from({ length: MOST_TIERS }, (_, i) => ({
      heading: t('attentions.tier', { number: i + 1 }),
      years: `years-${i}`,
      offer: offerField(`offer-${i}`, facts, staff),
      texts: languageCodes.map((code) => ({ name: `text-${i}-${code}`, label: languageIn(code, t.language) })),
    })),
    previews: languageCodes.map((code) => preview(code, facts)),
  };
}

/** The page of the pile that begins at that cursor; null for the first. */
export const pileAt = (path: string, from: string | null): string =>
  from === null ? path : `${path}?pile=${encodeURIComponent(from)}`;

/** What stands against it, what has become of it, or how it is going to be. */
function howOf({ hindrance, greeting, way }: Upcoming, t: Translate): string {
  if (greeting !== null && (hindrance === null || hindrance === 'greeted')) return t(`attentions.state.${greeting}`);
  return t(hindrance === null ? `attentions.way.${way}` : `attentions.hindrance.${hindrance}`);
}

/** The catalogue; what was chosen and has ended since says so. Null where there is nothing to choose. */
function offerField(name: string, { gifts, kept }: AnniversaryFacts, { t, language }: Staff) {
  const ended = [...kept.values()].filter(({ id }) => !gifts.some((each) => each.id === id));
  if (gifts.length + ended.length === 0) return null;
  return {
    name,
    options: [
      { value: '', text: t('attentions.tier.noOffer') },
      ...gifts.map((each) => ({ value: each.id, text: textIn(each.name, language) })),
      ...ended.map((each) => ({
        value: each.id,
        text: t('attentions.tier.ended', { offer: textIn(each.name, language) }),
      })),
    ],
  };
}

const SAMPLE_CODE = 'K7PD-XM3Q';

/** As it would be for the highest reward, so that all of it is seen. */
function preview(language: string, facts: AnniversaryFacts): AnniversariesPage['previews'][number] {
  const { setting, company, texts } = facts;
  const t = texts.to(language);
  const years = setting.tiers.at(-1)?.years ?? Math.max(setting.fromYear, 5);
  const words = cardWords(t, { years, ...previewed(years, facts, t) }, company || t('mail.us'));
  return { language, name: languageName(language), ...words };
}

function previewed(years: number, { setting, gifts, today }: AnniversaryFacts, t: Translate): Enclosure {
  const tier = tierFor(setting.tiers, years);
  if (!tier || tier.offerId === null) return { reward: tier?.text[t.language] ?? '', use: '' };
  const offer = gifts.find(({ id }) => id === tier.offerId);
  if (!offer) return { reward: '', use: '' };
  const code = { none: '', typed: offer.code, generated: SAMPLE_CODE }[offer.codeKind];
  const use = useWords({ code, validUntil: addDays(today, offer.validDays) }, t);
  return { reward: rewardWords(tier, offer.name, t), use };
}
