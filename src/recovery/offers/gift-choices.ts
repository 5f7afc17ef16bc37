import { dayIn } from '../../shared/dates.ts';
import type { Offer } from './offer.ts';
import { needsApproval } from './rules.ts';
import type { Offers } from './service.ts';

/** An offer that the business can give by itself to customers who stay. */
export type GiftChoice = Pick<Offer, 'id' | 'name' | 'codeKind' | 'code' | 'validDays' | 'costMinor'>;

interface Deps {
  offers: Pick<Offers, 'list' | 'limits'>;
  storage: { read: Parameters<Offers['limits']>[0] };
  timeZone: string;
  now: Date;
}

/** Those in use that are not meant for people who leave, and that a manager may give without asking anybody. */
export async function giftsFor({ offers, storage, timeZone, now }: Deps): Promise<GiftChoice[]> {
  const limits = await offers.limits(storage.read);
  const today = dayIn(timeZone, now);
  return (await offers.list()).filter(
    ({ retiredAt, endsOn, forWhom, reasons, leastRole, costMinor, most, given }) =>
      retiredAt === null &&
      (endsOn === null || endsOn >= today) &&
      (forWhom === 'everyone' || forWhom === 'loyal') &&
      reasons.length === 0 &&
      leastRole !== 'administrator' &&
      (most === null || given < most) &&
      !needsApproval('manager', costMinor, limits),
  );
}
