import { Router, urlencoded } from 'express';
import { createOptOut } from '../opt-out-routes.ts';
import type { LoyaltyWeb } from '../web.ts';

/** The way out at the end of a greeting. */
export function greetingOptOutRoutes(web: LoyaltyWeb): Router {
  const router = Router();
  const addressed = async (token: string) => {
    const greeting = await web.loyalty.anniversaries.byToken(token);
    return greeting && { customerId: greeting.customer_id, language: greeting.language };
  };
  const { show, act } = createOptOut(web, addressed, 'greetings');
  router.get('/g/:token', show);
  router.post('/g/:token', urlencoded({ extended: false, limit: '10kb', parameterLimit: 10 }), act);
  return router;
}
