import { page, type Page } from '../../storage/index.ts';
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

/** The names by what was decided on them, the most named first. Nobody is asked about a name that no answer has any more. */
export function listsOf(all: Competitor[], byRoot: ReadonlyMap<string, number>, places: Places) {
  const countOf = ({ id }: Competitor) => byRoot.get(id) ?? 0;
  const inOrder = all.toSorted((a, b) => countOf(b) - countOf(a) || byKey(a, b));
  const listed = (place: string | null, belongs: (one: Competitor) => boolean): Listed => {
    const names = inOrder.filter(belongs);
    const rest = place === null ? names : names.filter(isBehind(place, all, countOf));
    // Once all behind the place have been decided on, the list begins anew.
    const shown = rest.length > 0 ? rest : names;
    return { ...page(shown.slice(0, A_PAGE + 1), A_PAGE, (one) => `${countOf(one)} ${one.id}`), total: names.length };
  };
  return {
    confirmed: listed(places.confirmed, isConfirmed),
    /** Names that others most likely count as, wherever the lists are. */
    suggested: inOrder.filter(isConfirmed).slice(0, A_PAGE),
    open: listed(places.open, (one) => one.state === 'new' && countOf(one) > 0),
    aside: listed(places.aside, ({ state }) => state === 'no' || state === 'same'),
  };
}

const isConfirmed = ({ state }: Competitor): boolean => state === 'yes';

const byKey = (a: Competitor, b: Competitor): number => (a.key < b.key ? -1 : Number(a.key > b.key));

/** Told by count and key, so that names that are decided on meanwhile shift nothing. */
function isBehind(place: string, all: Competitor[], countOf: (one: Competitor) => number) {
  const [count, id] = place.split(' ');
  const last = all.find((each) => each.id === id);
  return (one: Competitor) => {
    if (!last) return true;
    const fewer = Number(count) - countOf(one);
    return fewer > 0 || (fewer === 0 && byKey(one, last) > 0);
  };
}
