import { Router } from 'express';
import { attachmentRoutes } from './attachments/index.ts';
import type { RecoveryWeb } from './web.ts';

/** Pages for staff. */
export function recoveryRoutes(web: RecoveryWeb): Router {
  const router = Router();
  router.use(attachmentRoutes({ attachments: web.recovery.attachments, storage: web.storage }));
  return router;
}
