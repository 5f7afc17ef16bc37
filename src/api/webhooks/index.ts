import type { Logger } from 'pino';
import type { Customers } from '../../customers/index.ts';
import type { Invitations } from '../../invitations/index.ts';
import type { Recovery } from '../../recovery/index.ts';
import type { Responses } from '../../responses/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { createDelivering } from './delivering.ts';
import { caseClosed, caseOpened, optedOut, responseSubmitted, waveFinished } from './events.ts';
import type { TellingDeps } from './given-up-mail.ts';
import { createEmit, createWebhookSettings, type SettingsDeps } from './service.ts';

export { webhookRoutes } from './routes.ts';

/** Who brings the news. */
export interface NewsFrom {
  responses: Pick<Responses, 'onSubmitted'>;
  customers: Pick<Customers, 'onUnsubscribed'>;
  invitations: Pick<Invitations, 'onFinished'>;
  recovery: { cases: Pick<Recovery['cases'], 'onOpened' | 'onClosed'> };
}

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
    listenTo({ responses, customers, invitations, recovery }: NewsFrom): void {
      const now = () => timestamp(deps.clock);
      responses.onSubmitted((tx, { response }) => emit(tx, [responseSubmitted(response)]));
      recovery.cases.onOpened((tx, theCase) => emit(tx, [caseOpened(theCase)]));
      recovery.cases.onClosed((tx, theCase) => emit(tx, [caseClosed(theCase)]));
      customers.onUnsubscribed((tx, ids) =>
        emit(
          tx,
          ids.map((id) => optedOut(id, now())),
        ),
      );
      invitations.onFinished((tx, ids) =>
        emit(
          tx,
          ids.map((id) => waveFinished(id, now())),
        ),
      );
    },
  };
}
