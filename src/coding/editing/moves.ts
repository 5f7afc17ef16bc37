import { timestamp, type Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Doubles } from '../auditing/doubles.ts';
import type { Books } from '../books.ts';
import { ultimate } from '../codebook.ts';
import { codesWithMovesLeft } from '../codebook-store.ts';
import type { Mains } from '../mains.ts';
import { carryOver } from '../rules.ts';
import * as codings from '../store.ts';
import { reopenSomeOfCode } from '../task-store.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  books: Books;
  mains: Mains;
  doubles: Doubles;
}

export type Moves = ReturnType<typeof createMoves>;

const AT_ONCE = 50;

/**
 * What follows a merge or a split on the answers already coded: many short transactions, so that nobody waits. One that
 * was interrupted goes on where it stopped; until then a merged code counts as its target wherever codes are read.
 */
export function createMoves({ storage, clock, books, mains, doubles }: Deps) {
  async function carrySome(tx: Tx, programmeId: string, codeId: string): Promise<number> {
    const seen = await codings.someOfCode(tx, codeId, AT_ONCE);
    const ids = [...new Set(seen.map((each) => each.responseId))];
    if (ids.length === 0) return 0;
    const at = timestamp(clock);
    await codings.lockResponses(tx, ids, at);
    const book = await books.of(tx, programmeId);
    const target = book && ultimate(book, codeId);
    if (!target || target.id === codeId) return 0;
    const current = await codings.currentOfSome(tx, ids);
    const of = (id: string) => current.filter((each) => each.codeId === id);
    const change = carryOver(of(codeId), of(target.id), target.id);
    await codings.apply(tx, change, { at, by: codeId, newId: () => newId(clock) });
    await mains.refresh(tx, await codings.subjectsOf(tx, ids), at);
    return ids.length;
  }

  async function carry(programmeId: string, codeId: string): Promise<void> {
    while ((await storage.transaction((tx) => carrySome(tx, programmeId, codeId))) > 0) await breathe();
  }

  async function reopenSome(tx: Tx, programmeId: string, codeId: string, after: string): Promise<string | undefined> {
    const ids = await reopenSomeOfCode(tx, codeId, after, AT_ONCE);
    const book = ids.length > 0 ? await books.of(tx, programmeId) : undefined;
    if (book) await doubles.split(tx, ids, book);
    return ids.at(-1);
  }

  async function reopen(programmeId: string, codeId: string): Promise<void> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      after = await storage.transaction((tx) => reopenSome(tx, programmeId, codeId, from));
      await breathe();
    }
  }

  return {
    carry,
    reopen,
    /** Goes on with what an ended process left half done. */
    async finish(): Promise<void> {
      for (const { id, programmeId, merged } of await codesWithMovesLeft(storage.read)) {
        if (merged) await carry(programmeId, id);
        else await reopen(programmeId, id);
      }
    },
  };
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
