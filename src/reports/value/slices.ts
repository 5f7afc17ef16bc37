import type { Lease } from '../../scheduler/index.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Db } from '../../storage/index.ts';
import { customersAfter, purchasesBetween } from './value-store.ts';
import { sliceOf, type Slice } from './valuing.ts';

/** So many customers at a time: whoever waits for a page hardly notices. */
const SLICE = 100;

/** Somebody else has the lease. */
export class Lost extends Error {}

/** All customers with what they have bought, a slice at a time. @throws Lost once somebody else does the work */
export async function* slicesOf(db: Db, lease: Lease, today: string): AsyncGenerator<Slice> {
  let after = '';
  for (;;) {
    const some = await customersAfter(db, after, SLICE);
    const [first, last] = [some[0], some.at(-1)];
    if (!first || !last) return;
    yield sliceOf(some, await purchasesBetween(db, first.id, last.id, today), today);
    after = last.id;
    await othersFirst();
    if (!(await lease.keep())) throw new Lost();
  }
}
