import { Router } from 'express';
import { NotFound } from '../../shared/errors.ts';
import { idOf } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { showCase, staff } from './acting-routes.ts';
import { handlingRoutes } from './handling-routes.ts';
import { remedyRoutes } from './remedy-routes.ts';
import { stepRoutes } from './step-routes.ts';

/** A case's page and everything that is done on it. */
export function caseRoutes(web: RecoveryWeb): Router {
  const { cases } = web.recovery;
  const router = Router();

  router.get('/cases/number/:number', staff, async (req, res) => {
    const found = await cases.findByNumber(Number(/^\d{1,9}$/.exec(String(req.params.number))?.[0] ?? -1));
    if (!found) throw new NotFound();
    res.redirect(303, `/cases/${found.id}`);
  });
  router.get('/cases/:id', staff, (req, res) => showCase(web, req, res, idOf(req.params.id)));
  router.use(stepRoutes(web), remedyRoutes(web), handlingRoutes(web));

  return router;
}
