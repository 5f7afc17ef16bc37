import { Conflict } from '../../shared/errors.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Clock } from '../../shared/clock.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import type { Cases } from '../cases/interface.ts';
import { putInto } from '../merge-store.ts';
import { casesOf } from './case-store.ts';

interface Deps {
  cases: Pick<Cases, 'openOf' | 'close'>;
  clock: Clock;
}

const JOINED = { rootCause: 'unknown', action: '–', outcome: 'not_possible', noQuestion: 'winback' };

/**
 * One person is won back in one conversation: of two that are open, the one that began first goes into the other.
 * @throws Conflict while somebody is on the telephone with them
 */
export async function joinConversations({ cases, clock }: Deps, tx: Tx, actor: Actor, ids: string[]): Promise<void> {
  const open = [...(await cases.openOf(tx, ids, 'win_back')).values()].flat();
  const [earlier, later] = open.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (!earlier || !later) return;
  const conversation = (await casesOf(tx, [earlier.id])).get(earlier.id);
  if ((conversation?.claimed_until ?? '') > timestamp(clock)) throw new Conflict('merging.error.calling');
  await cases.close(tx, actor, earlier.id, JOINED);
  await putInto(tx, earlier.id, later.id);
}
