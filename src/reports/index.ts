export { leavingCsv } from './csv.ts';
export { leavingQuerySchema, reportRoutes } from './routes.ts';
export { createReports, type LeavingQuery, type LeavingReport, type Reports } from './service.ts';
