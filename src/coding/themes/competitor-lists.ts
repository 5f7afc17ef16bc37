import { page, type Db, type Page } from '../../storage/index.ts';
import { countStates, findNames, ranked } from './competitor-rank-store.ts';
import type { Competitor } from './competitor-rules.ts';

/** From where on each list of the page is shown, as the cursor 'COUNT ID' of the name before; null for its beginning. */
export interface Places {
  confirmed: string | null;
  open: string | null;
  aside: string | null;
}

/** A list's part, and how many names the whole list has. */
interface Listed extends Page<Competitor> {
  total: number;
}

const A_PAGE = 50;

/** The names by what was decided on them, the most named first. */
export async function listsOf(db: Db, programmeId: string, places: Places) {
  const totals = await countStates(db, programmeId);
  const listed = async (place: string | null, ...states: Competitor['state'][]): Promise<Listed> => {
    const behind = place === null ? null : await placeIn(db, place);
    const rest = await ranked(db, programmeId, states, behind, A_PAGE + 1);
    // Once all behind the place have been decided on, the list begins anew.
    const shown = rest.length > 0 || !behind ? rest : await ranked(db, programmeId, states, null, A_PAGE + 1);
    const total = states.reduce((sum, state) => sum + (totals.get(state) ?? 0), 0);
    return { ...page(shown, A_PAGE, ({ responses, id }) => `${responses} ${id}`), total };
  };
  return {
    confirmed: await listed(places.confirmed, 'yes'),
    /** Names that others most likely count as, wherever the lists are. */
    suggested: await ranked(db, programmeId, ['yes'], null, A_PAGE),
    open: await listed(places.open, 'new'),
    aside: await listed(places.aside, 'no', 'same'),
  };
}

/** Told by count and key, so that names that are decided on meanwhile shift nothing. */
async function placeIn(db: Db, place: string): Promise<{ responses: number; key: string } | null> {
  const [count, id = ''] = place.split(' ');
  const last = (await findNames(db, [id])).get(id);
  return last ? { responses: Number(count), key: last.key } : null;
}
