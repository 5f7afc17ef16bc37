import { Router } from 'express';
import type { AccountsWeb } from './accounts-web.ts';
import { auditRoutes } from './audit-routes.ts';
import { mailRoutes } from './mail-routes.ts';
import { meRoutes } from './me-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { setupRoutes } from './setup-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** The pages of people who are signed in. */
export function accountsRoutes(web: AccountsWeb): Router {
  const router = Router();
  router.use(meRoutes(web), setupRoutes(web), settingsRoutes(web), mailRoutes(web));
  router.use(peopleRoutes(web), tokenRoutes(web), auditRoutes(web));
  return router;
}
