import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function effectRoutes(_web: InsightWeb): Router {
  return Router();
}
