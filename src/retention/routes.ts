import { Router } from 'express';
import { playbookRoutes } from './playbook/routes.ts';
import type { RetentionWeb } from './web.ts';

/** Pages for staff. */
export function retentionRoutes(web: RetentionWeb): Router {
  const router = Router();
  router.use(playbookRoutes(web));
  return router;
}
