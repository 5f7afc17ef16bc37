export { answeredAs } from './answered-store.ts';
export { effectQuerySchema } from './effect/routes.ts';
export { CROSSED } from './crosses/service.ts';
export { createInsight, type Insight } from './insight.ts';
export { insightPanels } from './panels.ts';
export { insightRoutes } from './insight-routes.ts';
export { summaryChoice } from './summary/choice.ts';
export { monthSchema } from './summary/figures.ts';
export { lastTold } from './summary/month.ts';
export { FIGURE_ROWS } from './customer-rows.ts';
export { endSecondCall, endSecondCalm } from './merge-store.ts';
export { exportedFigures } from './privacy-store.ts';
export { leavingQuerySchema, reportRoutes } from './routes.ts';
export { satisfactionQuerySchema } from './satisfaction/query.ts';
export {
  createReports,
  type CrossReport,
  type LeavingQuery,
  type LeavingReport,
  type Reports,
  type WholeReport,
} from './service.ts';
export { survivalQuerySchema } from './survival/routes.ts';
