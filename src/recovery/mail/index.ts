export { caseMailPanel } from './pages.ts';
export { caseMailRoutes } from './routes.ts';
export { createCaseMail, type CaseMail } from './service.ts';
