import { Router } from 'express';
import { staffOf } from '../web/index.ts';
import { searchPage } from './list-views.ts';
import { readQuery } from './query.ts';
import { searchPatterns } from './search-rules.ts';
import type { CustomersWeb } from './web.ts';

const SHOWN = 20;

/** The one search box: customers, and words in answers where somebody can look there. */
export function searchRoutes({ customers, pages, searchAnswers, searchCases }: CustomersWeb): Router {
  const router = Router();
  router.get('/search', async (req, res) => {
    const staff = staffOf(res);
    const { q } = readQuery(req.query);
    const looks = q !== '';
    const [{ rows, next }, answers, cases] = await Promise.all([
      // Signs alone would leave the list as it is, with everybody in it.
      searchPatterns(q).length > 0 ? customers.list({ q }, null, SHOWN) : { rows: [], next: null },
      looks && searchAnswers ? searchAnswers(q, staff) : undefined,
      looks && searchCases ? searchCases(q, staff) : null,
    ]);
    const view = searchPage(q, { customers: rows, more: next !== null, answers, cases }, staff);
    pages.staff(req, res, 'customers/search', view, { title: staff.t('customers.search'), section: '/search' });
  });
  return router;
}
