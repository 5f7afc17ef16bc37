import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { page, type Page } from '../../storage/index.ts';
import type { Field } from '../import/index.ts';
import type { ImportsDeps } from './deps.ts';
import { isUndoable, undoableUntil, type Facts, type Import } from './facts.ts';
import { keptRows, type KeptRow } from './kept.ts';
import { begin, move, NO_ROWS, noted, undo } from './moving.ts';
import { dropFile } from './reading.ts';
import { keepReceived, type NewImport } from './receiving.ts';
import { badRows, remarkedRows, type BadRow, type RemarkedRow } from './row-store.ts';
import { createRunner } from './runner.ts';
import { findEarlier, findImport, listImports } from './store.ts';

/** Files of customers, purchases, invoices and dealings: received, checked, brought in, taken back. */
export interface Imports {
  /**
   * Takes a file; it is read in the background. The import's id.
   * @throws FileFault when it is larger than we read
   */
  receive(actor: Actor, file: NewImport): Promise<string>;
  /** @throws NotFound */
  get(id: string): Promise<Import>;
  list(after: string | null, limit: number): Promise<Page<Import>>;
  /** The last import of the very same file that was finished and not undone. */
  earlier(given: Import): Promise<Import | undefined>;
  /** In the file's order, after that row of the spreadsheet. */
  badRows(id: string, after: number, limit: number): Promise<Page<BadRow>>;
  /** Rows that are taken, with something to be said about them: the first in the file's order. */
  remarkedRows(given: Import, limit: number): Promise<RemarkedRow[]>;
  allBadRows(id: string): AsyncGenerator<BadRow[]>;
  /** What an undo left in, since somebody has changed it. */
  keptRows(given: Import, after: number, limit: number): Promise<Page<KeptRow>>;

  /** Reads the file again with a person's word for its columns, by position. */
  chooseColumns(actor: Actor, id: string, choice: (Field | null)[], decimal: Facts['chosenDecimal']): Promise<void>;
  /** Brings in what was found in order; or goes on with an import that broke off. */
  begin(actor: Actor, id: string): Promise<void>;
  /** Whether `undo` takes it back now, and until when; null: at any time, since it broke off. */
  undoable(given: Import): { now: boolean; until: string | null };
  /** Takes back what nobody has changed since. */
  undo(actor: Actor, id: string): Promise<void>;
  /** Throws a file away that has not been imported. */
  discard(actor: Actor, id: string): Promise<void>;

  start(): void;
  stop(): Promise<void>;
  /** Does all that waits, one import after another. */
  runDue(): Promise<void>;
  /** The same until nothing more happens with this one, here or in another process. */
  settle(id: string): Promise<Import>;
}

const PAGE = 500;
const SETTLE_MS = 200;

export function createImports(deps: ImportsDeps): Imports {
  const runner = createRunner(deps);
  return { ...createLooking(deps), ...createSteps(deps, () => runner.wake()), ...createBackground(deps, runner) };
}

type Looking = Pick<
  Imports,
  'get' | 'list' | 'earlier' | 'badRows' | 'remarkedRows' | 'allBadRows' | 'keptRows' | 'undoable'
>;

function createLooking(deps: ImportsDeps): Looking {
  const { read } = deps.storage;
  return {
    get: (id) => existing(deps, id),
    async list(after, limit) {
      const rows = await listImports(read, isId(after) ? after : null, limit + 1);
      return page(rows, limit, ({ id }) => id);
    },
    earlier: (given) => findEarlier(read, given),
    async badRows(id, after, limit) {
      return page(await badRows(read, id, after, limit + 1), limit, ({ row }) => String(row));
    },
    remarkedRows: async ({ id, facts, forgottenAt }, limit) =>
      facts.remarked > 0 && forgottenAt === null ? await remarkedRows(read, id, limit) : [],
    async *allBadRows(id) {
      for (let after = 0; ;) {
        const rows = await badRows(read, id, after, PAGE);
        if (rows.length === 0) return;
        yield rows;
        after = rows.at(-1)?.row ?? 0;
      }
    },
    keptRows: (given, after, limit) => keptRows(deps, given, after, limit),
    undoable: (given) => ({ now: isUndoable(given, timestamp(deps.clock)), until: undoableUntil(given) }),
  };
}

async function existing({ storage }: ImportsDeps, id: string): Promise<Import> {
  const found = isId(id) ? await findImport(storage.read, id) : undefined;
  if (!found || found.state === 'receiving') throw new NotFound();
  return found;
}

type Steps = Pick<Imports, 'receive' | 'chooseColumns' | 'begin' | 'undo' | 'discard'>;

/** What people do with an import; what follows from it is done in the background. */
function createSteps(deps: ImportsDeps, wake: () => void): Steps {
  return {
    async receive(actor, file) {
      const id = await keepReceived(deps, actor, file);
      await move(deps, id, 'receiving', { state: 'reading' });
      wake();
      return id;
    },
    async chooseColumns(actor, id, choice, decimal) {
      const { facts } = await existing(deps, id);
      const chosen = { ...facts, actor, choice, chosenDecimal: decimal };
      await move(deps, id, 'checked', { state: 'reading', facts: chosen, ...NO_ROWS });
      wake();
    },
    async begin(actor, id) {
      await begin(deps, actor, await existing(deps, id));
      wake();
    },
    async undo(actor, id) {
      await undo(deps, actor, await existing(deps, id));
      wake();
    },
    async discard(actor, id) {
      const given = await existing(deps, id);
      if (given.state !== 'checked') throw new Conflict('imports.error.moved');
      await move(deps, id, 'checked', { state: 'discarded' }, noted(deps, actor, 'discarded', given, {}));
      wake();
      await dropFile(deps.storage, id);
    },
  };
}

type Background = Pick<Imports, 'start' | 'stop' | 'runDue' | 'settle'>;

function createBackground(deps: ImportsDeps, runner: ReturnType<typeof createRunner>): Background {
  return {
    start: () => runner.start(),
    stop: () => runner.stop(),
    runDue: () => runner.runDue(),
    async settle(id) {
      for (;;) {
        await runner.runDue();
        const given = await existing(deps, id);
        if (given.state !== 'reading' && given.state !== 'importing' && given.state !== 'undoing') return given;
        await setTimeout(SETTLE_MS);
      }
    },
  };
}
