import { z } from 'zod';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { addMinutes } from '../../shared/dates.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { CaseContext } from './context.ts';
import { give, sleep, tagCase, untagCase } from './handling.ts';
import type { RecoveryCase } from './interface.ts';
import { doneToMany, MANY_KINDS, sinceThen } from './many-store.ts';
import type { EventRow } from './thread-store.ts';

/** What a colleague did with several cases at once. */
export interface Done {
  id: string;
  what: 'assigned' | 'snoozed' | 'tagged';
  at: string;
  /** So many of them are still as this left them. */
  count: number;
  /** Whose they are from then on; null: nobody's. */
  toId: string | null;
  /** Until when they are put off. */
  day: string;
  tag: string;
}

export type Did = Pick<Done, 'id' | 'count'>;

/** With the cases of a list: what is closed, or is so already, is left out. */
export interface Many {
  /** @returns how many, and by which id it is taken back */
  assign(actor: Actor, caseIds: string[], to: string | null): Promise<Did>;
  snooze(actor: Actor, caseIds: string[], day: string): Promise<Did>;
  tag(actor: Actor, caseIds: string[], tag: string): Promise<Did>;
  /** What a colleague did in the last 24 hours and can take back, the newest first; of programs, what any of them did. */
  undoable(actor: Actor): Promise<Done[]>;
  /** Where nobody has changed it since. @returns in how many cases */
  undo(actor: Actor, id: string): Promise<number>;
}

interface Taken {
  row: EventRow;
  theCase: RecoveryCase;
  /** Who works here. */
  active: Set<string>;
}

const UNDO_MINUTES = 24 * 60;

/** Several cases in one transaction, and all of it taken back within a day. */
export function createMany(context: CaseContext): Many {
  const { deps, need, now, change, write } = context;
  const { storage } = deps;
  type Act = (tx: Tx, theCase: RecoveryCase, many: string) => Promise<unknown>;

  /** One after the other; those that are closed by now are passed over. */
  async function forEach(caseIds: string[], act: Act): Promise<Did> {
    const id = context.id();
    return await storage.transaction(async (tx) => {
      let count = 0;
      for (const caseId of caseIds) {
        const theCase = await need(tx, caseId);
        if (theCase.closedAt === null && (await act(tx, theCase, id)) !== false) count += 1;
      }
      return { id, count };
    });
  }

  /** As it was before; somebody who works here no more gets nothing back. */
  async function takeBack(tx: Tx, actor: Actor, { row, theCase, active }: Taken) {
    const { fromId, before, tag } = detailOf(row);
    const { id } = theCase;
    if (row.kind === 'snoozed') {
      await change(tx, id, { open: true }, { snoozed_until: before });
      return await write(tx, actor, id, { kind: 'woken' });
    }
    if (row.kind === 'tagged') return await untagCase(context, tx, actor, id, tag);
    const to = fromId !== null && active.has(fromId) ? fromId : null;
    return await give(context, tx, actor, theCase, { to });
  }

  async function undo(actor: Actor, id: string): Promise<number> {
    const active = new Set((await deps.accounts.colleagues()).filter((each) => each.active).map((each) => each.id));
    const since = addMinutes(now(), -UNDO_MINUTES);
    return await storage.transaction(async (tx) => {
      const rows = (await doneToMany(tx, accountOf(actor), since)).filter((row) => detailOf(row).many === id);
      // Touched first, always in one order: who takes the same back at this moment comes before or after.
      for (const row of rows.toSorted((a, b) => (a.case_id < b.case_id ? -1 : 1)))
        await change(tx, row.case_id, {}, {});
      let undone = 0;
      for (const row of await stillSo(tx, rows)) {
        const theCase = await need(tx, row.case_id);
        if (theCase.closedAt !== null) continue;
        await takeBack(tx, actor, { row, theCase, active });
        undone += 1;
      }
      return undone;
    });
  }

  return {
    assign: (actor, caseIds, to) =>
      forEach(caseIds, (tx, theCase, many) =>
        theCase.ownerId === to ? Promise.resolve(false) : give(context, tx, actor, theCase, { to, many }),
      ),
    snooze: (actor, caseIds, day) =>
      forEach(caseIds, (tx, { id }, many) => sleep(context, tx, actor, id, { day, many })),
    tag: (actor, caseIds, tag) =>
      forEach(caseIds, (tx, { id }, many) => tagCase(context, tx, actor, id, { tag, many })),
    async undoable(actor) {
      const rows = await doneToMany(storage.read, accountOf(actor), addMinutes(now(), -UNDO_MINUTES));
      const byAct = Map.groupBy(await stillSo(storage.read, rows), (row) => detailOf(row).many);
      return [...byAct]
        .map(([id, [first, ...others]]) => doneOf(id, first, 1 + others.length))
        .filter((each) => each !== null);
    },
    undo,
  };
}

const detailSchema = z.object({
  many: z.string().catch(''),
  fromId: z.string().nullable().catch(null),
  toId: z.string().nullable().catch(null),
  before: z.string().nullable().catch(null),
  day: z.string().catch(''),
  tag: z.string().catch(''),
});

const detailOf = ({ detail }: EventRow) => detailSchema.parse(JSON.parse(detail));

function doneOf(id: string, row: EventRow | undefined, count: number): Done | null {
  if (!row || id === '') return null;
  const { toId, day, tag } = detailOf(row);
  const what = row.kind === 'snoozed' || row.kind === 'tagged' ? row.kind : 'assigned';
  return { id, what, at: row.at, count, toId, day, tag };
}

/** The lines after which nothing has happened to the same thing: to whose it is, to until when, to that tag. */
async function stillSo(db: Db, rows: EventRow[]): Promise<EventRow[]> {
  const last = new Map<string, string>();
  for (const row of await sinceThen(db, rows)) last.set(thingOf(row), row.id);
  return rows.filter((row) => last.get(thingOf(row)) === row.id);
}

const thingOf = (row: EventRow): string => {
  const thing = MANY_KINDS.findIndex((kinds) => kinds.includes(row.kind));
  return `${row.case_id} ${thing} ${detailOf(row).tag}`;
};
