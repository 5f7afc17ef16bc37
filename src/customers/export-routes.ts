import { Router } from 'express';
import { colleague } from '../shared/actor.ts';
import { CSV_BOM, csvLine, type CsvCell } from '../shared/csv.ts';
import { plainMoney } from '../shared/money.ts';
import { staffOf, writePart } from '../web/index.ts';
import type { Customer } from './customer.ts';
import { filterOf, readQuery } from './query.ts';
import type { CustomersWeb } from './web.ts';

const AT_ONCE = 500;

interface Lookup {
  currency: string;
  emailOf(accountId: string | null): string;
}

/** Stable names; those that an import knows too come first, so that the file can be mended and read back. */
const COLUMNS: [name: string, cell: (customer: Customer, lookup: Lookup) => CsvCell][] = [
  ['reference', (each) => each.reference],
  ['title', (each) => each.title],
  ['given name', (each) => each.givenName],
  ['family name', (each) => each.familyName],
  ['organisation', (each) => each.organisation],
  ['email', (each) => each.email],
  ['telephone', (each) => each.telephone],
  ['street', (each) => each.street],
  ['postal code', (each) => each.postalCode],
  ['city', (each) => each.city],
  ['region', (each) => each.region],
  ['country', (each) => each.country],
  ['language', (each) => each.language],
  ['time zone', (each) => each.timeZone],
  ['customer since', (each) => each.customerSince],
  ['status', (each) => each.status],
  ['left on', (each) => each.leftOn],
  ['segment', (each) => each.segment],
  ['tags', (each) => each.tags.join('; ')],
  ['contact', (each, { emailOf }) => emailOf(each.contactAccountId)],
  [
    'yearly value',
    (each, { currency }) => (each.yearlyValueMinor === null ? '' : plainMoney(each.yearlyValueMinor, currency)),
  ],
  ['legal basis', (each) => each.legalBasis],
  ['legal basis source', (each) => each.legalBasisSource],
  ['legal basis date', (each) => each.legalBasisOn],
  ['notes', (each) => each.notes],
  ['worth in a year', (each, { currency }) => plainMoney(each.worthMinor, currency)],
  ['first purchase', (each) => each.firstPurchaseOn],
  ['last purchase', (each) => each.lastPurchaseOn],
  ['unsubscribed at', (each) => each.unsubscribedAt],
];

/** The list as it is filtered, as CSV, in parts: nothing is held whole, however many there are. */
export function exportRoutes({ customers, colleagues }: CustomersWeb): Router {
  const router = Router();
  router.get('/customers/export.csv', async (req, res) => {
    const { id, currency, language } = staffOf(res);
    const filter = filterOf(readQuery(req.query), currency, language);
    const emails = new Map((await colleagues()).map((each) => [each.id, each.email]));
    const lookup: Lookup = { currency, emailOf: (accountId) => emails.get(accountId ?? '') ?? '' };
    await customers.noteExport(colleague(id));
    res.type('text/csv').setHeader('Content-Disposition', 'attachment; filename="customers.csv"');
    res.write(CSV_BOM + csvLine(COLUMNS.map(([name]) => name)));
    let after: string | null = null;
    do {
      const part: Awaited<ReturnType<typeof customers.listWhole>> = await customers.listWhole(filter, after, AT_ONCE);
      const lines = part.rows.map((row) => csvLine(COLUMNS.map(([, cell]) => cell(row, lookup))));
      await writePart(res, lines.join(''));
      after = part.next;
    } while (after !== null && !res.destroyed);
    res.end();
  });
  return router;
}
