import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Place } from '../desk-store.ts';
import { factsOf } from '../facts.ts';
import type { GivingDeps, SaveCoding } from '../giving.ts';
import { chosen } from '../giving-rules.ts';
import { lockResponses } from '../store.ts';
import * as doubles from './double-store.ts';
import { asOfNow, isSame, isSplit } from './rules.ts';

type Deps = Pick<GivingDeps, 'storage' | 'clock' | 'books' | 'audit'>;

/** The second of two codings: kept beside the first, and the answer's own codes stay as they are. */
export function createSecond({ storage, clock, books, audit }: Deps) {
  return {
    /**
     * Throws NotFound, Invalid (fields `code`, `main`), and Conflict where the answer waits for no second coding, or not for
     * this colleague's, or has changed since `expected`.
     */
    saveSecond: (actor: Actor, { codeIds, ...rest }: Omit<SaveCoding, 'blind'>): Promise<void> =>
      storage.transaction(async (tx) => {
        const { responseId, questionKey } = rest;
        const at = timestamp(clock);
        await lockResponses(tx, [responseId], at);
        const [facts] = await factsOf(tx, books, [rest]);
        const known = await doubles.doubleAt(tx, rest);
        const accountId = accountOf(actor);
        const isTheirs = known?.state === 'waiting' && known.first.accountId !== accountId;
        const waits = facts && isTheirs && !isSplit(known.first, facts.book);
        if (!waits || accountId === null) throw new Conflict('coding.error.codedMeanwhile');
        const choice = chosen({ ...rest, codes: codeIds, by: 'id', blind: true }, facts);
        const opinion = { codes: choice.codeIds, main: choice.mainId };
        const agree = isSame(asOfNow(known.first, facts.book), asOfNow(opinion, facts.book));
        await doubles.addSecond(tx, rest, { ...opinion, accountId, at }, agree ? 'agreed' : 'differing');
        const detail = { question: questionKey, ...opinion };
        await audit(tx, actor, 'coding.second', { kind: 'response', id: responseId }, detail);
      }),
    /** Puts it aside; false where somebody has coded it. */
    skipSecond: (place: Place): Promise<boolean> =>
      storage.transaction((tx) => doubles.skipSecond(tx, place, timestamp(clock))),
  };
}
