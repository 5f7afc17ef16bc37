import type { Translate } from '../i18n/index.ts';
import type { Definition, Question, Texts } from './definition.ts';
import { textsAt, type TextGroup, type TextPlace } from './editing.ts';
import type { Questionnaire } from './interface.ts';
import { lintDefinition } from './lint.ts';
import { problemsOf, type Problem } from './problems.ts';
import { nameInWords } from './starters.ts';
import { findingText, languageLabel, problemText, textIn } from './words.ts';

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/sections': TextSection[];
  }
}

/** One text in one language. */
interface TextCell {
  name: string;
  label: string;
  language: string;
  value: string;
  rows: number;
  notes: string[];
  problems: string[];
  /** What somebody else has put here meanwhile. */
  theirs: string | null;
}

/** One text in all languages, side by side. */
interface TextRow {
  legend: string;
  cells: TextCell[];
  /** Of a reason on the list: its code, to be taken off or given another place. */
  option: { key: string; code: string; place: number } | null;
}

export interface TextSection {
  name: string;
  heading: string;
  hint: string;
  rows: TextRow[];
}

/** What the forms of a question and of the letter have in common. */
export interface Frame {
  id: string;
  questionnaire: string;
  revision: number;
  /** Somebody else was faster: what was typed is kept. */
  conflict: boolean;
  sections: TextSection[];
}

/** A code that a reason on the list can stand for. */
export interface ChoosableCode {
  key: string;
  name: Texts;
  /** Of the first level, so that answers can be looked for below it. */
  top: boolean;
}

/** What a form shows: the questionnaire as it stands, and the subject as it was typed where that differs. */
export interface Shown<S> {
  questionnaire: Questionnaire;
  subject: S;
  /** The same as it stands; null where nobody else was faster. */
  theirs: S | null;
  t: Translate;
}

/** What lint and schema say of a text, by its path in the form. */
export interface Look {
  notes(path: string, language: string): string[];
  problems(...paths: string[]): string[];
}

/** What lint and schema say of what the form shows, by the form's own paths. */
export function lookAt({ t }: Shown<unknown>, prefix: string, draft: Definition): Look {
  const findings = lintDefinition(draft);
  const problems = problemsOf(draft);
  const said = (found: Problem[]) => [...new Set(found.map((problem) => problemText(problem, t)))];
  return {
    notes: (path, language) =>
      findings
        .filter((each) => each.path === prefix + path && each.language === language)
        .map((each) => findingText(each, t)),
    problems: (...paths) => said(problems.filter(({ path }) => paths.some((each) => path === prefix + each))),
  };
}

/** A form with all its texts. */
export function frameOf(
  shown: Shown<Question> | Shown<Definition>,
  groups: TextGroup[],
  look: Look,
  codes: ChoosableCode[] | undefined,
): Frame {
  const { questionnaire, theirs, t } = shown;
  return {
    id: questionnaire.id,
    questionnaire: nameInWords(questionnaire.name, t),
    revision: questionnaire.draftRevision,
    conflict: theirs !== null,
    sections: groups.map(({ name, places }) => ({
      name,
      heading: t(`questionnaires.section.${name}`),
      hint: t(`questionnaires.section.${name}.hint`),
      rows: places.map((place, i) => textRow(place, i, shown, look, codes)),
    })),
  };
}

function textRow(
  { path, label, rows }: TextPlace,
  index: number,
  { questionnaire, subject, theirs, t }: Shown<Question> | Shown<Definition>,
  look: Look,
  codes: ChoosableCode[] | undefined,
): TextRow {
  const { languages } = questionnaire.draft;
  const mine = textsAt(subject, path);
  const other = theirs ? textsAt(theirs, path) : mine;
  const key = /^options\.([a-z0-9_]+)\.text$/.exec(path)?.[1];
  const code = codes?.find((each) => each.key === key);
  return {
    legend: t(label, { number: index + 1 }),
    option: key ? { key, code: textIn(code?.name, t.language, languages) || key, place: index + 1 } : null,
    cells: languages.map((language) => ({
      name: `${path}.${language}`,
      label: languageLabel(language, t),
      language,
      value: mine[language] ?? '',
      rows,
      notes: look.notes(path, language),
      problems: look.problems(`${path}.${language}`),
      theirs: (other[language] ?? '') === (mine[language] ?? '') ? null : (other[language] ?? ''),
    })),
  };
}
