import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Company } from '../accounts/index.ts';
import type { MailCustomer } from '../customers/index.ts';
import type { Composed, Composer, OnState, Screening } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { Db, Schema, Tx } from '../storage/index.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import type { Letters } from './composer.ts';
import { planNext } from './reminder-planning.ts';
import { judge, type ReminderFacts, type Verdict } from './reminder-rules.ts';
import * as store from './reminder-store.ts';
import type { RemindedInvitation, ReminderState } from './reminder-store.ts';
import { findWaves, holdForReading } from './wave-store.ts';
import type { Wave } from './wave.ts';

type ReminderRow = Schema['reminder'];

export interface Reminders {
  /** For the mailer: writes what is due, has a last look at it, and keeps each reminder equal to its mail. */
  composer: Composer;
  screening: Screening;
  onState: OnState;
  /** Puts what has come due into the outbox. */
  remindDue(shouldStop: () => boolean): Promise<void>;
}

const SLICE = 100;
/** An end by one of these says nothing about the next reminder. */
const ONLY_THIS_ONE = new Set(['too_late']);

interface Looked extends ReminderFacts {
  row: ReminderRow;
  found: RemindedInvitation;
  person: MailCustomer | undefined;
  wholeWave: Wave | undefined;
}

/** Those who have not answered are reminded once or twice. Each reminder is looked at again whenever something is done with it. */
export function createReminders(deps: InvitationsDeps, letters: Pick<Letters, 'reminder'>): Reminders {
  const { storage, clock, mailer } = deps;

  const verdicts = async (db: Db, rows: ReminderRow[], company: Company) => {
    const now = timestamp(clock);
    const all = await look(deps, db, rows);
    return all.map((looked) => ({ ...looked, verdict: judge(looked, company, now) }));
  };

  /** One slice of what may be due. @returns whether there may be more */
  const enqueueDue = async (company: Company): Promise<boolean> =>
    await storage.transaction(async (tx) => {
      const now = timestamp(clock);
      const rows = await store.plannedReminders(tx, storage.engine, now, SLICE);
      const judged = await verdicts(tx, rows, company);
      await postpone(tx, judged);
      await end(deps, tx, judged);
      const going = judged.filter(({ verdict }) => 'go' in verdict || 'parkedFor' in verdict).map(({ row }) => row.id);
      await store.moveReminders(tx, going, ['planned'], { state: 'queued' });
      await mailer.enqueue(
        tx,
        going.map((id) => ({ kind: REMINDER, subjectId: id, notBefore: now })),
      );
      return rows.length === SLICE;
    });

  return {
    async remindDue(shouldStop) {
      const company = await deps.accounts.company();
      while (!shouldStop() && (await store.somethingPlanned(storage.read, timestamp(clock)))) {
        if (!(await enqueueDue(company))) return;
        await nextTurn();
      }
    },
    async screening() {
      const company = await deps.accounts.company();
      return async (tx, mails) => {
        const rows = await store.findReminders(
          tx,
          mails.map(({ subjectId }) => subjectId),
        );
        await holdForReading(
          tx,
          storage.engine,
          rows.map((row) => row.invitation_id),
        );
        const judged = new Map((await verdicts(tx, rows, company)).map(({ row, verdict }) => [row.id, verdict]));
        return new Map(
          mails.flatMap(({ mailId, subjectId }) => {
            const verdict: Verdict = judged.get(subjectId) ?? { cancel: 'gone' };
            return 'go' in verdict ? [] : [[mailId, verdict]];
          }),
        );
      };
    },
    async composer(mails) {
      const company = await deps.accounts.company();
      const ids = mails.map(({ subjectId }) => subjectId);
      const judged = await verdicts(storage.read, await store.findReminders(storage.read, ids), company);
      const first = await mailer.history(
        storage.read,
        INVITATION,
        judged.map(({ found }) => found.id),
      );
      const threads = new Map(first.map(({ subjectId, messageId }) => [subjectId, messageId]));
      const composed = new Map<string, Composed>();
      for (const { mailId, subjectId } of mails) {
        const known = judged.find(({ row }) => row.id === subjectId);
        composed.set(mailId, known ? await compose(known, threads.get(known.found.id)) : { cancel: 'gone' });
      }
      return composed;
    },
    onState: async (tx, changes) => {
      for (const [key, group] of Map.groupBy(changes, ({ state, error }) => JSON.stringify([state, error]))) {
        const [state, error] = JSON.parse(key) as [Exclude<ReminderState, 'planned'>, string | null];
        await follow(deps, tx, { ids: group.map(({ subjectId }) => subjectId), state, error });
      }
    },
  };

  async function compose({ verdict, row, found, person, wholeWave }: Looked & { verdict: Verdict }, thread?: string) {
    if ('cancel' in verdict) return verdict;
    if (!('go' in verdict)) return { notNow: true as const };
    if (!person || !wholeWave) return { cancel: 'gone' };
    return await letters.reminder(wholeWave, found, person, { number: row.number, thread });
  }
}

