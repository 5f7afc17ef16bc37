import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import * as cases from './case-store.ts';
import type { WinbackDeps } from './deps.ts';
import * as store from './letter-store.ts';
import type { LetterRow } from './letter-store.ts';
import type { Standings } from './standing.ts';

/** One reminder of the first letter, a week later. */
const REMINDER_DAYS = 7;
const MINUTES_A_DAY = 24 * 60;
const ON_ITS_WAY: LetterRow['state'][] = ['queued', 'sending', 'unknown', 'failed', 'sent'];

type FollowLetter = (tx: Tx, id: string, state: LetterRow['state'], reason: string | null) => Promise<void>;

/** What became of a letter, and what follows: it counts once it has left, and one reminder is planned. */
export function createLetterFate(deps: WinbackDeps, standings: Standings): FollowLetter {
  const now = () => timestamp(deps.clock);

  async function countIt(tx: Tx, letter: LetterRow): Promise<void> {
    await cases.markAttempted(tx, letter.case_id, now());
    await standings.refresh(tx, [letter.customer_id]);
    const kind = `winback.letter.${letter.kind}`;
    const event = { customerId: letter.customer_id, kind, subjectId: letter.case_id };
    await deps.customers.recordEvents(tx, [{ ...event, accountId: letter.sender_id }]);
  }

  async function planReminder(tx: Tx, letter: LetterRow): Promise<void> {
    const due_at = addMinutes(now(), REMINDER_DAYS * MINUTES_A_DAY);
    const fresh = { id: newId(deps.clock), kind: 'reminder' as const, state: 'planned' as const, due_at };
    await store.insertLetter(tx, { ...letter, ...fresh, created_at: now(), sent_at: null, reason: '' });
  }

  /** Nothing reached them, so nothing counts. */
  async function uncount(tx: Tx, { case_id }: LetterRow): Promise<void> {
    const own = await cases.findCase(tx, case_id);
    if (own?.attempted_at === null) await deps.invitations.contacts.release(tx, [case_id]);
  }

  return async (tx, id, state, reason) => {
    const [letter] = await store.findLetters(tx, [id]);
    if (!letter) return;
    const sent_at = state === 'sent' ? now() : letter.sent_at;
    await store.moveLetter(tx, id, ON_ITS_WAY, { state, sent_at, reason: reason ?? '' });
    if (state === 'sent' || state === 'unknown') await countIt(tx, letter);
    if (state === 'sent' && letter.kind === 'ask') await planReminder(tx, letter);
    if (state === 'failed' || state === 'cancelled') await uncount(tx, letter);
  };
}
