export { telephoneRoutes, type TelephoneWeb } from './routes.ts';
export { createTelephone, type Telephone } from './service.ts';
export { exportedCalls, forgetCalls } from './privacy-store.ts';
export type { TelephoneDeps } from './deps.ts';
export { busyWords, timeIn } from './list-views.ts';
export {
  afterCall,
  canBeCalled,
  CLAIM_MINUTES,
  mayRing,
  nextCall,
  type CallPlace,
  type LeftOut as AgainstCalling,
} from './rules.ts';
export { backAt, draftOf, readDraft } from './call-form.ts';
