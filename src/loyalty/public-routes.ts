import { Router } from 'express';
import { shopAlertRoutes } from './alerts/public-routes.ts';
import { greetingOptOutRoutes } from './anniversaries/public-routes.ts';
import { publicTrustRoutes } from './trust/public-routes.ts';
import type { LoyaltyWeb } from './web.ts';

/** Pages for customers: no cookies, no session. */
export function publicLoyaltyRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  router.use(shopAlertRoutes(web));
  router.use(greetingOptOutRoutes(web), publicTrustRoutes(web));
  return router;
}
