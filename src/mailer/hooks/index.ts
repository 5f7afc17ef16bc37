export type { FetchText } from './fetch-text.ts';
export { POSTMARK_USER } from './postmark.ts';
export { mailHookRoutes } from './routes.ts';
export type { HookSecrets } from './hook.ts';
export { createMailHooks, type HookState, type MailHooks } from './service.ts';
export { isTopic } from './sns.ts';
