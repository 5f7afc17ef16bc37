import { Router } from 'express';
import { bulkRoutes } from './bulk/routes.ts';
import { attachmentRoutes } from './attachments/index.ts';
import { handingOverRoutes } from './handing-over/routes.ts';
import { namingRoutes } from './cases/naming-routes.ts';
import { newCaseRoutes } from './cases/new-routes.ts';
import { exceptionRoutes } from './cases/exception-routes.ts';
import { caseSettingsRoutes } from './cases/settings-routes.ts';
import { caseRoutes } from './cases/routes.ts';
import { caseMailRoutes } from './mail/routes.ts';
import { todayRoutes } from './today/routes.ts';
import { libraryRoutes } from './library/routes.ts';
import { commentRoutes } from './comments/routes.ts';
import { paymentRoutes } from './payment/routes.ts';
import { nextNeedRoutes } from './next-needs/routes.ts';
import { offersRoutes } from './offers/routes.ts';
import { winbackRoutes } from './winback/routes.ts';
import type { RecoveryWeb } from './web.ts';

/** Pages for staff. */
export function recoveryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.use(bulkRoutes(web));
  router.use(todayRoutes(web), newCaseRoutes(web), caseSettingsRoutes(web), caseRoutes(web), namingRoutes(web));
  router.use(exceptionRoutes(web));
  router.use(attachmentRoutes({ attachments: web.recovery.attachments, storage: web.storage }));
  router.use(caseMailRoutes(web));
  router.use(libraryRoutes(web));
  router.use(commentRoutes(web), handingOverRoutes(web));
  router.use(paymentRoutes(web));
  router.use(offersRoutes(web));
  router.use(winbackRoutes(web));
  router.use(nextNeedRoutes(web));
  return router;
}
