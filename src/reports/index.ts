export type { Change } from './changes/change.ts';
export { createInsight, type Insight } from './insight.ts';
export { insightPanels } from './panels.ts';
export { insightRoutes } from './insight-routes.ts';
export { summaryChoice } from './summary/choice.ts';
export { leavingCsv } from './csv.ts';
export { leavingQuerySchema, reportRoutes } from './routes.ts';
export { satisfactionQuerySchema } from './satisfaction/query.ts';
export { createReports, type LeavingQuery, type LeavingReport, type Reports } from './service.ts';
