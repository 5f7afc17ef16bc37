import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function survivalRoutes(_web: InsightWeb): Router {
  return Router();
}
