import type { Logger } from 'pino';
import { createDelivering } from './delivering.ts';
import type { TellingDeps } from './given-up-mail.ts';
import { listenTo, type NewsFrom } from './listening.ts';
import { timestamp } from '../../shared/clock.ts';
import { createEmit, createWebhookSettings, type SettingsDeps } from './service.ts';
import { countDue } from './webhook-store.ts';

export { webhookRoutes } from './routes.ts';

const MOST_COUNTED = 10_000;

export type Webhooks = ReturnType<typeof createWebhooks>;

/** Signed messages to other programs about what happened, as Standard Webhooks describes them. */
export function createWebhooks(deps: SettingsDeps & TellingDeps & { logger: Logger }) {
  const emit = createEmit(deps);
  const delivering = createDelivering(deps);
  return {
    settings: createWebhookSettings(deps),
    /** One pass of everything that is due. */
    work: delivering.work,
    /** Deliveries that should have been made by now, counted up to 10,000. */
    countDue: () => countDue(deps.storage.read, timestamp(deps.clock), MOST_COUNTED),
    start: delivering.start,
    stop: delivering.stop,
    /** From now on what happens there is written down for those who want to know. */
    listenTo: (news: NewsFrom): void => listenTo(news, emit, deps.clock),
  };
}
