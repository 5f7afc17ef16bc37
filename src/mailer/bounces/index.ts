export { addressKeyOf } from './address-key.ts';
export { messagesIn } from './mbox.ts';
export { readReturned } from './read.ts';
export type { OnLetter, ReceivedLetter } from './receiving.ts';
export type { Refused } from './refusing.ts';
export { createBounces, type Bounces } from './service.ts';
export type { CameBack } from './returned-store.ts';
export { mailTabs, type MailTabs } from './views.ts';
export { bounceRoutes } from './routes.ts';
