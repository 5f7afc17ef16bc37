export type {
  Composed,
  Composer,
  Held,
  MailHistory,
  MailSecurity,
  MailSettings,
  MailState,
  MailToCompose,
  Message,
  NewMail,
  OnState,
  Screen,
  Screening,
  StateChange,
  TestResult,
} from './message.ts';
export * from './bounces/index.ts';
export * from './hooks/index.ts';
export { MOST_LETTER_BYTES, splitQuoted, type Letter, type Split, type Trust } from './letters/index.ts';
export { createKeepingMailer } from './keeping.ts';
export { MAILER_ROWS } from './customer-rows.ts';
export { exportedMails, forgetMails, onTheWay } from './privacy-store.ts';
export { dnsRecords, providerOf, PROVIDERS, type DnsRecord, type Provider } from './providers.ts';
export { oneAddress } from './rules.ts';
export { createMailer, type Mailer, type MailerDeps } from './service.ts';
export { outboxRoutes } from './routes.ts';
