import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Tx } from '../storage/index.ts';
import { createTally, type OtherWay, type Tally, type Wave } from '../invitations/index.ts';
import { nextPart, type Ready } from './choosing.ts';
import type { Codes } from './codes.ts';
import type { PostDeps } from './deps.ts';
import type { Prepared } from './letter.ts';
import { LEFT_OUT, type LeftOut } from './letter-rules.ts';
import * as store from './store.ts';

/** Letters at one press; whoever has more presses again. */
const MOST = 10_000;
/** A code that somebody has already is made anew so often. */
const TRIES = 3;

/** Makes a wave's letters part by part, each in a transaction of its own: a crash in between loses nothing. */
export function createPreparing(deps: PostDeps, codes: Codes) {
  return async (actor: Actor, wave: Wave, whom: OtherWay): Promise<Prepared> => {
    const tally = createTally(LEFT_OUT);
    let [letters, parts, after]: [number, number, string | null] = [0, 0, null];
    do {
      const part = await nextPart(deps, wave, whom, after, tally);
      const { ready } = part;
      const kept = ready.length === 0 ? 0 : await keepPart(deps, codes, actor, wave, { whom, ready, tally });
      letters += kept;
      parts += kept > 0 ? 1 : 0;
      after = part.after;
    } while (after !== null && letters < MOST);
    return { letters, parts, leftOut: tally.result(), more: after !== null };
  };
}

interface Part {
  whom: OtherWay;
  ready: Ready[];
  tally: Tally<LeftOut>;
}

/** @returns how many letters are really new: a colleague may have prepared them at the same moment */
async function keepPart(
  deps: PostDeps,
  codes: Codes,
  actor: Actor,
  wave: Wave,
  { whom, ready: found, tally }: Part,
): Promise<number> {
  return await deps.storage.transaction(async (tx) => {
    const invitations = found.map(({ invitation }) => invitation);
    const against = await deps.invitations.drawAndCheck(tx, wave, invitations);
    for (const { why, until } of against.values()) tally.add(why, until);
    const ready = found.filter(({ invitation }) => !against.has(invitation.id));
    if (ready.length === 0) return 0;
    const { id, number } = await addBatch(deps, tx, actor, wave, whom);
    const count = await addLetters(tx, codes, id, ready);
    if (count === 0) await store.deleteBatch(tx, id);
    else await deps.accounts.audit(tx, actor, 'post.prepared', { kind: 'wave', id: wave.id }, { number, count });
    return count;
  });
}

async function addBatch({ clock }: PostDeps, tx: Tx, actor: Actor, wave: Wave, whom: OtherWay) {
  const id = newId(clock);
  const number = await store.nextNumber(tx, wave.id);
  const prepared = { prepared_by: accountOf(actor), prepared_at: timestamp(clock), posted_by: null, posted_at: null };
  await store.insertBatch(tx, { id, wave_id: wave.id, number, whom, ...prepared });
  return { id, number };
}

/** @returns how many were added */
async function addLetters(tx: Tx, codes: Codes, batchId: string, ready: Ready[]): Promise<number> {
  let left = ready.map((each, i) => ({ each, position: i + 1 }));
  for (let attempt = 0; attempt < TRIES && left.length > 0; attempt++) {
    const rows = left.map(({ each, position }) => rowOf(codes, batchId, position, attempt, each));
    const added = await store.insertLetters(tx, rows);
    left = left.filter(({ each }) => !added.has(each.invitation.id));
  }
  return ready.length - left.length;
}

const rowOf = (
  codes: Codes,
  batchId: string,
  position: number,
  attempt: number,
  { invitation, language }: Ready,
): store.LetterRow => ({
  invitation_id: invitation.id,
  batch_id: batchId,
  position,
  language,
  code_key: codes.keyOf(codes.codeFor(invitation.id, attempt)),
  attempt,
  from_delivery: invitation.delivery as store.LetterRow['from_delivery'],
  state: 'prepared',
  why: null,
});
