export { addressKeyOf } from './address-key.ts';
export { readReturned } from './read.ts';
export type { Reading } from './reading.ts';
export type { FindAddressee, FindOwner, OnLetter, Owner, ReceivedLetter, TakeLetter } from './receiving.ts';
export type { Addressee, NewlySuppressed, News, Received, Returned, Way } from './recording.ts';
export { createBounces, type Bounces, type BouncesDeps } from './service.ts';
export { mailTabs, type MailTabs } from './views.ts';
export { bounceRoutes } from './routes.ts';
export type { Suppressions } from './suppressions.ts';
