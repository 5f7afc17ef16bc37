import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function riskRoutes(_web: InsightWeb): Router {
  return Router();
}
