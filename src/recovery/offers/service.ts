import type { CodeRemarks } from '../../customers/index.ts';
import { NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { createHooks, page, type Db, type Hooks, type Page } from '../../storage/index.ts';
import { hasRole, type Role } from '../../web/index.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { createGiving } from './giving.ts';
import type { Giving, OfferEnded, OfferGiven } from './giving-interface.ts';
import type { GivenOffer } from './offer.ts';
import { codesNamed } from './naming.ts';
import { codeIn, needsApproval } from './rules.ts';
import { createTelling, type Telling } from './telling.ts';
import { createUsing, type OfferRedeemed, type Using } from './using.ts';

export interface Offers extends Catalogue, Giving, Telling, Using {
  /** Runs in the same transaction when a customer gets one. */
  onGiven: Hooks<OfferGiven>['on'];
  /** ... and when they have used it. */
  onRedeemed: Hooks<OfferRedeemed>['on'];
  /** ... and when nobody can use it any more. */
  onEnded: Hooks<OfferEnded>['on'];
  /** What a customer was given, the newest first. */
  ofCustomer(db: Db, customerId: string): Promise<GivenOffer[]>;
  /** @throws NotFound */
  givenOne(id: string): Promise<GivenOffer>;
  /** What anybody was given, the newest first, after the one of that id. */
  allGiven(filter: store.GivenFilter, before: string | null, limit: number): Promise<Page<GivenOffer>>;
  /** What waits for approval; the cursor is 'AT ID'. */
  waiting(cursor: string | null): Promise<Page<GivenOffer>>;
  /** How many of those somebody with that role may decide, of the first few dozen. */
  countToDecide(role: Role): Promise<number>;
  /** Whose code that is, as somebody reads it out: capitals, hyphens and spaces do not matter. */
  byCode(db: Db, typed: string): Promise<GivenOffer | undefined>;
  /** What keeps the codes that these purchases name from counting as used, in their order; null where nothing does. */
  codesNamed: CodeRemarks;
  /** For the undo of an import: which of these customers were given something. */
  given(db: Db, customerIds: string[]): Promise<string[]>;
}

const A_PAGE = 30;

/** Offers and tokens of appreciation: what there is, who gets it, and what became of it. */
export function createOffers(needs: Omit<OffersDeps, 'ended'>): Offers {
  const ended = createHooks<OfferEnded>();
  const deps = { ...needs, ended };
  const catalogue = createCatalogue(deps);
  const [given, redeemed] = [createHooks<OfferGiven>(), createHooks<OfferRedeemed>()];
  return {
    ...catalogue,
    ...createGiving(deps, catalogue, given),
    ...createTelling(deps),
    ...createUsing(deps, redeemed),
    onGiven: given.on,
    onRedeemed: redeemed.on,
    onEnded: ended.on,
    ofCustomer: store.givenTo,
    async givenOne(id) {
      const found = isId(id) ? await store.findGiven(deps.storage.read, id) : undefined;
      if (!found) throw new NotFound();
      return found;
    },
    allGiven: async (filter, before, limit) =>
      page(await store.listGiven(deps.storage.read, filter, before, limit + 1), limit, ({ id }) => id),
    async waiting(cursor) {
      const [, at, id] = /^(\S{24}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const after = at !== undefined && id !== undefined ? { at, id } : null;
      const rows = await store.waiting(deps.storage.read, after, A_PAGE + 1);
      return page(rows, A_PAGE, (row) => `${row.givenAt} ${row.id}`);
    },
    async countToDecide(role) {
      if (!hasRole(role, 'manager')) return 0;
      const limits = await catalogue.limits(deps.storage.read);
      const rows = await store.waiting(deps.storage.read, null, A_PAGE);
      return rows.filter(({ costMinor }) => !needsApproval(role, costMinor, limits)).length;
    },
    async byCode(db, typed) {
      const code = codeIn(typed);
      return code === undefined ? undefined : await store.findByCode(db, code);
    },
    codesNamed,
    given: store.everGiven,
  };
}
