export { callFacts } from './profile.ts';
export { telephoneRoutes } from './routes.ts';
export { createTelephone, type Telephone } from './service.ts';
export { CALL_ROWS } from './customer-rows.ts';
export { exportedCalls, forgetCalls } from './privacy-store.ts';
export { busyWords, timeIn } from './list-views.ts';
export { afterCall, canBeCalled, CLAIM_MINUTES, isCallDay, mayRing, nextCall, type CallPlace } from './rules.ts';
export { draftOf, readBack, readDraft } from './call-form.ts';
