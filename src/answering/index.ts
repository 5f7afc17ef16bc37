export { answeringRoutes } from './routes.ts';
export { createAnswering, type Answering, type AnsweringDeps, type OpenInvitation } from './service.ts';
