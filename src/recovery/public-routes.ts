import { Router } from 'express';
import { tellUsRoutes } from './comments/public-routes.ts';
import { publicPaymentRoutes } from './payment/public-routes.ts';
import type { RecoveryWeb } from './web.ts';

/** Pages for customers: no cookies, no session. */
export function publicRecoveryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.use(publicPaymentRoutes(web));
  router.use(tellUsRoutes(web));
  return router;
}
