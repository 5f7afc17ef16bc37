import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function valueRoutes(_web: InsightWeb): Router {
  return Router();
}
