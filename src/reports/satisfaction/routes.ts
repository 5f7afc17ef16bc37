import { Router } from 'express';
import type { InsightWeb } from '../web.ts';

export function satisfactionRoutes(_web: InsightWeb): Router {
  return Router();
}
