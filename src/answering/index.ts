export type { Answering, AnsweringDeps } from './interface.ts';
export { optOutRoutes } from './opt-out-routes.ts';
export { answeringRoutes } from './routes.ts';
export { createAnswering } from './service.ts';
export { OPT_OUT_WISHES, type OptOutWish } from './interface.ts';
export { closedLetter, closedPage, openLetter, optOutPage, type ClosedPage } from './views.ts';
export type { Business, Closed, ClosedBecause } from './visit.ts';
export { parseWhole, wholeName, type FollowUps, type ParsedWhole, type WholeBody } from './whole-form.ts';
export { wholeView, wishView, type WholeView, type WishView } from './whole-views.ts';
