import { setImmediate as nextTurn } from 'node:timers/promises';
import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Codes } from './codes.ts';
import type { PostDeps } from './deps.ts';
import type { Prepared } from './letter.ts';
import { againstLetter, LEFT_OUT, type LeftOut } from './letter-rules.ts';
import { createTally, type ListedInvitation, type OtherWay, type Tally, type Wave } from '../invitations/index.ts';
import * as store from './store.ts';

/** One print job: few enough for any printer's paper, and for one page in a browser. */
export const PART = 200;
/** At one press; whoever has more presses again. */
const MOST = 10_000;
const TRIES = 3;

interface Ready {
  invitation: ListedInvitation;
  language: string;
}

/** Makes a wave's letters part by part, each in a transaction of its own: a crash in between loses nothing. */
export function createPreparing(deps: PostDeps, codes: Codes) {
  const { storage, clock, invitations, customers } = deps;

  /** The next recipients who get a letter, at most one part of them, and how far the search has come. */
  async function nextPart(wave: Wave, whom: OtherWay, from: string | null, tally: Tally<LeftOut>) {
    const ready: Ready[] = [];
    const languageOf = await invitations.languagesFor(wave.versionId);
    let after = from;
    while (ready.length < PART) {
      const slice = await invitations.stillToAnswer(wave.id, whom, after, PART - ready.length);
      const last = slice.at(-1);
      if (!last) return { ready, after: null };
      after = last.customerId;
      for (const each of await decide(wave, whom, slice, languageOf)) {
        if ('language' in each) ready.push(each);
        else tally.add(each.why, each.until);
      }
      await nextTurn();
    }
    return { ready, after };
  }

  async function decide(
    wave: Wave,
    whom: OtherWay,
    slice: ListedInvitation[],
    languageOf: (own: string) => string | undefined,
  ): Promise<(Ready | { why: LeftOut; until: string | null })[]> {
    const { read } = storage;
    const ids = slice.map(({ customerId }) => customerId);
    const people = await customers.findMany(read, ids);
    const against = await invitations.againstAsking(read, wave, slice);
    const written = await store.lettersFor(
      read,
      slice.map(({ id }) => id),
    );
    return slice
      .filter(({ id }) => !written.has(id))
      .map((invitation) => {
        const customer = people.get(invitation.customerId);
        const why = againstLetter(customer);
        const language = whom === 'no_address' ? languageOf(customer?.language ?? '') : invitation.language;
        const known = against.get(invitation.id);
        if (why !== null) return { why, until: null };
        if (language === undefined) return { why: 'language' as const, until: null };
        // Whoever is held out is noted as that in the transaction that draws.
        return known && known.why !== 'held_out' ? known : { invitation, language };
      });
  }

  const rowOf = (batchId: string, position: number, attempt: number, { invitation, language }: Ready) => ({
    invitation_id: invitation.id,
    batch_id: batchId,
    position,
    language,
    code_key: codes.keyOf(codes.codeFor(invitation.id, attempt)),
    attempt,
    from_delivery: invitation.delivery as store.LetterRow['from_delivery'],
    state: 'prepared' as const,
    why: null,
  });

  /** @returns how many letters are really new: a colleague may have prepared them at the same moment */
  async function keep(
    actor: Actor,
    wave: Wave,
    { whom, found, tally }: { whom: OtherWay; found: Ready[]; tally: Tally<LeftOut> },
  ): Promise<number> {
    return await storage.transaction(async (tx) => {
      const against = await invitations.drawAndCheck(
        tx,
        wave,
        found.map(({ invitation }) => invitation),
      );
      for (const { why, until } of against.values()) tally.add(why, until);
      const ready = found.filter(({ invitation }) => !against.has(invitation.id));
      if (ready.length === 0) return 0;
      const id = newId(clock);
      const number = await store.nextNumber(tx, wave.id);
      const prepared = {
        prepared_by: accountOf(actor),
        prepared_at: timestamp(clock),
        posted_by: null,
        posted_at: null,
      };
      await store.insertBatch(tx, { id, wave_id: wave.id, number, whom, ...prepared });
      let left = ready.map((each, i) => ({ each, position: i + 1 }));
      for (let attempt = 0; attempt < TRIES && left.length > 0; attempt++) {
        const rows = left.map(({ each, position }) => rowOf(id, position, attempt, each));
        const added = await store.insertLetters(tx, rows);
        left = left.filter(({ each }) => !added.has(each.invitation.id));
      }
      const count = ready.length - left.length;
      if (count === 0) await store.deleteBatch(tx, id);
      else await deps.accounts.audit(tx, actor, 'post.prepared', { kind: 'wave', id: wave.id }, { number, count });
      return count;
    });
  }

  return async (actor: Actor, wave: Wave, whom: OtherWay): Promise<Prepared> => {
    const tally = createTally(LEFT_OUT);
    let [letters, parts, after]: [number, number, string | null] = [0, 0, null];
    do {
      const part = await nextPart(wave, whom, after, tally);
      const kept = part.ready.length === 0 ? 0 : await keep(actor, wave, { whom, found: part.ready, tally });
      letters += kept;
      parts += kept > 0 ? 1 : 0;
      after = part.after;
    } while (after !== null && letters < MOST);
    return { letters, parts, leftOut: tally.result(), more: after !== null };
  };
}
