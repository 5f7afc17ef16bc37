import { Router } from 'express';
import { customerCaseRoutes } from './cases/customer-routes.ts';
import { tellUsRoutes } from './comments/public-routes.ts';
import { publicPaymentRoutes } from './payment/public-routes.ts';
import { winbackOptOut } from './winback/public-routes.ts';
import type { RecoveryWeb } from './web.ts';

/** Pages for customers: no cookies, no session. */
export function publicRecoveryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.use(publicPaymentRoutes(web));
  router.use(customerCaseRoutes(web), tellUsRoutes(web));
  router.use(winbackOptOut(web));
  return router;
}
