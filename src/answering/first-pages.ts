import { pageKey, type PageRef } from '../questionnaires/index.ts';
import type { Visit } from './visit.ts';

const MOST = 200;
/** Stands for the token: as long as one, and nothing that a text or an address could hold. */
const ANY = '\u0001'.repeat(43);

/**
 * Whoever follows their link for the first time meets the same page but for the link itself. It is made once for each
 * wording, and the link put in; anything that is seen on it is part of the key.
 */
export function createFirstPages(make: (visit: Visit, page: PageRef) => string) {
  const kept = new Map<string, string[]>();

  return (visit: Visit, page: PageRef): string | undefined => {
    if (visit.found || visit.preview || page.question.kind === 'reasons') return undefined;
    const key = keyOf(visit, page);
    let parts = kept.get(key);
    if (!parts) {
      if (kept.size >= MOST) kept.clear();
      kept.set(key, (parts = make({ ...visit, token: ANY }, page).split(ANY)));
    }
    return parts.join(visit.token);
  };
}

function keyOf(visit: Visit, page: PageRef): string {
  const { asked, language, chosen, offered, business, sender, readers } = visit;
  const { name, logo, address, retentionMonths } = business;
  const seen = [
    asked.invitation.versionId,
    language,
    chosen,
    offered,
    name,
    logo?.picture.src,
    address,
    retentionMonths,
    readers,
  ];
  return `${seen.join('\n')}\n${sender?.name}\n${sender?.title}\n${pageKey(page)}`;
}
