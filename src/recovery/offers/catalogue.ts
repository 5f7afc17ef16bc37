import { isDeepStrictEqual } from 'node:util';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { createHooks, holdTable, type Db, type Hooks, type Tx } from '../../storage/index.ts';
import type { OffersDeps } from './deps.ts';
import type { GivingLimits, Offer, OfferInput } from './offer.ts';
import * as store from './offer-store.ts';

/** Until an administrator says otherwise: 25 and 150 of the usual currency. */
const UNSAID: GivingLimits = { staffMinor: 2500, managerMinor: 15_000 };

export interface CatalogueNews {
  offerId: string;
  what: 'added' | 'changed' | 'retired' | 'resumed';
  at: string;
}

export interface Catalogue {
  /** Runs in the same transaction when one is added or changed, given no longer, or given again. */
  onCatalogue: Hooks<CatalogueNews>['on'];
  /** Those in use first. */
  list(): Promise<Offer[]>;
  /** @throws NotFound */
  get(id: string): Promise<Offer>;
  named(db: Db, ids: string[]): Promise<Map<string, Offer>>;
  create(actor: Actor, input: OfferInput): Promise<string>;
  /** For programs, which ask again when they heard nothing: one in use that says the same is that one. */
  createOnce(actor: Actor, input: OfferInput): Promise<{ id: string; fresh: boolean }>;
  /** @throws Conflict where it is no longer at that revision, or has been given more often than `most` */
  change(actor: Actor, id: string, revision: number, input: OfferInput): Promise<void>;
  /** No longer given, or given again. @throws Conflict where it is so already */
  retire(actor: Actor, id: string, isRetired: boolean): Promise<void>;
  limits(db: Db): Promise<GivingLimits>;
  setLimits(actor: Actor, limits: GivingLimits): Promise<void>;
}

/** What can be given, and up to which cost by whom. */
export function createCatalogue({ storage, clock, accounts }: OffersDeps): Catalogue {
  const { read } = storage;
  const news = createHooks<CatalogueNews>();

  async function note(tx: Tx, actor: Actor, offerId: string, what: CatalogueNews['what']): Promise<void> {
    await accounts.audit(tx, actor, `offers.${what}`, { kind: 'offer', id: offerId });
    await news.tell(tx, { offerId, what, at: timestamp(clock) });
  }

  async function add(tx: Tx, actor: Actor, input: OfferInput): Promise<string> {
    const id = newId(clock);
    await store.insertOffer(tx, input, { id, by: accountOf(actor), at: timestamp(clock) });
    await note(tx, actor, id, 'added');
    return id;
  }

  return {
    onCatalogue: news.on,
    list: () => store.listOffers(read),
    async get(id) {
      const offer = isId(id) ? await store.findOffer(read, id) : undefined;
      if (!offer) throw new NotFound();
      return offer;
    },
    named: store.findOffers,
    create: (actor, input) => storage.transaction((tx) => add(tx, actor, input)),
    createOnce: (actor, input) =>
      storage.transaction(async (tx) => {
        await holdTable(tx, storage.engine, 'offer');
        const before = (await store.listOffers(tx)).find((each) => each.retiredAt === null && saysSame(each, input));
        return before ? { id: before.id, fresh: false } : { id: await add(tx, actor, input), fresh: true };
      }),
    async change(actor, id, revision, input) {
      await storage.transaction(async (tx) => {
        const changed = await store.updateOffer(tx, input, { id, revision, at: timestamp(clock) });
        if (!changed) throw new Conflict('form.changed');
        await note(tx, actor, id, 'changed');
      });
    },
    async retire(actor, id, isRetired) {
      await storage.transaction(async (tx) => {
        const changed = await store.setRetired(tx, id, isRetired ? timestamp(clock) : null);
        if (!changed) throw new Conflict('error.changed');
        await note(tx, actor, id, isRetired ? 'retired' : 'resumed');
      });
    },
    async limits(db) {
      const row = await store.findLimits(db);
      return row ? { staffMinor: row.staff_minor, managerMinor: row.manager_minor } : UNSAID;
    },
    async setLimits(actor, { staffMinor, managerMinor }) {
      await storage.transaction(async (tx) => {
        const changed = { changed_by: accountOf(actor), changed_at: timestamp(clock) };
        const limits = { staff_minor: staffMinor, manager_minor: managerMinor };
        await store.insertLimits(tx, { id: newId(clock), ...limits, ...changed });
        await accounts.audit(tx, actor, 'offers.limits', { kind: 'setting' }, limits);
      });
    },
  };
}

/** Whether an offer already says all of that. */
export function saysSame(offer: Offer, input: OfferInput): boolean {
  return Object.entries(input).every(([name, value]) => isDeepStrictEqual(offer[name as keyof OfferInput], value));
}
