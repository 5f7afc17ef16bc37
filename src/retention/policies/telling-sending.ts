import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { SLICE, type Looked, type Looking } from './looking.ts';
import type { Policy } from './policy.ts';
import { approvedLetter, type ApprovedLetter } from './telling-letter.ts';
import { TELLING } from './telling-mail.ts';
import { insertMessages, newestLetter, queuedOfPolicy, type MessageRow } from './telling-store.ts';

/** So long a message waits before it leaves: whoever pressed too early can stop it. */
const HOLD_MINUTES = 5;

interface Sending extends RetentionDeps {
  looking: Looking;
}

/**
 * Writes to those who said it, a thousand at most, the first after that customer. @returns to how many
 * @throws Conflict where the text is not the newest, or nobody is left to write to
 */
export async function sendTelling(
  deps: Sending,
  actor: Actor,
  policy: Policy,
  letterNumber: number,
  after: string,
): Promise<number> {
  const letter = await approvedLetter(deps.storage.read, policy.id);
  if (letter?.number !== letterNumber) throw new Conflict('policies.error.letter');
  const { ids } = await deps.looking.sayers(policy, after);
  let written = 0;
  for (let start = 0; start < ids.length; start += SLICE) {
    written += await sendSlice(deps, actor, policy.id, letter, ids.slice(start, start + SLICE));
    await new Promise(setImmediate);
  }
  if (written === 0) throw new Conflict('policies.error.nobody');
  return written;
}

/** One slice of them: looked at again and written to in one transaction. */
async function sendSlice(
  deps: Sending,
  actor: Actor,
  policyId: string,
  letter: ApprovedLetter,
  customerIds: string[],
): Promise<number> {
  const { storage, invitations, looking, accounts } = deps;
  return await storage.transaction(async (tx) => {
    await invitations.contacts.lock(tx);
    if ((await newestLetter(tx, policyId))?.id !== letter.id) throw new Conflict('policies.error.letter');
    const looked = await looking.look(tx, policyId, customerIds, { texts: letter.texts, counted: true });
    const people = (await looking.drawn(tx, looked)).filter(({ why }) => why === null);
    const fresh = await insertMessages(
      tx,
      people.map((person) => messageRow(deps, actor, policyId, letter.id, person)),
    );
    await queue(deps, tx, fresh, people);
    const count = fresh.length;
    if (count > 0) await accounts.audit(tx, actor, 'policies.told', { kind: 'policy', id: policyId }, { count });
    return count;
  });
}

function messageRow(
  { clock }: Sending,
  actor: Actor,
  policy_id: string,
  letter_id: string,
  { customer, language }: Looked,
): MessageRow {
  const standing = { state: 'queued' as const, reason: '', account_id: accountOf(actor), settled_at: null };
  const whose = { policy_id, letter_id, customer_id: customer.id, language };
  return { id: newId(clock), ...whose, ...standing, created_at: timestamp(clock) };
}

/** Each counts against the customer's budget of contacts from now on. */
async function queue(
  { clock, invitations, mailer }: Sending,
  tx: Tx,
  messages: MessageRow[],
  people: Looked[],
): Promise<void> {
  const emails = new Map(people.map(({ customer }) => [customer.id, customer.email]));
  const contacts = messages.map(({ id, customer_id }) => ({
    id,
    customer: { id: customer_id, email: emails.get(customer_id) ?? '' },
  }));
  await invitations.contacts.record(tx, 'told', contacts, timestamp(clock));
  const notBefore = addMinutes(timestamp(clock), HOLD_MINUTES);
  await mailer.enqueue(
    tx,
    messages.map(({ id: subjectId }) => ({ kind: TELLING, subjectId, notBefore })),
  );
}

/** What has not left yet never will. @throws Conflict where nothing waits. @returns how many */
export async function stopTelling(deps: RetentionDeps, actor: Actor, policyId: string): Promise<number> {
  return await deps.storage.transaction(async (tx) => {
    const count = await callBack(deps, tx, policyId);
    if (count === 0) throw new Conflict('policies.error.nothingWaits');
    await deps.accounts.audit(tx, actor, 'policies.stopped', { kind: 'policy', id: policyId }, { count });
    return count;
  });
}

/** Every message of a policy that waits. @returns how many */
export async function callBack(deps: RetentionDeps, tx: Tx, policyId: string): Promise<number> {
  let stopped = 0;
  for (let some = SLICE; some === SLICE;) {
    some = await cancelTelling(deps, tx, await queuedOfPolicy(tx, policyId, SLICE));
    stopped += some;
  }
  return stopped;
}

/** @returns how many of these messages had not left yet */
export async function cancelTelling({ mailer }: RetentionDeps, tx: Tx, ids: string[]): Promise<number> {
  return ids.length === 0 ? 0 : (await mailer.cancelQueued(tx, TELLING, ids)).length;
}
