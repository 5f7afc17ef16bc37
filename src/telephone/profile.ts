import type { Accounts } from '../accounts/index.ts';
import type { Customers, Fact } from '../customers/index.ts';
import { formatMoment } from '../i18n/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Staff } from '../web/index.ts';
import type { Telephone } from './service.ts';

interface ProfileWeb {
  telephone: Pick<Telephone, 'noted'>;
  customers: Pick<Customers, 'find'>;
  accounts: Pick<Accounts, 'colleagues'>;
  storage: Storage;
}

/** For a customer's profile: that nobody is to call them, or not at that number, when it was noted and by whom. */
export async function callFacts(
  { telephone, customers, accounts, storage }: ProfileWeb,
  customerId: string,
  { t, language, timeZone }: Staff,
): Promise<Fact[]> {
  const customer = await customers.find(customerId);
  const noted = customer && (await telephone.noted(storage.read, customer));
  if (!noted) return [];
  const name = (await accounts.colleagues()).find(({ id }) => id === noted.flagged_by)?.name;
  const by = name && t('customers.event.by', { name });
  const when = [formatMoment(noted.flagged_at, language, timeZone), by].filter(Boolean).join(', ');
  return [{ term: t('telephone.link'), lines: [t(`telephone.why.${noted.kind}`), when], mood: 'bad' }];
}
