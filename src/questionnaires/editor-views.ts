import { formatMoment, type Translate } from '../i18n/index.ts';
import type { Change } from './changes.ts';
import { REMINDERS, type Definition, type Question, type Texts } from './definition.ts';
import type { LanguageState, Questionnaire } from './interface.ts';
import { languageLine, type LanguageLine } from './language-views.ts';
import { lintDefinition, type PlacedFinding } from './lint.ts';
import type { Problem } from './problems.ts';
import {
  changeText,
  conditionText,
  findingText,
  languageLabel,
  languageList,
  placeOf,
  problemText,
  titleOf,
} from './words.ts';
import { nameInWords } from './starters.ts';
import { offeredIn, type Choice, type Reader } from './views.ts';

export interface Line {
  label: string;
  language: string;
  /** Empty where it is missing. */
  text: string;
  href: string;
  /** What the lint thinks of it. */
  notes: string[];
  problems: string[];
}

interface QuestionLine {
  key: string;
  number: number;
  title: string;
  tags: string[];
  condition: string | null;
  lines: Line[];
  problems: string[];
  href: string;
  up: boolean;
  down: boolean;
}

export interface EditorView {
  id: string;
  name: string;
  lead: string;
  /** A publication was refused: what is to be put right stands on top. */
  refused: boolean;
  revision: number;
  questions: QuestionLine[];
  empty: boolean;
  kinds: Choice[];
  full: boolean;
  letter: { lines: Line[]; href: string };
  toFix: { href: string; text: string }[];
  languages: LanguageLine[];
  /** Since when it is archived, where it is. */
  archived: string | null;
  publish: { button: string; changes: string[]; may: boolean; note: string };
}

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/editor': EditorView;
    'questionnaires/lines': Line[];
  }
}

interface Editor {
  questionnaire: Questionnaire;
  states: LanguageState[];
  problems: Problem[];
  changes: Change[];
  mayPublish: boolean;
  refused: boolean;
}

const MOST_QUESTIONS = 12;

export function editorView(editor: Editor, reader: Reader): EditorView {
  const { questionnaire, problems } = editor;
  const { id, draft, draftRevision, name, archivedAt } = questionnaire;
  const { t } = reader;
  const look = { id, draft, problems, findings: lintDefinition(draft), t };
  return {
    id,
    name: nameInWords(name, t),
    lead: leadText(editor, t),
    refused: editor.refused,
    revision: draftRevision,
    questions: draft.questions.map((question, i) => questionLine(question, i, look)),
    empty: draft.questions.length === 0,
    kinds: (['open', 'reasons', 'scale', 'yesno'] as const).map((value) => ({
      value,
      text: t(`questionnaires.kind.${value}`),
    })),
    full: draft.questions.length >= MOST_QUESTIONS,
    letter: { lines: letterLines(look), href: `/questionnaires/${id}/letter` },
    toFix: problems.map((problem) => ({ href: placeOf(id, problem.path), text: toFixText(problem, draft, t) })),
    languages: editor.states.map((state) =>
      languageLine(state, { questionnaire, mayApprove: editor.mayPublish }, reader),
    ),
    archived:
      archivedAt && t('questionnaires.archived.since', { on: formatMoment(archivedAt, t.language, reader.timeZone) }),
    publish: publishView(editor, t),
  };
}

interface Look {
  id: string;
  draft: Definition;
  problems: Problem[];
  findings: PlacedFinding[];
  t: Translate;
}

function leadText({ questionnaire: { latest, draft }, changes, states }: Editor, t: Translate): string {
  if (!latest) return t('questionnaires.editor.lead.new', { count: draft.questions.length });
  const languages = offeredIn(states);
  const offered =
    languages.length > 0
      ? t('questionnaires.editor.lead.offered', { languages: languageList(languages, t) })
      : t('questionnaires.editor.lead.notOffered');
  const live = t('questionnaires.editor.lead.live', { number: latest.number });
  return [live, offered, changes.length > 0 ? t('questionnaires.editor.lead.changed') : ''].join(' ').trim();
}

