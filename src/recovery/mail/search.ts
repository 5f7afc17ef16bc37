import type { Staff } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';

/** A case whose number somebody typed into the search box, as '2041' or '#2041'. */
export async function searchCases(
  { recovery, storage, customers }: Pick<RecoveryWeb, 'recovery' | 'storage' | 'customers'>,
  words: string,
  { t }: Staff,
) {
  const number = /^#?(\d{1,9})$/.exec(words.trim())?.[1];
  const found = number === undefined ? undefined : await recovery.cases.findByNumber(Number(number));
  if (!found) return null;
  const { id, customerId, contact } = found;
  const names = customerId === null ? undefined : await customers.names(storage.read, [customerId]);
  const name = names?.get(customerId ?? '')?.name ?? contact.name;
  const text = [t('cases.title', { number: String(found.number) }), name].filter(Boolean).join(', ');
  return { heading: t('casemail.search'), rows: [{ text, href: `/cases/${id}` }] };
}
