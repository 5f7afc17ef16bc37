import { colleague } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, type FieldErrors } from '../shared/errors.ts';
import type { WholeBody } from '../answering/index.ts';
import type { Entered } from '../responses/index.ts';
import type { Tx } from '../storage/index.ts';
import { draftOf, readCall, type CallForm } from './call-form.ts';
import type { TelephoneDeps } from './deps.ts';
import type { Flags } from './flags.ts';
import { afterCall, type Outcome } from './rules.ts';
import { RELEASED, type CallSheet } from './sheets.ts';
import * as store from './store.ts';

export interface Finished {
  ok: true;
  outcome: Outcome;
  entered: Entered | null;
}

/** A call that is over, and for whom it was made. */
interface Over {
  form: CallForm;
  company: string;
  body: WholeBody;
}

/** How a call ends: what they said is kept, and whoever was reached or refused is known to have been. */
export function createFinishing(deps: TelephoneDeps, flags: Flags) {
  const { storage, clock, invitations, customers, accounts } = deps;
  const now = () => timestamp(clock);

  async function keepAnswers(tx: Tx, accountId: string, sheet: CallSheet, { form, company }: Over): Promise<Entered> {
    const { invitation, definition, language } = sheet;
    const at = now();
    const answers = [...form.answers].map(([key, value]) => ({ key, value, answeredAt: at }));
    const whole = { answers, startedAt: sheet.call.claimed_at ?? at, submittedAt: at, contactWish: form.wish, company };
    const asked = { invitation, definition, mode: 'telephone' as const, language };
    return await deps.responses.enter(tx, asked, whole, { by: accountId, at, receivedOn: null });
  }

  /** Whoever was spoken to was reached; a number that is not theirs, or rings on, reached nobody. */
  async function settle(tx: Tx, accountId: string, sheet: CallSheet, over: Over): Promise<Entered | null> {
    const { call, invitation, wave, language, customer } = sheet;
    const { form, body } = over;
    const { outcome } = form;
    const after = { ...afterCall(outcome, { now: now(), tries: call.tries, at: form.at }), ...RELEASED };
    // Whoever calls next finds what was typed; once the call is done it stands in the answers.
    const kept = after.state === 'done' ? { draft: '{}', settled_at: now() } : { draft: draftOf(body) };
    const isMine = await store.changeMine(tx, invitation.id, accountId, { ...after, ...kept });
    if (!isMine) throw new Conflict('telephone.error.lost');
    if (outcome === 'answered' || outcome === 'refused' || outcome === 'call_back')
      await invitations.reachedOtherwise(tx, wave, { id: invitation.id, from: invitation.delivery, language });
    const entered = outcome === 'answered' ? await keepAnswers(tx, accountId, sheet, over) : null;
    if (outcome === 'wrong_number') await flags.flag(tx, accountId, customer, 'wrong_number');
    if (outcome === 'refused') await invitations.optOut(tx, invitation.id);
    await accounts.audit(tx, colleague(accountId), `telephone.${outcome}`, { kind: 'invitation', id: invitation.id });
    const event = { kind: `telephone.${outcome}`, accountId, subjectId: invitation.id, detail: { wave: wave.name } };
    await customers.recordEvents(tx, [{ customerId: customer.id, ...event }]);
    return entered;
  }

  return {
    async finish(
      accountId: string,
      sheet: CallSheet,
      body: WholeBody,
    ): Promise<Finished | { ok: false; errors: FieldErrors }> {
      const business = await accounts.company();
      const form = readCall(sheet.definition, body, { customer: sheet.customer, business, now: now() });
      if (!form.ok) return form;
      const entered = await storage.transaction((tx) =>
        settle(tx, accountId, sheet, { form, company: business.name, body }),
      );
      return { ok: true, outcome: form.outcome, entered };
    },
    async optOut(accountId: string, { customer }: CallSheet, choice: 'calls' | 'everything'): Promise<void> {
      await storage.transaction(async (tx) => {
        await flags.note(tx, accountId, customer, 'no_calls');
        if (choice === 'everything') await customers.unsubscribe(tx, customer.id, 'telephone', accountId);
        await accounts.audit(tx, colleague(accountId), `telephone.optOut.${choice}`, {
          kind: 'customer',
          id: customer.id,
        });
      });
    },
  };
}
