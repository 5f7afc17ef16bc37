import { languages as known, type Translate } from '../i18n/index.ts';
import type { Condition, Definition, Question } from './definition.ts';
import { conditionChoice, conditionsOn } from './conditions.ts';
import { LETTER_PLACES, questionPlaces } from './editing.ts';
import type { Questionnaire } from './interface.ts';
import { problemsOf } from './problems.ts';
import { OTHER } from './question.ts';
import { frameOf, lookAt, type ChoosableCode, type Frame, type Look, type Shown } from './text-views.ts';
import { conditionText, languageLabel, numberOf, problemText, textIn, titleOf } from './words.ts';

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
  }
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
