import { languages as known, type Translate } from '../i18n/index.ts';
import type { Condition, Definition, Question, Texts } from './definition.ts';
import { conditionChoice, conditionsOn } from './conditions.ts';
import { LETTER_PLACES, questionPlaces, textsAt, type TextGroup, type TextPlace } from './editing.ts';
import type { Questionnaire } from './interface.ts';
import { lintDefinition } from './lint.ts';
import { problemsOf, type Problem } from './problems.ts';
import { OTHER } from './question.ts';
import { nameInWords } from './starters.ts';
import { conditionText, findingText, languageLabel, numberOf, problemText, textIn, titleOf } from './words.ts';

/** One text in one language. */
export interface TextCell {
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
export interface TextRow {
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

interface Frame {
  id: string;
  questionnaire: string;
  revision: number;
  /** Somebody else was faster: what was typed is kept. */
  conflict: boolean;
  sections: TextSection[];
}

interface Option {
  value: string;
  text: string;
  selected: boolean;
}

export interface QuestionForm extends Frame {
  key: string;
  title: string;
  kind: string;
  required: boolean;
  coded: boolean | null;
  groups: Option[];
  shuffle: boolean | null;
  range: Option[];
  under: { value: string; problems: string[] } | null;
  condition: { plain: Option[]; groups: { label: string; options: Option[] }[]; problems: string[] } | null;
  optionsProblems: string[];
  addable: { key: string; name: string }[];
  /** Without a codebook at hand a reason is added by its code's key. */
  addByKey: boolean;
}

export interface LetterForm extends Frame {
  name: string;
  minutes: { value: string; problems: string[] };
}

export interface LanguagesForm {
  id: string;
  questionnaire: string;
  revision: number;
  choices: { code: string; name: string; checked: boolean }[];
  problems: string[];
}

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/question': QuestionForm;
    'questionnaires/letter': LetterForm;
    'questionnaires/languages': LanguagesForm;
    'questionnaires/sections': TextSection[];
  }
}

/** A code that a reason on the list can stand for. */
export interface ChoosableCode {
  key: string;
  name: Texts;
  /** Of the first level, so that answers can be looked for below it. */
  top: boolean;
}

/** What a form shows: the questionnaire as it stands, and the subject as it was typed where that differs. */
interface Shown<S> {
  questionnaire: Questionnaire;
  subject: S;
  /** The same as it stands; null where nobody else was faster. */
  theirs: S | null;
  t: Translate;
}

export function questionForm(shown: Shown<Question>, codes: ChoosableCode[] | undefined): QuestionForm {
  const { subject: question, questionnaire, t } = shown;
  const { draft } = questionnaire;
  const look = lookAt(shown, `questions.${question.key}.`, {
    ...draft,
    questions: draft.questions.map((each) => (each.key === question.key ? question : each)),
  });
  const used = question.kind === 'reasons' ? question.options.map(({ key }) => key) : [];
  const addable = (codes ?? []).filter(({ key }) => !used.includes(key) && key !== OTHER);
  return {
    ...frameOf(shown, questionPlaces(question), look, codes),
    key: question.key,
    title: titleOf(question, draft, t),
    kind: t(`questionnaires.kind.${question.kind}`),
    required: question.required,
    coded: 'coded' in question ? question.coded : null,
    groups: 'coded' in question ? groupChoices(question.group, codes ?? [], t) : [],
    shuffle: question.kind === 'reasons' ? question.shuffle : null,
    range: question.kind === 'scale' ? ranges(question.max, t) : [],
    under: question.kind === 'open' ? underOf(question, look) : null,
    condition: conditionField(question, draft, look, t),
    optionsProblems: look.problems('options'),
    addable: addable.map(({ key, name }) => ({ key, name: textIn(name, t.language, draft.languages) })),
    addByKey: codes === undefined,
  };
}

export function letterForm(shown: Shown<Definition>, name: string): LetterForm {
  const look = lookAt(shown, '', shown.subject);
  return {
    ...frameOf(shown, LETTER_PLACES, look, undefined),
    name,
    minutes: { value: String(shown.subject.minutes), problems: look.problems('minutes') },
  };
}

export function languagesForm({ id, name, draft, draftRevision }: Questionnaire, t: Translate): LanguagesForm {
  const codes = [...new Set([...known.map(({ code }) => code), ...draft.languages])];
  const problems = problemsOf(draft).filter(({ path }) => path === 'languages');
  return {
    id,
    questionnaire: name,
    revision: draftRevision,
    choices: codes.map((code) => ({ code, name: languageLabel(code, t), checked: draft.languages.includes(code) })),
    problems: problems.map((problem) => problemText(problem, t)),
  };
}

interface Look {
  notes(path: string, language: string): string[];
  problems(...paths: string[]): string[];
}

/** What lint and schema say of what the form shows, by the form's own paths. */
function lookAt({ t }: Shown<unknown>, prefix: string, draft: Definition): Look {
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

function frameOf(
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

const option = (value: string, text: string, chosen: string): Option => ({ value, text, selected: value === chosen });

function groupChoices(group: string | undefined, codes: ChoosableCode[], t: Translate): Option[] {
  const tops = codes.filter(({ top }) => top).map(({ key, name }) => ({ key, text: textIn(name, t.language, []) }));
  if (group && !tops.some(({ key }) => key === group)) tops.push({ key: group, text: group });
  if (tops.length === 0) return [];
  return [
    option('', t('questionnaires.group.none'), group ?? ''),
    ...tops.map(({ key, text }) => option(key, text, group ?? '')),
  ];
}

const ranges = (max: number, t: Translate): Option[] =>
  ['0-10', '1-5'].map((range) => option(range, t(`questionnaires.range.${range}`), max === 10 ? '0-10' : '1-5'));

function underOf({ probe }: Extract<Question, { kind: 'open' }>, look: Look) {
  return { value: String(probe?.under ?? 60), problems: look.problems('probe.under') };
}

/** Every condition that an earlier question allows, so that nobody has to know how they are written. */
function conditionField(question: Question, draft: Definition, look: Look, t: Translate): QuestionForm['condition'] {
  const earlier = draft.questions.slice(0, Math.max(0, numberOf(draft, question.key) - 1));
  if (earlier.length === 0 && !question.condition) return null;
  const chosen = conditionChoice(question.condition);
  const said = (condition: Condition) => option(conditionChoice(condition), conditionText(condition, draft, t), chosen);
  const groups = earlier.map((asked) => ({
    label: `${numberOf(draft, asked.key)}. ${titleOf(asked, draft, t)}`,
    options: conditionsOn(asked).map(said),
  }));
  const isListed = chosen === '' || groups.some(({ options }) => options.some(({ selected }) => selected));
  const plain = [option('', t('questionnaires.condition.none'), chosen)];
  if (!isListed && question.condition) plain.push(said(question.condition));
  return { plain, groups, problems: look.problems('condition', 'condition.question', 'condition.value') };
}
