import { giftsFor, type GiftChoice } from '../../recovery/index.ts';
import type { LoyaltyWeb } from '../web.ts';
import type { AnniversarySetting } from './setting.ts';

export interface ChoosingDeps extends Pick<LoyaltyWeb, 'storage' | 'clock'> {
  accounts: Pick<LoyaltyWeb['accounts'], 'company'>;
  recovery: Pick<LoyaltyWeb['recovery'], 'offers'>;
  loyalty: Pick<LoyaltyWeb['loyalty'], 'anniversaries'>;
}

/** What a card can bring. */
export const choosable = async ({ recovery, storage, accounts, clock }: ChoosingDeps): Promise<GiftChoice[]> =>
  await giftsFor({
    offers: recovery.offers,
    storage,
    timeZone: (await accounts.company()).timeZone,
    now: clock.now(),
  });

/** The place of the first tier whose offer is none that may be chosen, or was chosen before; -1 where each is. */
export async function strangeOffer(deps: ChoosingDeps, tiers: AnniversarySetting['tiers']): Promise<number> {
  const before = await deps.loyalty.anniversaries.settings.read(deps.storage.read);
  const known = new Set<string | null>([null, ...before.tiers.map(({ offerId }) => offerId)]);
  for (const { id } of await choosable(deps)) known.add(id);
  return tiers.findIndex(({ offerId }) => !known.has(offerId));
}
