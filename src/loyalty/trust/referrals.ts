import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createHooks, page, type Tx } from '../../storage/index.ts';
import { standingsOf } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { THANKS } from './mail.ts';
import { A_PAGE, audited, recorder } from './record.ts';
import type { Referred, Trust } from './interface.ts';
import * as store from './trust-store.ts';
import type { ReferralRow } from './trust-store.ts';

const TWICE_MINUTES = 10;
const LATELY = 5;

/** Whom customers have told about us, what came of it, and the thanks. */
export function createReferrals(
  deps: LoyaltyDeps,
): Pick<
  Trust,
  | 'refer'
  | 'onReferred'
  | 'onReferralSettled'
  | 'onThanked'
  | 'openReferrals'
  | 'allReferrals'
  | 'referral'
  | 'toThank'
  | 'settle'
  | 'thank'
> {
  const { storage, clock, accounts, invitations, mailer } = deps;
  const now = () => timestamp(clock);
  const record = recorder(deps);
  const referred = createHooks<Referred>();
  const settled = createHooks<ReferralRow>();
  const thanked = createHooks<ReferralRow>();

  async function sayThanks(tx: Tx, { id, customer_id: customerId }: ReferralRow): Promise<void> {
    const [standing] = await standingsOf(deps, tx, [customerId]);
    if (!standing || standing.suppressed) return;
    const { email, unsubscribedAt, legalBasis } = standing.customer;
    if (email === '' || unsubscribedAt !== null || legalBasis === '') return;
    const allowed = await invitations.contacts.mayContact(tx, [customerId], 'greeting.card', now());
    if (allowed.get(customerId)?.may === false) return;
    await invitations.contacts.record(tx, 'greeting.card', [{ id, customer: { id: customerId, email } }], now());
    await mailer.enqueue(tx, [{ kind: THANKS, subjectId: id }]);
  }

  /** A form that was sent twice: the same words to the same question a moment ago. */
  async function saidJustNow(tx: Tx, customerId: string, askId: string, words: string): Promise<boolean> {
    const since = addMinutes(now(), -TWICE_MINUTES);
    const lately = await store.referralsOf(tx, customerId, LATELY);
    return lately.some((row) => row.ask_id === askId && row.words === words && row.named_at > since);
  }

  return {
    onReferred: referred.on,
    onReferralSettled: settled.on,
    onThanked: thanked.on,
    async refer(customerId, askId, words, accountId = null) {
      await storage.transaction(async (tx) => {
        // Touched first: what is sent twice at the same moment comes one after the other.
        if (askId !== null) await store.answerAsk(tx, askId, { answer: 'agreed', answered_at: now() });
        if (askId !== null && (await saidJustNow(tx, customerId, askId, words))) return;
        const blank = { outcome: 'open' as const, outcome_by: null, outcome_at: null, new_customer_id: null };
        const row = { id: newId(clock), customer_id: customerId, ask_id: askId, words, named_at: now(), ...blank };
        await store.insertReferral(tx, { ...row, thanked_by: null, thanked_at: null });
        await record(tx, customerId, 'referred', { accountId, subjectId: row.id });
        if (accountId !== null) await audited(deps, tx, customerId, 'referred', accountId);
        await referred.tell(tx, row);
      });
    },
    async openReferrals(cursor) {
      const rows = await store.referrals(storage.read, { outcome: 'open' }, cursor, A_PAGE + 1);
      return page(rows, A_PAGE, ({ id }) => id);
    },
    allReferrals: async (filter, before, limit) =>
      page(await store.listReferrals(storage.read, filter, before, limit + 1), limit, ({ id }) => id),
    async referral(id) {
      const found = await store.findReferral(storage.read, id);
      if (!found) throw new NotFound();
      return found;
    },
    toThank: () => store.referrals(storage.read, { outcome: 'became_customer', unthanked: true }, '', A_PAGE),
    async settle(actor, referralId, outcome, newCustomerId) {
      await storage.transaction(async (tx) => {
        await invitations.contacts.lock(tx);
        const by = { outcome_by: accountOf(actor), outcome_at: now(), new_customer_id: newCustomerId };
        const referral = await store.settleReferral(tx, referralId, { outcome, ...by });
        if (!referral) throw new Conflict('error.changed');
        if (outcome === 'became_customer') await sayThanks(tx, referral);
        const who = { accountId: accountOf(actor), subjectId: referralId };
        await record(tx, referral.customer_id, `referral.${outcome}`, who);
        await accounts.audit(tx, actor, `attentions.referral.${outcome}`, { kind: 'referral', id: referralId });
        await settled.tell(tx, referral);
      });
    },
    async thank(actor, referralId) {
      await storage.transaction(async (tx) => {
        const referral = await store.thankReferral(tx, referralId, accountOf(actor), now());
        if (!referral) throw new Conflict('error.changed');
        await record(tx, referral.customer_id, 'thanked', { accountId: accountOf(actor), subjectId: referralId });
        await accounts.audit(tx, actor, 'attentions.thanked', { kind: 'referral', id: referralId });
        await thanked.tell(tx, referral);
      });
    },
  };
}
