import { Router } from 'express';
import { staffOf } from '../web/index.ts';
import { searchPage } from './list-views.ts';
import { readQuery } from './query.ts';
import { searchPatterns } from './search-rules.ts';
import type { CustomersWeb } from './web.ts';

const SHOWN = 20;

/** The one search box: customers, what later features find, and words in answers where somebody can look there. */
export function searchRoutes({ customers, pages, searchAnswers, searchThings }: CustomersWeb): Router {
  const router = Router();
  router.get('/search', async (req, res) => {
    const staff = staffOf(res);
    const { q } = readQuery(req.query);
    const looks = q !== '';
    const [{ rows, next }, answers, things] = await Promise.all([
      // Signs alone would leave the list as it is, with everybody in it.
      searchPatterns(q).length > 0 ? customers.list({ q }, null, SHOWN) : { rows: [], next: null },
      looks && searchAnswers ? searchAnswers(q, staff) : undefined,
      looks && searchThings ? searchThings(q, staff) : [],
    ]);
    const view = searchPage(q, { customers: rows, more: next !== null, answers, things }, staff);
    pages.staff(req, res, 'customers/search', view, { title: staff.t('customers.search'), section: '/search' });
  });
  return router;
}
