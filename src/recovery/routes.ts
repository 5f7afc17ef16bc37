import { Router } from 'express';
import { attachmentRoutes } from './attachments/index.ts';
import { caseRoutes } from './cases/routes.ts';
import { libraryRoutes } from './library/routes.ts';
import { commentRoutes } from './comments/routes.ts';
import { paymentRoutes } from './payment/routes.ts';
import type { RecoveryWeb } from './web.ts';

/** Pages for staff. */
export function recoveryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.use(caseRoutes(web));
  router.use(attachmentRoutes({ attachments: web.recovery.attachments, storage: web.storage }));
  router.use(libraryRoutes(web));
  router.use(commentRoutes(web));
  router.use(paymentRoutes(web));
  return router;
}
