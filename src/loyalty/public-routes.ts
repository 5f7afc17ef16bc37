import { Router } from 'express';
import type { LoyaltyWeb } from './web.ts';

/** Pages for customers: no cookies, no session. */
export function publicLoyaltyRoutes(_web: LoyaltyWeb): Router {
  const router = Router();
  return router;
}
