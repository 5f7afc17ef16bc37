import { Router, urlencoded } from 'express';
import { createOptOut } from '../loyalty/index.ts';
import type { RetentionWeb } from './web.ts';

/** The way out at the end of what we write to those who said something: no cookies, no session. */
export function publicRetentionRoutes(web: RetentionWeb): Router {
  const router = Router();
  const { show, act } = createOptOut(web, web.retention.policies.telling.byToken);
  router.get('/w/:token', show);
  router.post('/w/:token', urlencoded({ extended: false, limit: '10kb', parameterLimit: 10 }), act);
  return router;
}
