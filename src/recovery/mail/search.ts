import type { Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { offerName } from '../offers/offer-words.ts';
import type { RecoveryWeb } from '../web.ts';

type Web = Pick<RecoveryWeb, 'recovery' | 'storage' | 'customers'>;

/**
 * A case whose number somebody typed into the search box, as '2041' or '#2041', what a customer was given whose code
 * that is, and letters of cases with those words.
 */
export async function searchCases(web: Web, words: string, staff: Staff) {
  const number = /^#?(\d{1,9})$/.exec(words.trim())?.[1];
  const numbered = number === undefined ? undefined : await web.recovery.cases.findByNumber(Number(number));
  const rows = numbered ? [await rowOf(web, numbered, staff)] : [];
  for (const { caseId, excerpt } of await web.recovery.mail.search(words, staff.language)) {
    const theCase = await web.recovery.cases.find(web.storage.read, caseId);
    if (theCase) rows.push(await rowOf(web, theCase, staff, excerpt));
  }
  // A code is nothing else that could be found.
  const coded = await codeRows(web, words, staff);
  if (coded.length > 0) return { heading: staff.t('offers.panel'), rows: coded };
  return rows.length === 0 ? null : { heading: staff.t('casemail.search'), rows };
}

/** A customer reads out a code: whose it is, and whether it can be used. */
async function codeRows({ recovery: { offers }, storage, customers }: Web, typed: string, staff: Staff) {
  const given = await offers.byCode(storage.read, typed);
  if (!given) return [];
  const name = (await customers.names(storage.read, [given.customerId])).get(given.customerId)?.name ?? '';
  const offer = (await offers.named(storage.read, [given.offerId])).get(given.offerId);
  const what = offer ? offerName(offer, staff.language) : '';
  const text = [given.code, what, name, staff.t(`offers.state.${given.state}`)].filter(Boolean).join(', ');
  return [{ text, href: `/customers/${given.customerId}/offers#given` }];
}

async function rowOf({ storage, customers }: Web, theCase: RecoveryCase, { t }: Staff, excerpt = '') {
  const { id, number, customerId, contact } = theCase;
  const names = customerId === null ? undefined : await customers.names(storage.read, [customerId]);
  const name = names?.get(customerId ?? '')?.name ?? contact.name;
  const text = [t('cases.title', { number: String(number) }), name].filter(Boolean).join(', ');
  return { text: excerpt === '' ? text : `${text}: ${excerpt}`, href: `/cases/${id}` };
}
