import type { Logger } from 'pino';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { ServiceReport } from '../bounces/service-report.ts';
import type { FetchText } from './fetch-text.ts';
import { noteHook, type HookProvider } from './hook-store.ts';

/** By what the posts of mail services are known to be theirs; '' where a service is not to be heard. */
export interface HookSecrets {
  /** The one SNS topic whose messages count. */
  topicArn: string;
  postmarkPassword: string;
  /** Mailgun's webhook signing key. */
  mailgunKey: string;
}

/**
 * 'taken': it stands in the database, or is no news. 'refused': nobody can tell that it is from the service.
 * 'malformed': it is, but cannot be read at all. 'later': the service should try again.
 */
export type HookOutcome = 'taken' | 'refused' | 'malformed' | 'later';

export interface MailHooksDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  secrets(): Promise<HookSecrets>;
  /** Records all of them, or none; `guard` has the first word in that transaction. */
  take(reports: ServiceReport[], guard: (tx: Tx) => Promise<void>): Promise<void>;
  /** For what has to be fetched from Amazon. */
  fetchText?: FetchText | undefined;
}

export interface Hearing {
  /** The service has been heard now. */
  note(tx: Tx, provider: HookProvider): Promise<void>;
}

/** Written down once a minute at most: a storm of reports must not become a storm of writes to one row. */
export function createHearing(clock: Clock): Hearing {
  const last = new Map<HookProvider, string>();
  return {
    async note(tx, provider) {
      const now = timestamp(clock);
      if ((last.get(provider) ?? '') > addMinutes(now, -1)) return;
      await noteHook(tx, provider, { heard_at: now });
      last.set(provider, now);
    },
  };
}
