export type {
  Composed,
  Composer,
  MailHistory,
  MailSettings,
  MailState,
  MailToCompose,
  Message,
  OnState,
  Screening,
  StateChange,
} from './message.ts';
export * from './bounces/index.ts';
export * from './hooks/index.ts';
export { splitQuoted } from './letters/index.ts';
export { createKeepingMailer } from './keeping.ts';
export { MAILER_ROWS } from './customer-rows.ts';
export { exportedMails, forgetMails, onTheWay } from './privacy-store.ts';
export { dnsRecords, providerOf, PROVIDERS, type Provider } from './providers.ts';
export { oneAddress } from './rules.ts';
export { createMailer, type Mailer } from './service.ts';
export { outboxRoutes } from './routes.ts';
