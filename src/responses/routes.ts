import { Router } from 'express';
import { NotFound } from '../shared/errors.ts';
import { needsRole, staffOf } from '../web/index.ts';
import { copyRoutes } from './copy-routes.ts';
import { responsePage } from './views.ts';
import type { ResponseRoutes } from './web.ts';

/** What one person answered, as staff read it. */
export function responseRoutes(web: ResponseRoutes): Router {
  const { storage, pages, responses, questionnaires, customers } = web;
  const router = Router();
  router.use(copyRoutes(web));
  router.get('/responses/:id', needsRole('staff'), async (req, res) => {
    const story = await responses.get(String(req.params.id));
    const version = await questionnaires.version(story.response.versionId);
    if (!version) throw new NotFound();
    const { customerId } = story.response;
    const customer = (await customers.names(storage.read, [customerId])).get(customerId);
    const staff = staffOf(res);
    const { t, timeZone } = staff;
    const codes = await web.codesOf(story.response.id, staff);
    const colleagues = await web.accounts.colleagues();
    const view = responsePage({ story, version, customer, codes, colleagues, timeZone, t });
    pages.staff(req, res, 'responses/response', view, { title: view.heading, section: '/answers' });
  });
  return router;
}
