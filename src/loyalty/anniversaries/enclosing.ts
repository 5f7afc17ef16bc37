import { textIn } from '../../coding/index.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import type { Promised } from '../../recovery/index.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { encloseIn, type GreetingRow } from './anniversary-store.ts';
import { tierFor, type Tier } from './rules.ts';

/** What comes with a card: words, and how to use what was given; '' where there is nothing to say. */
export interface Enclosure {
  reward: string;
  use: string;
}

export interface Enclosing {
  /** Gives what belongs to so many years, and keeps it with the card that was just planned. */
  add(tx: Tx, greeting: GreetingRow, tiers: Tier[]): Promise<void>;
  /** What comes with these cards, each in its own language; nothing where it was taken back. */
  of(db: Db, greetings: GreetingRow[]): Promise<Map<string, Enclosure>>;
  /** These cards never left. */
  withdraw(tx: Tx, greetings: GreetingRow[]): Promise<void>;
}

/** Rewards of anniversaries: a sentence, or an offer of the catalogue with its code. */
export function createEnclosing({ texts, recovery }: Pick<LoyaltyDeps, 'texts' | 'recovery'>): Enclosing {
  const { offers } = recovery;

  return {
    async add(tx, { id, customer_id: customerId, years, language }, tiers) {
      const tier = tierFor(tiers, years);
      if (!tier) return;
      if (tier.offerId === null) return await encloseIn(tx, id, { reward: tier.text[language] ?? '' });
      const given = await offers.enclose(tx, { offerId: tier.offerId, customerId });
      const offer = given && (await offers.named(tx, [given.offerId])).get(given.offerId);
      if (!offer) return;
      const reward = rewardWords(tier, offer.name, texts.to(language));
      await encloseIn(tx, id, { reward, offer_given_id: given.id });
    },
    async of(db, greetings) {
      const promised = await offers.usable(
        db,
        greetings.flatMap((each) => each.offer_given_id ?? []),
      );
      return new Map(greetings.map((each) => [each.id, enclosureOf(each, promised, texts.to(each.language))]));
    },
    async withdraw(tx, greetings) {
      await offers.withdraw(
        tx,
        greetings.flatMap((each) => each.offer_given_id ?? []),
      );
    },
  };
}

/** The tier's own words; where it has none, what the offer is called. */
export function rewardWords({ text }: Pick<Tier, 'text'>, name: Record<string, string>, t: Translate): string {
  return text[t.language] || t('attentions.card.offer', { offer: textIn(name, t.language) });
}

/** How the customer uses it, in the language of `t`. */
export function useWords({ code, validUntil }: Pick<Promised, 'code' | 'validUntil'>, t: Translate): string {
  const values = { code, until: formatDay(validUntil, t.language) };
  return t(code === '' ? 'attentions.card.until' : 'attentions.card.code', values);
}

function enclosureOf(greeting: GreetingRow, promised: Map<string, Promised>, t: Translate): Enclosure {
  const { offer_given_id: givenId, reward } = greeting;
  if (givenId === null) return { reward, use: '' };
  const mine = promised.get(givenId);
  return mine ? { reward, use: useWords(mine, t) } : { reward: '', use: '' };
}
