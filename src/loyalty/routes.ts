import { Router } from 'express';
import { alertRoutes } from './alerts/routes.ts';
import type { LoyaltyWeb } from './web.ts';

/** Pages for staff. */
export function loyaltyRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  router.use(alertRoutes(web));
  return router;
}
