import { timestamp } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import * as cases from './case-store.ts';
import type { WinbackDeps } from './deps.ts';
import * as store from './letter-store.ts';
import type { LetterRow } from './letter-store.ts';
import { LETTER } from './letter-writing.ts';

const SLICE = 50;

/** Puts reminders that have come due into the outbox, each looked at again first. @returns how many were looked at */
export function createReminders({ storage, clock, mailer, cases: all }: WinbackDeps): () => Promise<number> {
  /** Why nobody is reminded any more; '' where they are. */
  async function whyNot(tx: Tx, letter: LetterRow): Promise<string> {
    const own = await cases.findCase(tx, letter.case_id);
    if (own?.state !== 'open') return 'over';
    const calls = await cases.callsOf(tx, letter.customer_id, 1);
    const spoken = calls.some(({ at, outcome }) => at > letter.created_at && outcome !== 'not_reached');
    if (spoken || (await store.heardSince(tx, letter.case_id, letter.created_at))) return 'answered';
    return (await all.openOf(tx, [letter.customer_id], 'complaint')).size > 0 ? 'complaint' : '';
  }

  async function remindOne(tx: Tx, letter: LetterRow): Promise<void> {
    const reason = await whyNot(tx, letter);
    if (reason !== '') return void (await store.moveLetter(tx, letter.id, ['planned'], { state: 'cancelled', reason }));
    if (await store.moveLetter(tx, letter.id, ['planned'], { state: 'queued' }))
      await mailer.enqueue(tx, [{ kind: LETTER, subjectId: letter.id }]);
  }

  return () =>
    storage.transaction(async (tx) => {
      const due = await store.plannedLetters(tx, timestamp(clock), SLICE);
      for (const letter of due) await remindOne(tx, letter);
      return due.length;
    });
}
