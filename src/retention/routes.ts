import { Router } from 'express';
import { goalRoutes } from './goals/routes.ts';
import { playbookRoutes } from './playbook/routes.ts';
import { policyRoutes } from './policies/routes.ts';
import { tellingRoutes } from './policies/telling-routes.ts';
import type { RetentionWeb } from './web.ts';

/** Pages for staff. */
export function retentionRoutes(web: RetentionWeb): Router {
  const router = Router();
  router.use(playbookRoutes(web), goalRoutes(web));
  router.use(tellingRoutes(web), policyRoutes(web));
  return router;
}
