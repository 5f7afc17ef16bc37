export type { FetchText } from './fetch-text.ts';
export { POSTMARK_USER } from './postmark.ts';
export { mailHookRoutes } from './routes.ts';
export { createMailHooks, type HookOutcome, type HookSecrets, type HookState, type MailHooks } from './service.ts';
export { isTopic } from './sns.ts';
