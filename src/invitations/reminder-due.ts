import type { Company } from '../accounts/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { Tx } from '../storage/index.ts';
import { REMINDER, type InvitationsDeps } from './deps.ts';
import { judgeReminders, type Judged } from './reminder-looking.ts';
import { planNext } from './reminder-planning.ts';
import { mayHaveNext } from './reminder-rules.ts';
import * as store from './reminder-store.ts';

const SLICE = 100;

/** Puts one slice of what has come due into the outbox. @returns whether there may be more */
export async function enqueueDue(deps: InvitationsDeps, company: Company): Promise<boolean> {
  const { storage, clock, mailer } = deps;
  return await storage.transaction(async (tx) => {
    const now = timestamp(clock);
    const rows = await store.plannedReminders(tx, storage.engine, now, SLICE);
    const judged = await judgeReminders(deps, tx, rows, company);
    await postpone(tx, judged);
    await end(deps, tx, judged);
    const going = judged.filter(({ verdict }) => 'go' in verdict || 'parkedFor' in verdict).map(({ row }) => row.id);
    await store.moveReminders(tx, going, ['planned'], { state: 'queued' });
    const mails = going.map((id) => ({ kind: REMINDER, subjectId: id, notBefore: now }));
    await mailer.enqueue(tx, mails);
    return rows.length === SLICE;
  });
}

async function postpone(tx: Tx, judged: Judged[]): Promise<void> {
  const later = judged.flatMap(({ row, verdict }) =>
    'until' in verdict ? [{ id: row.id, until: verdict.until }] : [],
  );
  for (const [until, rows] of Map.groupBy(later, (each) => each.until)) {
    await store.postponeReminders(
      tx,
      rows.map(({ id }) => id),
      until,
    );
  }
}

async function end(deps: InvitationsDeps, tx: Tx, judged: Judged[]): Promise<void> {
  const ended = judged.flatMap(({ row, verdict }) =>
    'cancel' in verdict ? [{ id: row.id, reason: verdict.cancel }] : [],
  );
  for (const [reason, rows] of Map.groupBy(ended, (each) => each.reason)) {
    const ids = rows.map(({ id }) => id);
    const moved = await store.moveReminders(tx, ids, ['planned'], { state: 'cancelled', reason });
    if (mayHaveNext(reason)) await planNext(deps, tx, moved, null);
  }
}
