import { NotFound } from '../shared/errors.ts';
import { page, type Page, type Schema } from '../storage/index.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import type { InvitationFilter, ListedInvitation, RecipientLog, SentReminder } from './invitation.ts';
import { findListed, listInvitations } from './recipients-store.ts';
import { troubleOf } from './trouble.ts';
import { remindersAmong, remindersOf } from './reminder-store.ts';

/** The recipients of a wave, one by one. */
export interface Recipients {
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
}

const INVITATIONS_A_PAGE = 50;

export function createRecipients(deps: InvitationsDeps): Recipients {
  const { read } = deps.storage;
  return {
    async listInvitations(waveId, filter, after, limit = INVITATIONS_A_PAGE) {
      const rows = await listInvitations(read, waveId, filter, after, limit + 1);
      return page(rows, limit, ({ customerId }) => customerId);
    },
    recipientLog: (waveId, id) => logOf(deps, waveId, id),
    async remindersOf(invitationIds) {
      const found = await remindersAmong(read, invitationIds);
      return new Map([...found].map(([id, rows]) => [id, rows.map(sentReminder)]));
    },
    namesOf(rows) {
      const ids = rows.map(({ customerId }) => customerId);
      return deps.customers.names(read, ids);
    },
  };
}

async function logOf(deps: InvitationsDeps, waveId: string, id: string): Promise<RecipientLog> {
  const { storage, mailer } = deps;
  const { read } = storage;
  const invitation = await findListed(read, waveId, id);
  if (!invitation) throw new NotFound();
  const planned = await remindersOf(read, id);
  const mails = await mailer.history(read, INVITATION, [id]);
  const reminders = await Promise.all(
    planned.map(async ({ id: reminderId, number, state, reason, due_at: dueAt }) => {
      const theirs = await mailer.history(read, REMINDER, [reminderId]);
      return { id: reminderId, number, state, reason, dueAt, mails: theirs };
    }),
  );
  const all = mails.concat(...reminders.map((each) => each.mails));
  const { customerId } = invitation;
  const mailIds = all.map(({ mailId }) => mailId);
  return {
    invitation,
    trouble: await troubleOf(deps, all),
    mails,
    cameBack: (await deps.cameBack?.(read, customerId, mailIds)) ?? [],
    isSilent: await isSilent(deps, customerId),
    reminders,
  };
}

async function isSilent({ storage, customers, isSuppressed }: InvitationsDeps, customerId: string): Promise<boolean> {
  const person = (await customers.forMail(storage.read, [customerId])).get(customerId);
  if (!person || person.unsubscribedAt !== null) return true;
  return (await isSuppressed?.(storage.read, [person.email]))?.has(person.email) ?? false;
}

const sentReminder = ({ number, state, reason, sent_at: sentAt }: Schema['reminder']): SentReminder => ({
  number,
  state,
  reason,
  sentAt,
});
