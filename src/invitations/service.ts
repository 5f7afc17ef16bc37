import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { page, type Db, type Page, type Schema, type Tx } from '../storage/index.ts';
import { createBackground, type Background } from './background.ts';
import { checkAudience, type AudienceCheck } from './audience-check.ts';
import { createLetters, type Letters } from './composer.ts';
import { followMail } from './delivery.ts';
import { INVITATION, REMINDER, TEST, type InvitationsDeps, type InvitationsHook } from './deps.ts';
import { createContacts, type Contacts } from './contacts.ts';
import { createHoldouts, type Holdouts, type HoldoutState } from './holdouts.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import type { InvitationFilter, ListedInvitation, OpenInvitation, RecipientLog, SentReminder } from './invitation.ts';
import { createLinks, type Links } from './links.ts';
import { createReminders } from './reminders.ts';
import {
  countReminders,
  findReminders,
  lastReminderSent,
  remindersAmong,
  remindersOf,
  type ReminderCount,
} from './reminder-store.ts';
import { accountsOf, type Accounts, type Counts } from './rules.ts';
import { screenInvitations } from './screening.ts';
import { createProfilePart, type ProfilePart } from './profile.ts';
import { createOtherWays, type OtherWays } from './other-ways.ts';
import { createRunning, existing, type Running } from './running.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import * as store from './store.ts';
import type { SentTo, SkippedCount } from './store.ts';
import { listWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

const NOBODY: Counts = { delivery: [], progress: [] };

export interface WaveStatus {
  wave: Wave;
  accounts: Accounts;
  skipped: SkippedCount[];
  reminders: ReminderCount[];
  /** So many wait in a paused wave whose links have run out. */
  overdue: number;
}

/** How often people are written to, and who is kept out to compare with. */
export interface SendingRules {
  budget: Awaited<ReturnType<Contacts['budget']>>;
  /** How many customers have left, ever. */
  leavers: number;
  programmes: { id: string; name: string; holdout: HoldoutState }[];
}

export interface ListedWave {
  wave: Wave;
  accounts: Accounts;
}

export interface Invitations
  extends Drafts, Omit<Running, 'withdrawFor'>, Background, OtherWays, Schedules, ProfilePart {
  /** What a personal link opens, or undefined for any other text. Changes nothing. */
  open(token: string): Promise<OpenInvitation | undefined>;
  find(db: Db, id: string): Promise<OpenInvitation | undefined>;
  /** What a mail about that invitation, or about that reminder of one, is about. */
  findByMail(db: Db, mailKind: string, subjectId: string): Promise<OpenInvitation | undefined>;
  /** The last mail that went to one of these customers, where one did. */
  lastMailTo(db: Db, customerIds: string[]): Promise<(SentTo & { mailKind: string }) | undefined>;
  /** The personal link. */
  linkFor(invitationId: string): string;
  optOutLinkFor(invitationId: string): string;
  /** The first answer has been saved. */
  /** @throws Conflict where the customer was erased meanwhile */
  markStarted(tx: Tx, id: string): Promise<void>;
  markCompleted(tx: Tx, id: string): Promise<void>;
  /** They want no more of this; whether the customer is unsubscribed as well is said to the customers feature. */
  optOut(tx: Tx, id: string, how?: string): Promise<void>;

  /** The mail came back: the address does not work any more. */
  markBounced(tx: Tx, id: string): Promise<void>;

  getWave(id: string): Promise<Wave>;
  /** The newest first; the cursor is a wave's id. */
  listWaves(before: string | null, limit?: number): Promise<Page<ListedWave>>;
  /** Every recipient accounted for, at this moment. @throws NotFound */
  waveStatus(id: string): Promise<WaveStatus>;
  /** What starting it would do now: who is written to, who is not, and why. @throws NotFound */
  checkWave(id: string): Promise<AudienceCheck>;
  /** The contact budget, for every feature that writes to customers. */
  contacts: Contacts;
  /** Who is kept out of a programme, to compare with. */
  holdouts: Holdouts;
  sendingRules(): Promise<SendingRules>;
  sampleLetter: Letters['sample'];
  /** A reminder of that wave, as `sampleLetter` shows the invitation. */
  sampleReminder: Letters['sampleReminder'];
  /** The cursor is a customer's id. */
  listInvitations(
    waveId: string,
    filter: InvitationFilter,
    after: string | null,
    limit?: number,
  ): Promise<Page<ListedInvitation>>;

  /** What happened to one recipient of that wave, and when. @throws NotFound */
  recipientLog(waveId: string, invitationId: string): Promise<RecipientLog>;

  /** The reminders of these invitations, in their order. */
  remindersOf(invitationIds: string[]): Promise<Map<string, SentReminder[]>>;

  /** Names and references of those recipients who are not erased, by customer. */
  namesOf(rows: ListedInvitation[]): Promise<Map<string, { name: string; reference: string }>>;

  /** Runs in the transaction in which somebody is enrolled, skipped, cancelled, revoked, or their mail fails. */
  onChanged(hook: InvitationsHook): void;
  /** Runs in the transaction in which waves have finished: nobody in them waits any more. */
  onFinished(hook: (tx: Tx, waveIds: string[]) => Promise<void>): void;
  /** For the customers' news: withdraws what waits for somebody who asked us to stop. */
  withdrawFor: InvitationsHook;
  /** For the undo of an import: which of these customers were ever in a wave. */
  invited(db: Db, customerIds: string[]): Promise<string[]>;
}

const WAVES_A_PAGE = 30;
const INVITATIONS_A_PAGE = 50;

/** Waves and their invitations. */
export function createInvitations(deps: InvitationsDeps): Invitations {
  const { mailer } = deps;
  const hooks: InvitationsHook[] = [];
  const announce: InvitationsHook = async (tx, customerIds) => {
    for (const hook of hooks) await hook(tx, customerIds);
  };
  const finishedHooks: InvitationsHook[] = [];
  const finished: InvitationsHook = async (tx, waveIds) => {
    for (const hook of finishedHooks) await hook(tx, waveIds);
  };
  const links = createLinks(deps.signer, deps.baseUrl);
  const letters = createLetters(deps, links);
  const contacts = createContacts(deps);
  const holdouts = createHoldouts(deps);
  const reminders = createReminders(deps, letters);
  const { runSchedules, ...recurring } = createSchedules(deps);
  const schedules = { runSchedules };
  const background = createBackground(deps, { announce, contacts, holdouts, reminders, schedules, finished });
  mailer.register(INVITATION, letters.invitations, followMail(deps, { announce, contacts }), screenInvitations(deps));
  mailer.register(TEST, letters.tests);
  mailer.register(REMINDER, reminders.composer, reminders.onState, reminders.screening);
  return {
    ...background,
    ...createDrafts(deps),
    ...recurring,
    ...createRunning(deps, background, { announce, contacts, holdouts }),
    ...asked(deps, links),
    ...createOtherWays(deps, links, { announce, contacts, holdouts }),
    async markBounced(tx, id) {
      const row = await store.markBounced(tx, id, timestamp(deps.clock));
      const event = { kind: 'invitations.bounced', subjectId: id };
      if (row) await deps.customers.recordEvents(tx, [{ customerId: row.customer_id, ...event }]);
    },
    ...figures(deps, { contacts, holdouts }),
    ...createProfilePart(deps, contacts),
    contacts,
    holdouts,
    sendingRules: () => sendingRules(deps, { contacts, holdouts }),
    sampleLetter: letters.sample,
    sampleReminder: letters.sampleReminder,
    onChanged: (hook) => void hooks.push(hook),
    onFinished: (hook) => void finishedHooks.push(hook),
    invited: store.customersWithInvitations,
  };
}

/** What the answering side needs: one read for a link, one statement for each step of progress. */
function asked({ storage, customers }: InvitationsDeps, links: Links) {
  return {
    async open(token: string): Promise<OpenInvitation | undefined> {
      const id = links.read(token);
      return id === undefined ? undefined : await store.findInvitation(storage.read, id);
    },
    find: store.findInvitation,
    async findByMail(db: Db, mailKind: string, subjectId: string): Promise<OpenInvitation | undefined> {
      if (mailKind === INVITATION) return await store.findInvitation(db, subjectId);
      const [reminder] = mailKind === REMINDER ? await findReminders(db, [subjectId]) : [];
      return reminder && (await store.findInvitation(db, reminder.invitation_id));
    },
    async lastMailTo(db: Db, customerIds: string[]) {
      const [first, again] = [await store.lastSent(db, customerIds), await lastReminderSent(db, customerIds)];
      if (again && again.sentAt > (first?.sentAt ?? '')) return { ...again, mailKind: REMINDER };
      return first && { ...first, mailKind: INVITATION };
    },
    linkFor: links.questions,
    optOutLinkFor: links.optOut,
    async markStarted(tx: Tx, id: string): Promise<void> {
      if ((await store.markStarted(tx, { id })).numAffectedRows === 1n) return;
      // A letter or a call may go on without the link, but nobody goes on for a customer who was erased meanwhile.
      const customerId = (await store.findInvitations(tx, [id])).get(id)?.customer_id ?? '';
      if (((await customers.outlines(tx, [customerId])).get(customerId)?.erasedAt ?? null) !== null) {
        throw new Conflict('answering.closed.revoked.text');
      }
      await store.markStartedThough(tx, { id });
    },
    markCompleted: async (tx: Tx, id: string) => void (await store.markCompleted(tx, { id })),
    optOut: async (tx: Tx, id: string) => void (await store.markOptedOut(tx, { id })),
  };
}

interface Parts {
  contacts: Contacts;
  holdouts: Holdouts;
}

async function sendingRules(deps: InvitationsDeps, { contacts, holdouts }: Parts): Promise<SendingRules> {
  const { read } = deps.storage;
  const programmes = await deps.questionnaires.programmes();
  return {
    budget: await contacts.budget(read),
    leavers: (await deps.customers.audienceCounts({ status: 'left' })).total,
    programmes: await Promise.all(
      programmes.map(async ({ id, name }) => ({ id, name, holdout: await holdouts.state(read, id) })),
    ),
  };
}

function figures(deps: InvitationsDeps, parts: Parts) {
  const { storage } = deps;
  return {
    getWave: (id: string) => existing(deps, id),
    async listWaves(before: string | null, limit = WAVES_A_PAGE): Promise<Page<ListedWave>> {
      const { rows, next } = page(await listWaves(storage.read, before, limit + 1), limit, ({ id }) => id);
      const counts = await store.countInvitations(
        storage.read,
        rows.map(({ id }) => id),
      );
      return { rows: rows.map((wave) => ({ wave, accounts: accountsOf(counts.get(wave.id) ?? NOBODY) })), next };
    },
    async waveStatus(id: string): Promise<WaveStatus> {
      const wave = await existing(deps, id);
      const counts = await store.countInvitations(storage.read, [id]);
      return {
        wave,
        accounts: accountsOf(counts.get(id) ?? NOBODY),
        skipped: await store.countSkipped(storage.read, id),
        reminders: await countReminders(storage.read, id),
        overdue: wave.state === 'paused' ? await store.countOverdue(storage.read, id, timestamp(deps.clock)) : 0,
      };
    },
    checkWave: async (id: string): Promise<AudienceCheck> => await checkAudience(deps, parts, await existing(deps, id)),
    async listInvitations(
      waveId: string,
      filter: InvitationFilter,
      after: string | null,
      limit = INVITATIONS_A_PAGE,
    ): Promise<Page<ListedInvitation>> {
      const rows = await store.listInvitations(storage.read, waveId, filter, after, limit + 1);
      return page(rows, limit, ({ customerId }) => customerId);
    },
    async recipientLog(waveId: string, id: string): Promise<RecipientLog> {
      const invitation = await store.findListed(storage.read, waveId, id);
      if (!invitation) throw new NotFound();
      const reminders = await remindersOf(storage.read, id);
      const { history } = deps.mailer;
      return {
        invitation,
        mails: await history(storage.read, INVITATION, [id]),
        reminders: await Promise.all(
          reminders.map(async (row) => ({
            id: row.id,
            number: row.number,
            state: row.state,
            reason: row.reason,
            dueAt: row.due_at,
            mails: await history(storage.read, REMINDER, [row.id]),
          })),
        ),
      };
    },
    async remindersOf(invitationIds: string[]) {
      const found = await remindersAmong(storage.read, invitationIds);
      const said = (rows: Schema['reminder'][]) =>
        rows.map(({ number, state, reason, sent_at }) => ({ number, state, reason, sentAt: sent_at }));
      return new Map([...found].map(([id, rows]) => [id, said(rows)]));
    },
    namesOf: (rows: ListedInvitation[]) =>
      deps.customers.names(
        storage.read,
        rows.map(({ customerId }) => customerId),
      ),
  };
}
