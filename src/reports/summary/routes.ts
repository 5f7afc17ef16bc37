import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function summaryRoutes(_web: InsightWeb): Router {
  return Router();
}
