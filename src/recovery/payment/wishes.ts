import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { STEPS, type PaymentDeps } from './deps.ts';
import { insertWish, standingWishes, takeBackWishes, type WishRow } from './payment-store.ts';
import type { Slot } from './slots-rules.ts';
import { inWorkingDays } from './working-days.ts';

/** What the customer chooses on their page. Everything can be taken back; the newest of a kind stands. */
export interface Wishes {
  standing(db: Db, caseId: string): Promise<WishRow[]>;
  /** To be called then, at that number. */
  call(theCase: RecoveryCase, slot: Slot, telephone: string): Promise<void>;
  /** What happened, in their own words. */
  tell(theCase: RecoveryCase, words: string): Promise<void>;
  takeBack(theCase: RecoveryCase, kind: 'call' | 'words'): Promise<void>;
}

type Wish = Pick<WishRow, 'kind'> & Partial<WishRow>;

const isSame = (standing: WishRow, wish: Wish): boolean =>
  Object.entries(wish).every(([name, value]) => standing[name as keyof WishRow] === value);

export function createWishes(deps: PaymentDeps): Wishes {
  const { storage, clock, accounts, customers, cases } = deps;
  const now = () => timestamp(clock);

  /** @returns false where it stands already: sent twice, it is one */
  async function keep(tx: Tx, theCase: RecoveryCase, wish: Wish): Promise<boolean> {
    // Whoever sends the same at the same moment comes after.
    await cases.touch(tx, theCase.id);
    if ((await standingWishes(tx, theCase.id)).some((each) => isSame(each, wish))) return false;
    await takeBackWishes(tx, theCase.id, wish.kind, now());
    const blank = { call_from: null, call_to: null, telephone: '', words: '' };
    const row = { ...blank, ...wish, id: newId(clock), case_id: theCase.id, made_at: now(), taken_back_at: null };
    if (!(await insertWish(tx, row))) throw new Conflict('error.changed');
    return true;
  }

  async function record(tx: Tx, { id, customerId }: RecoveryCase, kind: string): Promise<void> {
    if (customerId !== null) await customers.recordEvents(tx, [{ customerId, kind: `payment.${kind}`, subjectId: id }]);
    await accounts.audit(tx, SYSTEM, `payment.${kind}`, { kind: 'case', id });
  }

  return {
    standing: standingWishes,
    async call(theCase, slot, telephone) {
      await storage.transaction(async (tx) => {
        const wish = { kind: 'call' as const, call_from: slot.from, call_to: slot.to, telephone };
        if (!(await keep(tx, theCase, wish))) return;
        await cases.note(tx, SYSTEM, theCase.id, { kind: 'paymentCall', fromCustomer: true });
        await cases.setNext(tx, theCase.id, { step: STEPS.call, dueAt: slot.from });
        await record(tx, theCase, 'call');
      });
    },
    async tell(theCase, words) {
      await storage.transaction(async (tx) => {
        if (!(await keep(tx, theCase, { kind: 'words', words }))) return;
        await cases.note(tx, SYSTEM, theCase.id, { kind: 'paymentWords', words, fromCustomer: true });
        const dueAt = await inWorkingDays(deps, tx, 1);
        if (theCase.nextStep !== STEPS.call) await cases.setNext(tx, theCase.id, { step: STEPS.words, dueAt });
        await record(tx, theCase, 'words');
      });
    },
    async takeBack(theCase, kind) {
      await storage.transaction(async (tx) => {
        if (!(await takeBackWishes(tx, theCase.id, kind, now()))) return;
        await cases.note(tx, SYSTEM, theCase.id, {
          kind: kind === 'call' ? 'paymentNoCall' : 'paymentNoWords',
          fromCustomer: true,
        });
        if (kind === 'call' && theCase.nextStep === STEPS.call) {
          await cases.awaitCustomer(tx, theCase.id, await inWorkingDays(deps, tx, 5));
        }
        await record(tx, theCase, 'takenBack');
      });
    },
  };
}
