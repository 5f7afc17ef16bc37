import type { MailHistory } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { InvitationsDeps } from './deps.ts';

const UNDER_WAY = new Set(['queued', 'sending']);

/** Why none of these leaves although its turn has come; null where nothing keeps them, or it is nobody's turn. */
export async function troubleOf({ mailer, clock }: InvitationsDeps, mails: MailHistory[]): Promise<string | null> {
  const now = timestamp(clock);
  const waits = mails.some(({ state, dueAt }) => UNDER_WAY.has(state) && dueAt !== null && dueAt <= now);
  return waits ? await mailer.trouble() : null;
}
