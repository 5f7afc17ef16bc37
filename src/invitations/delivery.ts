import type { OnState, StateChange } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Contacts } from './contacts.ts';
import type { InvitationsDeps, InvitationsHook } from './deps.ts';
import { planFirst } from './reminder-planning.ts';
import { setDelivery } from './store.ts';
import { findWaves } from './wave-store.ts';

/** Whoever was asked stays asked while a mail is under way: only these change what is known about asking somebody. */
const NEWS = new Set(['failed', 'cancelled', 'unknown']);
const NEVER_SENT = new Set(['failed', 'cancelled']);
const TOLD = new Set(['sent', 'failed', 'unknown']);

interface Following {
  announce: InvitationsHook;
  contacts: Contacts;
}

/** Keeps each invitation's delivery equal to the state of its mail, in the transaction that changes it. */
export function followMail(deps: InvitationsDeps, { announce, contacts }: Following): OnState {
  const { clock, customers } = deps;
  return async (tx, changes) => {
    for (const [state, group] of Map.groupBy(changes, (change: StateChange) => change.state)) {
      const sentAt = state === 'sent' ? timestamp(clock) : null;
      const rows = await setDelivery(
        tx,
        group.map(({ subjectId }) => subjectId),
        state,
        sentAt,
      );
      if (sentAt !== null) await contacts.sentAt(tx, sentLater(rows, sentAt), sentAt);
      if (NEVER_SENT.has(state))
        await contacts.release(
          tx,
          rows.filter(neverAsked).map((row) => row.id),
        );
      if (TOLD.has(state)) {
        const waves = await findWaves(tx, [...new Set(rows.map((row) => row.wave_id))]);
        const event = (row: (typeof rows)[number]) => ({
          customerId: row.customer_id,
          kind: `invitations.${state}`,
          subjectId: row.id,
          detail: { wave: waves.get(row.wave_id)?.name ?? '' },
        });
        await customers.recordEvents(tx, rows.map(event));
        if (sentAt !== null) await planFirst(deps, tx, rows, { waves, sentAt });
      }
      if (NEWS.has(state))
        await announce(
          tx,
          rows.map((row) => row.customer_id),
        );
    }
  };
}

/** Whoever has begun to answer by a link that a colleague gave them was asked, whatever becomes of the mail. */
const neverAsked = ({ progress }: { progress: string }) => progress === 'none';

const SOON_MINUTES = 60;

/** Those that went well after they were written: the budget counts from when they went. */
const sentLater = (rows: { id: string; created_at: string }[], sentAt: string): string[] =>
  rows.filter(({ created_at }) => addMinutes(created_at, SOON_MINUTES) < sentAt).map(({ id }) => id);
