import type { Db } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { LEAVING } from '../service.ts';
import { listCohorts, sharesInForce, type CohortRow } from './cohort-store.ts';
import { effectOf, LEAST, WINDOWS, type Effect as Comparison, type Window } from './rules.ts';

export interface Compared extends Comparison {
  days: Window;
  /** Drawn, but the days have not all passed. */
  open: number;
}

/** One programme against those who were kept out of it. */
export interface ProgrammeEffect {
  id: string;
  key: string;
  name: string;
  /** In percent, as in force; 0 is off. */
  share: number;
  drawn: number;
  heldOut: number;
  compared: Compared[];
  cohorts: CohortRow[];
}

/** Every programme that keeps somebody out, or has; and leaving in any case. */
export async function programmesOf(
  { questionnaires }: Pick<InsightDeps, 'questionnaires'>,
  db: Db,
): Promise<ProgrammeEffect[]> {
  const cohorts = Map.groupBy(await listCohorts(db), (row) => row.programme_id);
  const shares = await sharesInForce(db);
  return (await questionnaires.programmes())
    .map(({ id, key, name }) => programmeOf({ id, key, name }, shares.get(id) ?? 0, cohorts.get(id) ?? []))
    .filter(({ key, share, drawn }) => key === LEAVING || share > 0 || drawn > 0);
}

function programmeOf(
  programme: { id: string; key: string; name: string },
  share: number,
  cohorts: CohortRow[],
): ProgrammeEffect {
  const sum = (rows: CohortRow[]) => rows.reduce((total, { drawn }) => total + drawn, 0);
  const drawn = sum(cohorts);
  const heldOut = sum(cohorts.filter(({ held_out }) => held_out === 1));
  return {
    ...programme,
    share,
    drawn,
    heldOut,
    cohorts,
    compared: comparisons(cohorts, { drawn, part: share > 0 ? share / 100 : partOf(heldOut, drawn) }),
  };
}

const partOf = (heldOut: number, drawn: number): number | undefined =>
  heldOut === 0 || heldOut === drawn ? undefined : heldOut / drawn;

function comparisons(cohorts: CohortRow[], { drawn, part }: { drawn: number; part: number | undefined }): Compared[] {
  let usual: number | undefined;
  return WINDOWS.map((days) => {
    const groups = cohorts.map((row) => ({
      share: row.share,
      heldOut: row.held_out === 1,
      base: days === 90 ? row.due_90 : row.due_180,
      back: days === 90 ? row.back_90 : row.back_180,
    }));
    const open = drawn - groups.reduce((total, { base }) => total + base, 0);
    const effect = effectOf(groups, { open, part, usual });
    // Whoever is back in 90 days is back in 180.
    if (effect.held.base >= LEAST) usual = effect.held.share;
    return { days, open, ...effect };
  });
}
