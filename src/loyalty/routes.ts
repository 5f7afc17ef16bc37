import { Router } from 'express';
import type { LoyaltyWeb } from './web.ts';

/** Pages for staff. */
export function loyaltyRoutes(_web: LoyaltyWeb): Router {
  const router = Router();
  return router;
}
