import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import type { SaveCoding } from '../giving.ts';
import type { Wanted } from '../giving-rules.ts';
import * as doubles from './double-store.ts';

export interface SettlingDeps {
  storage: Storage;
  clock: Clock;
  give(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void>;
  auditOne(tx: Tx, actor: Actor, action: string, wanted: Wanted): Promise<void>;
}

/** Where two people gave different codes, a third word, or one of theirs, becomes the answer's coding. */
export function createSettling({ storage, clock, give, auditOne }: SettlingDeps) {
  async function settleAs(tx: Tx, actor: Actor, wanted: Wanted): Promise<void> {
    if (!(await doubles.settle(tx, wanted, accountOf(actor), timestamp(clock)))) {
      throw new Conflict('coding.error.settledMeanwhile');
    }
    await give(tx, actor, [wanted]);
    await auditOne(tx, actor, 'coding.settle', wanted);
  }

  return {
    /** Takes what the first or the second of the two gave. Throws NotFound, Conflict, and Invalid where a code is gone. */
    takeOpinion: (actor: Actor, place: Place, which: 'first' | 'second'): Promise<void> =>
      storage.transaction(async (tx) => {
        const said = (await doubles.doubleAt(tx, place))?.[which];
        if (!said) throw new NotFound();
        const { responseId, questionKey } = place;
        const given = { codes: said.codes, mainCodeId: said.main, by: 'id', blind: true } as const;
        await settleAs(tx, actor, { responseId, questionKey, ...given });
      }),
    /** Settles it with codes of one's own. Throws as saveCoding does. */
    settle: (actor: Actor, { codeIds, ...rest }: SaveCoding): Promise<void> =>
      storage.transaction((tx) => settleAs(tx, actor, { ...rest, codes: codeIds, by: 'id', blind: true })),
  };
}
