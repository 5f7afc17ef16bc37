export type { Answering, AnsweringDeps } from './interface.ts';
export { answeringRoutes } from './routes.ts';
export { createAnswering } from './service.ts';
