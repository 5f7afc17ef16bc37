import { textIn } from '../../coding/index.ts';
import { formatShare } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import type { Staff } from '../../web/index.ts';
import type { Offer } from './offer.ts';

export type Reader = Pick<Staff, 't' | 'language' | 'currency'>;

export const offerName = (offer: Pick<Offer, 'name'>, language: string): string => textIn(offer.name, language);

/** 'Discount in per cent, 10%', 'Gift'. */
export function whatItIs({ kind, amount }: Pick<Offer, 'kind' | 'amount'>, { t, language, currency }: Reader): string {
  const said = t(`offers.kind.${kind}`);
  if (amount === null) return said;
  const size =
    kind === 'discount_percent' ? formatShare(amount / 100, language) : formatMoney(amount, currency, language);
  return `${said}, ${size}`;
}
