import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { isLanguage } from '../../i18n/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import type { NewAsk } from './interface.ts';
import { ASK } from './mail.ts';
import { audited, recorder } from './record.ts';
import { againstAsking, askFacts } from './standing.ts';
import { answerAsk, dropDecline, dropRefusal, findAsks, insertAsk, keepRefusal, type AskRow } from './trust-store.ts';

type Asked = Pick<AskRow, 'id' | 'customer_id'>;

/** Asks somebody for a word about us. @returns the id of the question. @throws Conflict where something stands against it */
export async function ask(
  deps: LoyaltyDeps,
  actor: Actor,
  customerId: string,
  { kind, prospect, way }: NewAsk,
): Promise<string> {
  const { storage, clock, accounts, invitations } = deps;
  return await storage.transaction(async (tx) => {
    await invitations.contacts.lock(tx);
    const [facts] = await askFacts(deps, tx, [customerId]);
    const why = againstAsking(deps, facts, way);
    if (!facts || why !== null) throw new Conflict(`attentions.against.${why ?? 'left'}`);
    const { defaultLanguage } = await accounts.companyIn(tx);
    const language = [facts.customer.language, defaultLanguage].find(isLanguage) ?? 'en';
    const state = way === 'mail' ? ('queued' as const) : ('waiting' as const);
    const asked = { id: newId(clock), customer_id: customerId, kind, prospect, way, state, language };
    const open = { answer: null, answered_at: null, words: '', settled_at: null };
    const by = { asked_by: accountOf(actor), asked_at: timestamp(clock) };
    await insertAsk(tx, { ...asked, ...open, ...by });
    const who = { accountId: by.asked_by, subjectId: asked.id };
    if (way === 'mail') await queue(deps, tx, asked.id, facts.customer);
    else await recorder(deps)(tx, customerId, `asked.${kind}`, who);
    await accounts.audit(tx, actor, `attentions.asked.${kind}`, { kind: 'customer', id: customerId }, { way });
    return asked.id;
  });
}

/** It counts against the customer's budget of contacts from now on. */
async function queue(
  { clock, mailer, invitations }: LoyaltyDeps,
  tx: Tx,
  askId: string,
  { id, email }: { id: string; email: string },
): Promise<void> {
  await invitations.contacts.record(tx, 'referral', [{ id: askId, customer: { id, email } }], timestamp(clock));
  await mailer.enqueue(tx, [{ kind: ASK, subjectId: askId }]);
}

/** They would rather not, and are not asked again. `endReference`: nor is their name given to others. */
export async function declineAsk(
  deps: LoyaltyDeps,
  { id, customer_id: customerId }: Asked,
  { how, accountId }: { how: string; accountId: string | null },
  endReference: (tx: Tx, customerId: string) => Promise<void>,
): Promise<void> {
  const at = timestamp(deps.clock);
  await deps.storage.transaction(async (tx) => {
    await answerAsk(tx, id, { answer: 'declined', answered_at: at });
    const isNew = await keepRefusal(tx, { customer_id: customerId, since: at, how });
    if (isNew) await recorder(deps)(tx, customerId, 'declined', { subjectId: id, accountId });
    if (isNew && accountId !== null) await audited(deps, tx, customerId, 'declined', accountId);
    // Who would rather not be asked is not named to others as somebody to ask either.
    await endReference(tx, customerId);
  });
}

/** They have changed their mind. */
export async function takeDeclineBack(deps: LoyaltyDeps, { id, customer_id: customerId }: Asked): Promise<void> {
  await deps.storage.transaction(async (tx) => {
    await dropDecline(tx, id);
    if (await dropRefusal(tx, customerId)) await recorder(deps)(tx, customerId, 'mayAsk', { subjectId: id });
  });
}

/** What they say about us to a prospect who knows them. */
export async function vouch(deps: LoyaltyDeps, { id, customer_id: customerId }: Asked, words: string): Promise<void> {
  await deps.storage.transaction(async (tx) => {
    // Touched first: what is sent twice at the same moment comes one after the other.
    await answerAsk(tx, id, { answer: 'agreed', answered_at: timestamp(deps.clock) });
    const [before] = await findAsks(tx, [id]);
    if (before?.words === words) return;
    await answerAsk(tx, id, { answer: 'agreed', answered_at: timestamp(deps.clock), words });
    await recorder(deps)(tx, customerId, 'vouched', { subjectId: id });
  });
}
