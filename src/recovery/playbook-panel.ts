import { PLAYBOOK_PLACES, type PlaybookNote, type PlaybookPlace } from '../web/index.ts';
import type { CaseKind, RecoveryCase } from './cases/interface.ts';
import type { CasePanelsOf } from './cases/panel.ts';

const PLACES: Record<CaseKind, PlaybookPlace> = {
  complaint: 'complaint',
  win_back: 'call',
  payment_difficulty: 'payment',
  return: 'guarantee',
};

/** Where a case stands: the step that is next first, then what it is about and comes from, then whether it hurries. */
function placesOf({ kind, origin, nextStep, urgent }: RecoveryCase): PlaybookPlace[] {
  const named = PLAYBOOK_PLACES.filter((each) => each === nextStep || each === origin);
  return [...named, PLACES[kind], ...(urgent ? (['exceptions'] as const) : [])];
}

/** The pages of the playbook that help with a case as it stands now, each once. */
export const playbookPanel: CasePanelsOf = async (web, theCase, { language, t }) => {
  if (theCase.closedAt !== null) return [];
  const notes = new Map<string, PlaybookNote>();
  for (const place of placesOf(theCase))
    for (const note of await web.playbookFor(place, language)) notes.set(note.href, note);
  if (notes.size === 0) return [];
  const playbook = [...notes.values()];
  return [{ id: 'playbook', heading: t('nav.playbook'), lines: [], empty: '', links: [], playbook }];
};
