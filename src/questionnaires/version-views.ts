import { formatMoment, languageName, type Translate } from '../i18n/index.ts';
import { changesBetween } from './changes.ts';
import type { Definition, Question, Texts } from './definition.ts';
import { LETTER_PLACES, questionPlaces, textsAt } from './editing.ts';
import type { LanguageState, Questionnaire, Version } from './interface.ts';
import { nameInWords } from './starters.ts';
import { paragraphs } from './texts.ts';
import type { Reader } from './views.ts';
import { changeText, conditionText, languageList, languageName as nameIn } from './words.ts';

export interface ReadView {
  back: string;
  questionnaire: string;
  heading: string;
  lead: string;
  languages: { code: string; name: string; href: string; current: boolean }[];
  language: string;
  sections: { heading: string; note: string | null; lines: { label: string; paragraphs: string[] }[] }[];
  previewHref: string;
  approve: { action: string; language: string; hash: string; text: string } | null;
  approved: string | null;
}

export interface VersionsView {
  back: string;
  questionnaire: string;
  versions: { href: string; title: string; by: string; offered: string; changes: string[] }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/read': ReadView;
    'questionnaires/versions': VersionsView;
  }
}

/** Everything that one language of a draft or of a version says, to be read through before somebody approves it. */
interface Read {
  questionnaire: Questionnaire;
  /** Null for the draft. */
  version: Version | null;
  language: string;
  state: LanguageState | undefined;
  mayApprove: boolean;
}

export function readView({ questionnaire, version, language, state, mayApprove }: Read, reader: Reader): ReadView {
  const { id, draft, name } = questionnaire;
  const { t, timeZone, nameOf } = reader;
  const definition = version?.definition ?? draft;
  const base = version ? `/questionnaires/${id}/versions/${version.number}` : `/questionnaires/${id}/read`;
  const query = version ? `version=${version.number}&` : '';
  const { hash, approval } = standing(questionnaire, version, state);
  const at = approval && formatMoment(approval.at, t.language, timeZone);
  return {
    back: `/questionnaires/${id}`,
    questionnaire: nameInWords(name, t),
    heading: version ? t('questionnaires.read.version', { number: version.number }) : t('questionnaires.read.draft'),
    lead: t(version ? 'questionnaires.read.version.lead' : 'questionnaires.read.draft.lead'),
    languages: definition.languages.map((code) => ({
      code,
      name: languageName(code),
      href: `${base}?lang=${code}`,
      current: code === language,
    })),
    language,
    sections: sectionsOf(definition, language, t),
    previewHref: `/questionnaires/${id}/preview?${query}lang=${language}`,
    approve: mayApprove && hash && !approval ? approveOf(id, language, hash, t) : null,
    approved: approval ? t('questionnaires.language.approved', { name: nameOf(approval.by), on: at ?? '' }) : null,
  };
}

/** What can be approved of what is shown. An earlier version is not offered to anybody new: there is nothing to approve. */
function standing({ latest }: Questionnaire, version: Version | null, state: LanguageState | undefined) {
  if (!state || (version && version.id !== latest?.id)) return { hash: null, approval: null };
  return version
    ? { hash: state.versionHash, approval: state.versionApproval }
    : { hash: state.draftHash, approval: state.draftApproval };
}

const approveOf = (id: string, language: string, hash: string, t: Translate) => ({
  action: `/questionnaires/${id}/approve`,
  language,
  hash,
  text: t('questionnaires.approve.button', { language: nameIn(language, t) }),
});

function sectionsOf(definition: Definition, language: string, t: Translate): ReadView['sections'] {
  const letter = LETTER_PLACES.map(({ name, places }) => ({
    heading: t(`questionnaires.section.${name}`),
    note: null,
    lines: written(definition, places, language, t),
  }));
  const questions = definition.questions.map((question, i) => ({
    heading: t('questionnaires.read.question', { number: i + 1 }),
    note: question.condition ? conditionText(question.condition, definition, t) : null,
    lines: questionPlaces(question).flatMap(({ places }) => written(question, places, language, t)),
  }));
  const frame = letter.slice(-1);
  // A version from before reminders had words of their own has nothing to read of them.
  const mails = letter.slice(0, -1).filter(({ lines }) => lines.length > 0);
  return [...mails, ...questions, ...frame];
}

type Places = ReturnType<typeof questionPlaces>[number]['places'];

function written(subject: Definition | Question, places: Places, language: string, t: Translate) {
  return places.flatMap(({ path, label }, i) => {
    const texts: Texts = textsAt(subject, path);
    const said = paragraphs(texts[language] ?? '');
    return said.length > 0 ? [{ label: t(label, { number: i + 1 }), paragraphs: said }] : [];
  });
}

interface History {
  questionnaire: Questionnaire;
  /** Newest first. */
  versions: Version[];
  /** Languages offered by version id. */
  offered: Map<string, string[]>;
}

export function versionsView({ questionnaire, versions, offered }: History, reader: Reader): VersionsView {
  const { t, timeZone, nameOf } = reader;
  return {
    back: `/questionnaires/${questionnaire.id}`,
    questionnaire: nameInWords(questionnaire.name, t),
    versions: versions.map((version, i) => {
      const before = versions[i + 1];
      const on = formatMoment(version.publishedAt, t.language, timeZone);
      const languages = languageList(offered.get(version.id) ?? [], t) || t('questionnaires.list.noLanguage');
      return {
        href: `/questionnaires/${questionnaire.id}/versions/${version.number}`,
        title: t('questionnaires.read.version', { number: version.number }),
        by: t('questionnaires.versions.by', { name: nameOf(version.publishedBy), on }),
        offered: t('questionnaires.versions.offered', { languages }),
        changes: before ? changesIn(before, version, t) : [],
      };
    }),
  };
}

function changesIn(before: Version, version: Version, t: Translate): string[] {
  const definitions = [version.definition, before.definition];
  return changesBetween(before.definition, version.definition).map((change) => changeText(change, definitions, t));
}