/** Everything that decides about these reminders, as it stands in this transaction. */
async function look(deps: InvitationsDeps, db: Db, rows: ReminderRow[]): Promise<Looked[]> {
  const invitations = await store.remindedInvitations(
    db,
    rows.map((row) => row.invitation_id),
  );
  const all = [...invitations.values()];
  const waves = await findWaves(db, [...new Set(all.map((each) => each.wave_id))]);
  const ids = [...new Set(all.map((each) => each.customer_id))];
  const people = await deps.customers.forMail(db, ids);
  const complaining = await (deps.hasOpenComplaint?.(db, ids) ?? NOBODY);
  const talking = await (deps.isTalking?.(db, ids) ?? NOBODY);
  const addresses = [...people.values()].map(({ email }) => email).filter((email) => email !== '');
  const suppressed = await (deps.isSuppressed?.(db, addresses) ?? NOBODY);
  const worded = await wordedIn(deps, db, all, waves);
  return rows.flatMap((row) => {
    const found = invitations.get(row.invitation_id);
    if (!found) return [];
    const person = people.get(found.customer_id);
    const wholeWave = waves.get(found.wave_id);
    return {
      row,
      found,
      person,
      wholeWave,
      reminder: { number: row.number, dueAt: row.due_at },
      invitation: {
        delivery: found.delivery,
        progress: found.progress,
        sentAt: found.sent_at,
        bouncedAt: found.bounced_at,
        revokedAt: found.revoked_at,
        expiresAt: found.expires_at,
      },
      wave: wholeWave,
      customer: person,
      hasOpenComplaint: complaining.has(found.customer_id),
      isTalking: talking.has(found.customer_id),
      isSuppressed: person !== undefined && suppressed.has(person.email),
      hasWords: worded.has(`${found.wave_id} ${found.language}`),
    };
  });
}

/** The waves and languages in which reminders have words that somebody has approved. */
async function wordedIn(
  { questionnaires }: InvitationsDeps,
  db: Db,
  invitations: RemindedInvitation[],
  waves: Map<string, Wave>,
): Promise<Set<string>> {
  const worded = new Set<string>();
  for (const key of new Set(invitations.map(({ wave_id, language }) => `${wave_id} ${language}`))) {
    const [id = '', language = ''] = key.split(' ');
    const wave = waves.get(id);
    if (wave && (await questionnaires.reminderWords(wave.versionId, language, db))) worded.add(key);
  }
  return worded;
}

const NOBODY: ReadonlySet<string> = new Set();

interface Judged {
  row: ReminderRow;
  verdict: Verdict;
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
    if (ONLY_THIS_ONE.has(reason)) await planNext(deps, tx, moved, null);
  }
}

interface MailNews {
  ids: string[];
  state: Exclude<ReminderState, 'planned'>;
  error: string | null;
}

const UNDER_WAY: ReminderState[] = ['queued', 'sending', 'sent', 'unknown', 'failed'];

/** Keeps reminders equal to their mails, in the transaction that changes those. */
async function follow(deps: InvitationsDeps, tx: Tx, { ids, state, error }: MailNews): Promise<void> {
  const now = timestamp(deps.clock);
  const change = { state, reason: state === 'queued' ? null : error, ...(state === 'sent' ? { sent_at: now } : {}) };
  const rows = await store.moveReminders(tx, ids, UNDER_WAY, change);
  const goesOn = state === 'sent' || state === 'unknown' || (state === 'cancelled' && ONLY_THIS_ONE.has(error ?? ''));
  if (goesOn) await planNext(deps, tx, rows, state === 'cancelled' ? null : now);
  if (state === 'sent') await tellTimeline(deps, tx, rows);
}

async function tellTimeline({ customers }: InvitationsDeps, tx: Tx, rows: ReminderRow[]): Promise<void> {
  const waves = await findWaves(tx, [...new Set(rows.map((row) => row.wave_id))]);
  const invitations = await store.remindedInvitations(
    tx,
    rows.map((row) => row.invitation_id),
  );
  await customers.recordEvents(
    tx,
    rows.flatMap((row) => {
      const customerId = invitations.get(row.invitation_id)?.customer_id;
      const detail = { wave: waves.get(row.wave_id)?.name ?? '' };
      return customerId ? [{ customerId, kind: 'invitations.reminded', subjectId: row.invitation_id, detail }] : [];
    }),
  );
}
