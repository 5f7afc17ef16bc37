import { Router } from 'express';
import type { RecoveryWeb } from './web.ts';

/** Pages for staff. */
export function recoveryRoutes(_web: RecoveryWeb): Router {
  const router = Router();
  return router;
}
