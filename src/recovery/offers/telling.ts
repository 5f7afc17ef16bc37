import { textIn } from '../../coding/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { findOffers } from './offer-store.ts';

/** Something that a customer was given and can use. */
export interface Promised {
  id: string;
  /** By language what it is. */
  name: Record<string, string>;
  /** '' where there is none. */
  code: string;
  /** 'YYYY-MM-DD' */
  validUntil: string;
  /** When they were last written to about it. */
  toldAt: string | null;
}

export interface Telling {
  /** What was given in a case and can be used, the oldest first. */
  promisedIn(db: Db, theCase: Pick<RecoveryCase, 'id' | 'customerId'>): Promise<Promised[]>;
  /** By id, of what was given: those that can be used. */
  usable(db: Db, givenIds: string[]): Promise<Map<string, Promised>>;
  /** A mail about these is on its way: on the customer's timeline and on the case. */
  told(tx: Tx, actor: Actor, theCase: Pick<RecoveryCase, 'id' | 'customerId'>, promised: Promised[]): Promise<void>;
}

/** Customers hear of what they were given. */
export function createTelling({ clock, accounts, customers, cases }: OffersDeps): Telling {
  async function usable(db: Db, givenIds: string[]): Promise<Map<string, Promised>> {
    const given = [...(await store.findManyGiven(db, givenIds)).values()].filter(({ state }) => state === 'given');
    const offers = await findOffers(db, [...new Set(given.map(({ offerId }) => offerId))]);
    return new Map(
      given.map(({ id, offerId, code, validUntil, toldAt }) => [
        id,
        { id, name: offers.get(offerId)?.name ?? {}, code, validUntil, toldAt },
      ]),
    );
  }

  return {
    usable,
    async promisedIn(db, { id: caseId, customerId }) {
      if (customerId === null) return [];
      const theirs = (await store.givenTo(db, customerId)).filter((given) => given.caseId === caseId).reverse();
      const found = await usable(
        db,
        theirs.map(({ id }) => id),
      );
      return theirs.flatMap(({ id }) => found.get(id) ?? []);
    },
    async told(tx, actor, { id: caseId, customerId }, promised) {
      const ids = promised.map(({ id }) => id);
      if (customerId === null || ids.length === 0) return;
      await store.markTold(tx, ids, timestamp(clock));
      const { defaultLanguage } = await accounts.companyIn(tx);
      for (const { id, name } of promised) {
        const detail = { offer: textIn(name, defaultLanguage) };
        const event = { customerId, kind: 'offers.told', accountId: accountOf(actor), subjectId: id, detail };
        await customers.recordEvents(tx, [event]);
        await accounts.audit(tx, actor, 'offers.told', { kind: 'offer', id });
        await cases.note(tx, actor, caseId, { kind: 'offer.told', detail });
      }
    },
  };
}

/** 'A bag of coffee, until 3 May. Your code: K7PD-XM3Q', in the language of `t`. */
export function promisedWords({ name, code, validUntil }: Promised, t: Translate): string {
  const values = { offer: textIn(name, t.language), code, until: formatDay(validUntil, t.language) };
  return t(code === '' ? 'cases.public.promised.until' : 'cases.public.promised.code', values);
}

/** The same as a sentence of a letter. */
export function offerWords({ name, code, validUntil }: Promised, t: Translate): string {
  const values = { offer: textIn(name, t.language), code, until: formatDay(validUntil, t.language) };
  return t(code === '' ? 'offers.mail.until' : 'offers.mail.code', values);
}
