import { Router } from 'express';
import { effectRoutes } from './effect/routes.ts';
import { riskRoutes } from './risk/routes.ts';
import { satisfactionRoutes } from './satisfaction/routes.ts';
import { summaryRoutes } from './summary/routes.ts';
import { survivalRoutes } from './survival/routes.ts';
import { valueRoutes } from './value/routes.ts';
import type { InsightWeb } from './web.ts';

/** Pages with figures, each from its own folder. */
export function insightRoutes(web: InsightWeb): Router {
  const router = Router();
  const parts = [valueRoutes, riskRoutes, effectRoutes, survivalRoutes, satisfactionRoutes, summaryRoutes];
  for (const routes of parts) router.use(routes(web));
  return router;
}
