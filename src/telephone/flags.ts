import { timestamp } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Customer } from '../customers/index.ts';
import type { Db, Tx } from '../storage/index.ts';
import type { TelephoneDeps } from './deps.ts';
import { againstCall, digitsOf, type LeftOut } from './rules.ts';
import * as store from './store.ts';

/** The number as the flags keep it: nobody reads numbers out of them. */
export const numberKey = ({ signer }: Pick<TelephoneDeps, 'signer'>, telephone: string): string =>
  signer.mac('telephone', digitsOf(telephone));

export type Flags = ReturnType<typeof createFlags>;

/** What was said of a number or of calling at all, whichever call it was said in. */
export function createFlags(deps: Pick<TelephoneDeps, 'clock' | 'signer'>) {
  const { clock } = deps;
  const now = () => timestamp(clock);

  async function flag(tx: Tx, accountId: string, customer: Customer, kind: store.FlagRow['kind']): Promise<void> {
    const flagged = { flagged_by: accountId, flagged_at: now() };
    const number_key = numberKey(deps, customer.telephone);
    await store.insertFlag(tx, { id: newId(clock), customer_id: customer.id, kind, number_key, ...flagged });
  }

  return {
    flag,
    /** Nobody calls whoever wants no calls: their calls are taken off the list. */
    async note(tx: Tx, accountId: string, customer: Customer, kind: store.FlagRow['kind']): Promise<void> {
      await flag(tx, accountId, customer, kind);
      if (kind === 'wrong_number') return;
      await store.closeCalls(tx, { customerId: customer.id }, { outcome: 'withdrawn', now: now() });
    },
    /** That they want no calls, or that the number which they have now is wrong; the latest word. */
    async noted(db: Db, { id, telephone }: Customer): Promise<store.FlagRow | undefined> {
      const flags = (await store.flagsOf(db, [id])).get(id) ?? [];
      const key = numberKey(deps, telephone);
      return flags.findLast(({ kind, number_key }) => kind === 'no_calls' || number_key === key);
    },
    async againstCalling(db: Db, people: Customer[]): Promise<Map<string, LeftOut | null>> {
      const ids = people.map(({ id }) => id);
      const flags = await store.flagsOf(db, ids);
      return new Map(
        people.map((one) => [one.id, againstCall(one, flags.get(one.id) ?? [], numberKey(deps, one.telephone))]),
      );
    },
  };
}
