import { Router } from 'express';
import type { RecoveryWeb } from './web.ts';

/** Pages for customers: no cookies, no session. */
export function publicRecoveryRoutes(_web: RecoveryWeb): Router {
  const router = Router();
  return router;
}
