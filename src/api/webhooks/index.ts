import type { Logger } from 'pino';
import { createDelivering } from './delivering.ts';
import type { TellingDeps } from './given-up-mail.ts';
import { listenTo, type NewsFrom } from './listening.ts';
import { createEmit, createWebhookSettings, type SettingsDeps } from './service.ts';

export { webhookRoutes } from './routes.ts';

export type Webhooks = ReturnType<typeof createWebhooks>;

/** Signed messages to other programs about what happened, as Standard Webhooks describes them. */
export function createWebhooks(deps: SettingsDeps & TellingDeps & { logger: Logger }) {
  const emit = createEmit(deps);
  const delivering = createDelivering(deps);
  return {
    settings: createWebhookSettings(deps),
    /** One pass of everything that is due. */
    work: delivering.work,
    start: delivering.start,
    stop: delivering.stop,
    /** From now on what happens there is written down for those who want to know. */
    listenTo: (news: NewsFrom): void => listenTo(news, emit, deps.clock),
  };
}
