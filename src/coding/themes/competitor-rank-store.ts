import type { Db } from '../../storage/index.ts';
import { toCompetitor } from './competitor-store.ts';
import type { Competitor } from './competitor-rules.ts';

interface Behind {
  responses: number;
  key: string;
}

/** Names in these states, the most named first and then by key, behind a place. Nobody is asked about one that no answer has any more. */
export async function ranked(
  db: Db,
  programmeId: string,
  states: Competitor['state'][],
  behind: Behind | null,
  limit?: number,
): Promise<Competitor[]> {
  let query = db
    .selectFrom('competitor')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where('state', 'in', states)
    .where((is) => is.or([is('state', '<>', 'new'), is('responses', '>', 0)]))
    .orderBy('responses', 'desc')
    .orderBy('key');
  if (behind) {
    const { responses, key } = behind;
    query = query
      .where('responses', '<=', responses)
      .where((is) => is.or([is('responses', '<', responses), is('key', '>', key)]));
  }
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map(toCompetitor);
}

/** How many names are in each state, of those to be judged the ones that some answer has. */
export async function countStates(db: Db, programmeId: string): Promise<Map<Competitor['state'], number>> {
  const rows = await db
    .selectFrom('competitor')
    .select(['state', ({ fn }) => fn.countAll<number>().as('n')])
    .where('programme_id', '=', programmeId)
    .where((is) => is.or([is('state', '<>', 'new'), is('responses', '>', 0)]))
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** The other ways in which names are written, by the name that they count as. */
export async function spellings(db: Db, programmeId: string): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('competitor')
    .select(['root_id', 'name'])
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'same')
    .orderBy('key')
    .execute();
  const byRoot = Map.groupBy(rows, (row) => row.root_id);
  return new Map(Array.from(byRoot, ([id, own]) => [id, own.map(({ name }) => name)]));
}

export async function findNames(db: Db, ids: string[]): Promise<Map<string, Competitor>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('competitor').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toCompetitor(row)]));
}
