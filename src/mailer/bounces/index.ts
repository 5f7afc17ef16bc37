export { addressKeyOf } from './address-key.ts';
export { readReturned } from './read.ts';
export type { Reading } from './reading.ts';
export type { Addressee, FindAddressee, NewlySuppressed, Received, Returned, Way } from './receiving.ts';
export { createBounces, type Bounces, type BouncesDeps } from './service.ts';
export { bounceRoutes } from './routes.ts';
export type { Suppressions } from './suppressions.ts';
