import { newId } from '../shared/ids.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Schema, Tx } from '../storage/index.ts';
import { decideAll, decidingFor, type Decided, type Deciding, type Pass } from './audience-check.ts';
import type { Contacts } from './contacts.ts';
import type { Holdouts } from './holdouts.ts';
import { INVITATION, type InvitationsDeps, type InvitationsHook } from './deps.ts';
import { sequencesOf } from './schedule-store.ts';
import { insertInvitations } from './store.ts';
import { advanceEnrolment, endEnrolment } from './wave-store.ts';
import type { Wave } from './wave.ts';

/** So many customers a transaction, about five milliseconds of work: whoever answers waits for one of these at most. */
const SLICE = 16;
const MINUTES_A_DAY = 24 * 60;

type Enrolled = 'more' | 'done' | 'not mine';

/**
 * Writes the invitations of the next customers of a wave, with their mails, and notes how far it has come: all in one
 * transaction, so that a crash between two leaves nobody out and takes nobody twice.
 * @returns 'not mine' where the wave was stopped, or another process has been here meanwhile
 */
export async function enrolSlice(deps: InvitationsDeps, wave: Wave, enrolling: Enrolling): Promise<Enrolled> {
  const deciding = await decidingFor(deps, wave.versionId);
  return await deps.storage.backgroundTransaction((tx) => enrolNext(tx, deps, wave, { deciding, ...enrolling }));
}

export interface Enrolling {
  announce: InvitationsHook;
  contacts: Contacts;
  holdouts: Holdouts;
}

interface EnrolOptions extends Enrolling {
  deciding: Deciding;
}

/** The next customers, within a transaction that the caller has. */
export async function enrolNext(tx: Tx, deps: InvitationsDeps, wave: Wave, options: EnrolOptions): Promise<Enrolled> {
  const slice = await deps.customers.audienceSlice(tx, wave.audience, wave.enrolledUpto, SLICE);
  const last = slice.at(-1)?.id;
  if (last === undefined) return (await endEnrolment(tx, wave)) ? 'done' : 'not mine';
  if (!(await advanceEnrolment(tx, wave, last))) return 'not mine';
  const { contacts, holdouts, deciding } = options;
  await contacts.lock(tx);
  const sequences = await sequencesIn(tx, wave, slice);
  const pass: Pass = { ...deciding, now: timestamp(deps.clock), taken: new Map(), sequences };
  const decided = await decideAll(tx, slice, contacts, pass);
  const eligible = decided.filter(({ decision }) => decision.write).map(({ customer }) => customer.id);
  const heldOut = await holdouts.draw(tx, wave.programmeId, eligible);
  await enrol(tx, deps, wave, { contacts, decided, heldOut, sequences });
  await options.announce(
    tx,
    slice.map(({ id }) => id),
  );
  wave.enrolledUpto = last;
  return 'more';
}

async function sequencesIn(tx: Tx, { scheduleRunId }: Wave, customers: { id: string }[]): Promise<Map<string, string>> {
  if (scheduleRunId === null) return new Map();
  return await sequencesOf(
    tx,
    scheduleRunId,
    customers.map(({ id }) => id),
  );
}

interface ToEnrol {
  contacts: Contacts;
  decided: Decided[];
  heldOut: Set<string>;
  /** What goes on already for some of them. */
  sequences: Map<string, string>;
}

async function enrol(
  tx: Tx,
  deps: InvitationsDeps,
  wave: Wave,
  { contacts, decided, heldOut, sequences }: ToEnrol,
): Promise<void> {
  const rows = decided.map((each) => invitationRow(deps.clock, wave, each, heldOut.has(each.customer.id)));
  const added = await insertInvitations(tx, rows);
  const fresh = rows.filter(({ id }) => added.has(id));
  const queued = fresh.filter(({ delivery }) => delivery === 'queued');
  const notBefore = wave.holdUntil ?? timestamp(deps.clock);
  const people = new Map(decided.map(({ customer }) => [customer.id, customer]));
  await contacts.record(
    tx,
    'survey',
    queued.map(({ id, customer_id }) => ({
      id,
      sequenceId: sequences.get(customer_id),
      customer: people.get(customer_id) ?? { id: customer_id, email: '' },
    })),
    timestamp(deps.clock),
  );
  await deps.mailer.enqueue(
    tx,
    queued.map(({ id }) => ({ kind: INVITATION, subjectId: id, notBefore })),
  );
  await deps.customers.recordEvents(tx, fresh.filter(({ delivery }) => delivery === 'skipped').map(skippedEvent(wave)));
}

function invitationRow(clock: Clock, wave: Wave, { customer, decision }: Decided, held: boolean): Schema['invitation'] {
  const now = timestamp(clock);
  return {
    id: newId(clock),
    wave_id: wave.id,
    customer_id: customer.id,
    language: decision.write ? decision.language : customer.language,
    delivery: held ? 'withheld' : decision.write ? 'queued' : 'skipped',
    skip_reason: decision.write ? null : decision.reason,
    skip_until: decision.write ? null : decision.until,
    progress: 'none',
    bounced_at: null,
    reached_at: null,
    sent_at: null,
    joined_id: null,
    revoked_at: null,
    expires_at: addMinutes(wave.holdUntil ?? now, wave.expiresDays * MINUTES_A_DAY),
    created_at: now,
  };
}

const skippedEvent = (wave: Wave) => (row: Schema['invitation']) => ({
  customerId: row.customer_id,
  kind: 'invitations.skipped',
  subjectId: row.id,
  detail: { wave: wave.name },
});
