import { formatMoment, languages, type Translate } from '../i18n/index.ts';
import type { FormView } from '../web/index.ts';
import type { LanguageState, Programme, Questionnaire } from './interface.ts';
import { languageLabel, languageList } from './words.ts';
import { nameInWords } from './starters.ts';

export interface Choice {
  value: string;
  text: string;
}

export interface QuestionnaireList {
  programmes: {
    name: string;
    questionnaires: { href: string; name: string; version: string; languages: string; draft: string }[];
    empty: string | null;
    newHref: string;
    renameHref: string;
  }[];
  archived: {
    summary: string;
    rows: { href: string; name: string; programme: string; since: string; restore: string }[];
  } | null;
  mayAddProgramme: boolean;
}

export interface NewQuestionnaireView {
  form: FormView;
  programme: string;
  lead: string;
  sources: Choice[];
  languages: { code: string; name: string; checked: boolean }[];
}

export interface NewProgrammeView {
  form: FormView;
}

export interface RenameProgrammeView {
  form: FormView;
  action: string;
  /** What it was called when the form was opened. */
  was: string;
}

export interface ConfirmRemoval {
  heading: string;
  lead: string;
  action: string;
  back: string;
  revision: number;
}

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/list': QuestionnaireList;
    'questionnaires/new': NewQuestionnaireView;
    'questionnaires/new-programme': NewProgrammeView;
    'questionnaires/rename-programme': RenameProgrammeView;
    'questionnaires/remove': ConfirmRemoval;
  }
}

/** What the pages say about people and times. */
export interface Reader {
  t: Translate;
  timeZone: string;
  /** A colleague's name by id; of somebody unknown or of nobody, the system's. */
  nameOf(id: string | null): string;
}

interface Listed {
  questionnaire: Questionnaire;
  states: LanguageState[];
  changes: number;
}

/** Languages of the version that waves take now in which customers can answer. */
export const offeredIn = (states: LanguageState[]): string[] =>
  states.filter(({ versionApproval }) => versionApproval !== null).map(({ language }) => language);

export function listView(
  programmes: Programme[],
  { listed, archived }: { listed: Listed[]; archived: Questionnaire[] },
  reader: Reader,
  mayAddProgramme: boolean,
): QuestionnaireList {
  const { t, timeZone } = reader;
  const lines = (programme: Programme) =>
    listed
      .filter(({ questionnaire }) => questionnaire.programme.id === programme.id)
      .map(({ questionnaire, states, changes }) => ({
        href: `/questionnaires/${questionnaire.id}`,
        name: nameInWords(questionnaire.name, t),
        version: versionText(questionnaire, t, timeZone),
        languages: languageList(offeredIn(states), t) || t('questionnaires.list.noLanguage'),
        draft: changes > 0 ? t('questionnaires.list.changes', { count: changes }) : t('questionnaires.list.same'),
      }));
  const emptyText = (programme: Programme) =>
    t(
      archived.some((each) => each.programme.id === programme.id)
        ? 'questionnaires.list.allArchived'
        : 'questionnaires.list.empty',
    );
  return {
    programmes: programmes.map((programme) => {
      const questionnaires = lines(programme);
      return {
        name: nameInWords(programme.name, t),
        questionnaires,
        empty: questionnaires.length === 0 ? emptyText(programme) : null,
        newHref: `/questionnaires/new?programme=${programme.key}`,
        renameHref: `/questionnaires/programmes/${programme.key}/name`,
      };
    }),
    archived: archivedOf(archived, reader),
    mayAddProgramme,
  };
}

function archivedOf(archived: Questionnaire[], { t, timeZone }: Reader): QuestionnaireList['archived'] {
  if (archived.length === 0) return null;
  return {
    summary: t('questionnaires.archived.summary', { count: archived.length }),
    rows: archived.map(({ id, name, programme, archivedAt }) => ({
      href: `/questionnaires/${id}`,
      name: nameInWords(name, t),
      programme: nameInWords(programme.name, t),
      since: archivedAt === null ? '' : formatMoment(archivedAt, t.language, timeZone),
      restore: `/questionnaires/${id}/restoration`,
    })),
  };
}

function versionText({ latest }: Questionnaire, t: Translate, timeZone: string): string {
  if (!latest) return t('questionnaires.list.unpublished');
  const on = formatMoment(latest.publishedAt, t.language, timeZone);
  return t('questionnaires.list.version', { number: latest.number, on });
}

export function newView(
  form: FormView,
  programme: Programme,
  others: Questionnaire[],
  starters: string[],
  t: Translate,
): NewQuestionnaireView {
  const ready = starters.map((value) => ({ value, text: t(`questionnaires.new.${value}`) }));
  const copies = others.map(({ id, name }) => ({
    value: id,
    text: t('questionnaires.new.copy', { name: nameInWords(name, t) }),
  }));
  const ticked = form.values.languages?.split(',') ?? languages.map(({ code }) => code);
  return {
    form,
    programme: programme.key,
    lead: t('questionnaires.new.lead', { programme: nameInWords(programme.name, t) }),
    sources: [...ready, ...copies, { value: 'empty', text: t('questionnaires.new.empty') }],
    languages: languages.map(({ code }) => ({ code, name: languageLabel(code, t), checked: ticked.includes(code) })),
  };
}
