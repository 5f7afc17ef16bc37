import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { createHooks, type Tx } from '../../storage/index.ts';
import type { CommentRow } from './comment.ts';
import type { ClaimDecided, Comments } from './interface.ts';
import type { Placing } from './placing.ts';
import type { CommentsDeps } from './deps.ts';
import * as store from './store.ts';

type Deciding = Pick<Comments, 'release' | 'setAside' | 'confirmCustomer' | 'decide' | 'onDecided'>;

/** What colleagues say of a comment. */
export function createDeciding(deps: CommentsDeps, placing: Placing): Deciding {
  const { storage, clock, accounts, customers, cases, remedies } = deps;
  const decidedOn = createHooks<ClaimDecided>();

  async function need(tx: Tx, id: string): Promise<CommentRow> {
    const comment = await store.findComment(tx, id);
    if (!comment) throw new NotFound();
    return comment;
  }

  const audit = (tx: Tx, actor: Actor, what: string, id: string, detail = {}) =>
    accounts.audit(tx, actor, `comments.${what}`, { kind: 'comment', id }, detail);

  /** On the timeline of who said it, at the time when they did. */
  async function tell(tx: Tx, { id, kind, created_at }: CommentRow, customerId: string): Promise<void> {
    await customers.recordEvents(tx, [{ customerId, kind: `comments.${kind}`, at: created_at, subjectId: id }]);
  }

  return {
    onDecided: decidedOn.on,
    async release(actor, id, kind) {
      const ownerId = await placing.owner();
      await storage.transaction(async (tx) => {
        await placing.place(tx, actor, { comment: await need(tx, id), kind, ownerId });
        await audit(tx, actor, 'released', id, { kind });
      });
    },
    async setAside(actor, id) {
      await storage.transaction(async (tx) => {
        await need(tx, id);
        const decided = { decided_by: accountOf(actor), decided_at: timestamp(clock) };
        if (!(await store.changeComment(tx, id, ['held', 'list'], { state: 'spam', ...decided })))
          throw new Conflict('error.changed');
        await audit(tx, actor, 'setAside', id);
      });
    },
    async confirmCustomer(actor, id, from, customerId) {
      await storage.transaction(async (tx) => {
        const comment = await need(tx, id);
        const customer = customerId === null ? undefined : (await customers.findMany(tx, [customerId])).get(customerId);
        if (customerId !== null && (!customer || customer.erasedAt !== null)) throw new NotFound();
        if (!(await store.setCustomer(tx, id, from, { customer_id: customerId }))) throw new Conflict('error.changed');
        if (comment.case_id !== null) await cases.setCustomer(tx, actor, comment.case_id, customerId);
        if (customerId !== null) await tell(tx, comment, customerId);
        await audit(tx, actor, customerId === null ? 'nobody' : 'confirmed', id);
      });
    },
    async decide(by, id, { state, kind, words, amountMinor }) {
      const { actor } = by;
      return await storage.transaction(async (tx) => {
        const { case_id: caseId } = await need(tx, id);
        if (caseId === null) throw new NotFound();
        const at = timestamp(clock);
        const decided = { decided_by: accountOf(actor), decided_at: at };
        const decision = { state, words, amount_minor: state === 'granted' ? amountMinor : null, ...decided };
        if (!(await store.decideClaim(tx, id, decision))) throw new Conflict('comments.error.decided');
        await cases.note(tx, actor, caseId, { kind: `claim.${state}`, words });
        await audit(tx, actor, state, id);
        const { amount_minor } = decision;
        await decidedOn.tell(tx, { comment_id: id, case_id: caseId, state, amount_minor, at });
        if (state === 'declined') return 'declined';
        // What was promised is given within the limits that hold for everything that makes good.
        return await remedies.offerIn(tx, by, caseId, { kind, what: words, amountMinor: amountMinor ?? 0 });
      });
    },
  };
}
