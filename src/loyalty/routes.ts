import { Router } from 'express';
import { alertRoutes } from './alerts/routes.ts';
import { anniversaryRoutes } from './anniversaries/routes.ts';
import { trustRoutes } from './trust/routes.ts';
import type { LoyaltyWeb } from './web.ts';

/** Pages for staff. */
export function loyaltyRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  router.use(alertRoutes(web));
  router.use(anniversaryRoutes(web), trustRoutes(web));
  return router;
}
