import { Router } from 'express';
import type { RetentionWeb } from './web.ts';

/** Pages for staff. */
export function retentionRoutes(_web: RetentionWeb): Router {
  const router = Router();
  return router;
}