function questionLine(question: Question, i: number, look: Look): QuestionLine {
  const { id, draft, problems, t } = look;
  const path = `questions.${question.key}`;
  const lines = questionLines(question, look);
  const shown = new Set(lines.flatMap(({ href }) => href));
  const others = problems.filter(
    (problem) => problem.path.startsWith(`${path}.`) && !shown.has(placeOf(id, problem.path)),
  );
  return {
    key: question.key,
    number: i + 1,
    title: titleOf(question, draft, t),
    tags: tagsOf(question, t),
    condition: question.condition ? conditionText(question.condition, draft, t) : null,
    lines,
    problems: [...new Set(others.map((problem) => problemText(problem, t)))],
    href: `/questionnaires/${id}/questions/${question.key}`,
    up: i > 0,
    down: i < draft.questions.length - 1,
  };
}

function tagsOf(question: Question, t: Translate): string[] {
  const tags = [t(`questionnaires.kind.${question.kind}`)];
  if ('coded' in question && question.coded) tags.push(t('questionnaires.tag.coded'));
  if ('probe' in question && question.probe) tags.push(t('questionnaires.tag.probe'));
  if (question.required) tags.push(t('questionnaires.tag.required'));
  return tags;
}

function questionLines(question: Question, look: Look): Line[] {
  const path = `questions.${question.key}`;
  const main = linesOf(question.text, `${path}.text`, null, look);
  if (question.kind === 'reasons') return [...main, ...noted(question.most.text, `${path}.most.text`, 'most', look)];
  if (question.kind === 'yesno' || !question.probe) return main;
  return [...main, ...noted(question.probe.text, `${path}.probe.text`, 'probe', look)];
}

/** Wording that comes second is shown here only where there is something to say about it. */
const noted = (texts: Texts, path: string, label: string, look: Look): Line[] =>
  linesOf(texts, path, label, look).filter(({ notes, problems }) => notes.length + problems.length > 0);

function linesOf(texts: Texts, path: string, label: string | null, look: Look): Line[] {
  const { id, draft, problems, findings, t } = look;
  return draft.languages.map((language) => {
    const name = languageLabel(language, t);
    return {
      label: label === null ? name : `${name}, ${t(`questionnaires.text.${label}`)}`,
      language,
      text: texts[language] ?? '',
      href: placeOf(id, `${path}.${language}`),
      notes: findings
        .filter((finding) => finding.path === path && finding.language === language)
        .map((finding) => findingText(finding, t)),
      problems: problems
        .filter((problem) => problem.path === `${path}.${language}`)
        .map((problem) => problemText(problem, t)),
    };
  });
}

function letterLines(look: Look): Line[] {
  const { mail, reminders } = look.draft;
  return [
    ...linesOf(mail.subject, 'mail.subject', null, look),
    ...REMINDERS.flatMap((name) => linesOf(reminders?.[name].subject ?? {}, `reminders.${name}.subject`, name, look)),
  ];
}

function toFixText(problem: Problem, draft: Definition, t: Translate): string {
  const said = problemText(problem, t);
  const key = problem.path.startsWith('questions.') ? problem.path.split('.')[1] : undefined;
  const question = draft.questions.find((each) => each.key === key);
  if (question) return t('questionnaires.toFix.question', { question: titleOf(question, draft, t), said });
  return problem.path.includes('.') ? t('questionnaires.toFix.letter', { said }) : said;
}

function publishView({ questionnaire, changes, mayPublish }: Editor, t: Translate): EditorView['publish'] {
  const { latest, draft, archivedAt } = questionnaire;
  const definitions = latest ? [draft, latest.definition] : [draft];
  const note = latest ? 'questionnaires.publish.note' : 'questionnaires.publish.first';
  return {
    button: t('questionnaires.publish.button', { number: (latest?.number ?? 0) + 1 }),
    changes: changes.map((change) => changeText(change, definitions, t)),
    may: mayPublish && archivedAt === null && (changes.length > 0 || latest === null),
    note: changes.length > 0 || latest === null ? t(note) : t('questionnaires.publish.nothing'),
  };
}
