import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import type { ImportsDeps } from './deps.ts';
import { isReady, isUndoable, type Facts, type Import, type ImportState } from './facts.ts';
import { changeImport, type Changes } from './store.ts';

/** As long as nothing has been read. */
export const NO_ROWS = {
  rows_total: 0,
  rows_bad: 0,
  rows_new: 0,
  rows_update: 0,
  rows_same: 0,
  rows_done: 0,
  rows_kept: 0,
};

/** Changes the state. Throws Conflict where it is another one meanwhile. */
export async function move(
  { storage }: ImportsDeps,
  id: string,
  from: ImportState,
  changes: Changes,
  also?: (tx: Tx) => Promise<void>,
): Promise<void> {
  await storage.transaction(async (tx) => {
    if (!(await changeImport(tx, id, from, changes))) throw new Conflict('imports.error.moved');
    await also?.(tx);
  });
}

/** Brings in what was found in order, or goes on with what broke off. Throws Conflict where there is nothing to do. */
export async function begin(deps: ImportsDeps, actor: Actor, given: Import): Promise<void> {
  const again = given.state === 'failed' && given.facts.failedIn === 'importing';
  if (given.state !== 'checked' && !again) throw new Conflict('imports.error.moved');
  if (!isReady(given)) throw new Conflict('imports.error.nothing');
  const changes: Changes = { state: 'importing', facts: anew(given, actor), ...(again ? {} : { rows_done: 0 }) };
  await move(deps, given.id, given.state, changes, noted(deps, actor, 'started', given, { count: countOf(given) }));
}

/** Takes back what nobody has changed since, or goes on with that. Throws Conflict where it is too late. */
export async function undo(deps: ImportsDeps, actor: Actor, given: Import): Promise<void> {
  if (!isUndoable(given, timestamp(deps.clock))) throw new Conflict('imports.error.tooLate');
  const again = given.facts.failedIn === 'undoing';
  const changes: Changes = { state: 'undoing', facts: anew(given, actor), ...(again ? {} : { rows_done: 0 }) };
  await move(deps, given.id, given.state, changes, noted(deps, actor, 'undone', given, { count: countOf(given) }));
}

const anew = ({ facts }: Import, actor: Actor): Facts => ({ ...facts, actor, fault: null, failedIn: null });
const countOf = ({ rows }: Import): number => rows.new + rows.update;

/** Who did what with an import, for the audit log. */
export const noted =
  ({ audit }: ImportsDeps, actor: Actor, action: string, { id, kind }: Import, detail: object) =>
  (tx: Tx): Promise<void> =>
    audit(tx, actor, `imports.${action}`, { kind: 'import', id }, { kind, ...detail });
