import { formatMoment, type Translate } from '../i18n/index.ts';
import type { Approval, LanguageState, Questionnaire } from './interface.ts';
import type { Reader } from './views.ts';
import { languageLabel, languageName } from './words.ts';

export interface LanguageLine {
  name: string;
  state: string;
  good: boolean;
  links: { href: string; text: string }[];
  /** Approves the draft's wording, which the first link shows. */
  approve: { language: string; hash: string; text: string } | null;
}

/** How far the wording of a questionnaire in one language has come, and what can be done about it. */
export function languageLine(
  state: LanguageState,
  { questionnaire, mayApprove }: { questionnaire: Questionnaire; mayApprove: boolean },
  { t, timeZone, nameOf }: Reader,
): LanguageLine {
  const when = ({ at, by }: Approval) => ({ name: nameOf(by), on: formatMoment(at, t.language, timeZone) });
  return {
    name: languageLabel(state.language, t),
    state: stateText(state, when, t),
    good: state.versionApproval !== null,
    approve: mayApprove ? approvable(state, t) : null,
    links: languageLinks(state, questionnaire, t),
  };
}

/** To the draft's wording, and to the published one where that still waits for somebody to read it. */
function languageLinks(state: LanguageState, { id, latest }: Questionnaire, t: Translate): LanguageLine['links'] {
  const { language, inDraft, draftHash, versionHash, versionApproval } = state;
  const draft = { href: `/questionnaires/${id}/read?lang=${language}`, text: t('questionnaires.language.read') };
  const version = {
    href: `/questionnaires/${id}/versions/${latest?.number ?? 1}?lang=${language}`,
    text: t('questionnaires.language.readVersion'),
  };
  const waits = versionHash !== null && versionHash !== draftHash && versionApproval === null;
  return [...(inDraft ? [draft] : []), ...(waits ? [version] : [])];
}

type When = (approval: Approval) => { name: string; on: string };

function stateText(state: LanguageState, when: When, t: Translate): string {
  const { inDraft, draftHash, draftApproval, versionHash, versionApproval } = state;
  if (!inDraft) return t('questionnaires.language.leaving');
  if (draftHash === null) return t('questionnaires.language.incomplete');
  if (draftApproval) return t('questionnaires.language.approved', when(draftApproval));
  const isEdited = versionHash !== null && versionHash !== draftHash;
  if (isEdited && versionApproval) return t('questionnaires.language.edited', when(versionApproval));
  return t('questionnaires.language.open');
}

function approvable({ language, draftHash, draftApproval, versionHash }: LanguageState, t: Translate) {
  if (!draftHash || draftApproval) return null;
  const isAsPublished = versionHash === null || draftHash === versionHash;
  const key = isAsPublished ? 'questionnaires.approve.button' : 'questionnaires.approve.draft';
  return { language, hash: draftHash, text: t(key, { language: languageName(language, t) }) };
}
