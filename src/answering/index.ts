export type { Answering, AnsweringDeps } from './interface.ts';
export { answeringRoutes } from './routes.ts';
export { createAnswering } from './service.ts';
export { closedLetter, closedPage, type ClosedPage } from './views.ts';
export type { Business, Closed, ClosedBecause } from './visit.ts';
