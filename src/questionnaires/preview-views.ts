import type { Translate } from '../i18n/index.ts';
import { REMINDERS, type Definition, type Mail, type Question } from './definition.ts';
import { pageKey } from './question.ts';
import type { PageRef } from './question.ts';
import { reasonChoices } from './shuffle.ts';
import { fillIn, paragraphs } from './texts.ts';
import { conditionText } from './words.ts';

export interface PreviewView {
  /** Said on top in the language of the colleague: nothing here is sent. */
  marker: string;
  staffLanguage: string;
  /** When customers meet this page, where not always. */
  when: string | null;
  kicker: string;
  heading: string;
  paragraphs: string[];
  hint: string;
  box: boolean;
  choices: { type: 'radio' | 'checkbox'; text: string }[];
  ends: { min: string; max: string } | null;
  button: string | null;
  after: string[];
  next: { href: string; text: string } | null;
  back: string | null;
  leave: { href: string; text: string };
}

declare module '../web/render.ts' {
  interface Templates {
    'questionnaires/preview': PreviewView;
  }
}

/** What a preview is about. `query` leads to its other pages: 'version=2&' or ''. */
interface Previewed {
  id: string;
  definition: Definition;
  language: string;
  page: string;
  query: string;
  company: string;
  sender: string;
  /** The language of the colleague who looks. */
  staff: Translate;
  /** The language of the customer. */
  t: Translate;
}

const MAIL = 'mail';
const THANKS = 'thanks';

/** The pages of a preview in order: the invitation, its reminders, each question with all its follow-ups, the thanks. */
function steps(definition: Definition): { name: string; page: PageRef | null }[] {
  const pages = definition.questions.flatMap(partsOf);
  return [
    { name: MAIL, page: null },
    ...(definition.reminders ? REMINDERS.map((name) => ({ name: `reminder.${name}`, page: null })) : []),
    ...pages.map((page) => ({ name: pageKey(page), page })),
    { name: THANKS, page: null },
  ];
}

function partsOf(question: Question): PageRef[] {
  const main: PageRef = { question, part: 'main' };
  if (question.kind === 'reasons') return [main, { question, part: 'most' }];
  return question.kind !== 'yesno' && question.probe ? [main, { question, part: 'probe' }] : [main];
}

export function previewView(previewed: Previewed): PreviewView {
  const { id, definition, language, query, staff, t } = previewed;
  const all = steps(definition);
  const at = Math.max(
    0,
    all.findIndex(({ name }) => name === previewed.page),
  );
  const { name = MAIL, page = null } = all[at] ?? {};
  const href = (step: { name: string } | undefined) =>
    step ? `/questionnaires/${id}/preview?${query}lang=${language}&page=${step.name}` : null;
  const next = href(all[at + 1]);
  return {
    marker: staff('questionnaires.preview.marker'),
    staffLanguage: staff.language,
    ...EMPTY,
    ...partOf(name, page, previewed),
    next: next ? { href: next, text: t('questionnaires.preview.continue') } : null,
    back: href(all[at - 1]),
    leave: { href: `/questionnaires/${id}`, text: staff('questionnaires.preview.leave') },
  };
}

const EMPTY = {
  when: null,
  kicker: '',
  paragraphs: [],
  hint: '',
  box: false,
  choices: [],
  ends: null,
  button: null,
  after: [],
};

type Part = Pick<PreviewView, 'heading'> & Partial<PreviewView>;

function filled(
  { definition, company, sender, language }: Previewed,
  texts: Record<string, string> | undefined,
): string {
  const count = definition.questions.filter(({ condition }) => !condition).length;
  return fillIn(texts?.[language] ?? '', { company, sender, count, minutes: definition.minutes });
}

function partOf(name: string, page: PageRef | null, previewed: Previewed): Part {
  const { mail, reminders } = previewed.definition;
  const reminder = REMINDERS.find((each) => name === `reminder.${each}`);
  if (page) return questionPart(page, previewed);
  if (reminder && reminders)
    return { ...mailPart(reminders[reminder], previewed), when: previewed.staff(`questionnaires.preview.${reminder}`) };
  return name === MAIL ? mailPart(mail, previewed) : thanksPart(previewed);
}

function mailPart(mail: Mail, previewed: Previewed): Part {
  return {
    kicker: filled(previewed, mail.preheader),
    heading: filled(previewed, mail.subject),
    paragraphs: paragraphs(filled(previewed, mail.body)),
    button: filled(previewed, mail.button),
    after: [...paragraphs(filled(previewed, mail.after)), previewed.sender],
  };
}

function thanksPart(previewed: Previewed): Part {
  const { title, thanks } = previewed.definition;
  return { heading: filled(previewed, title), paragraphs: paragraphs(filled(previewed, thanks)) };
}

function questionPart({ question, part }: PageRef, previewed: Previewed): Part {
  const { definition, language, staff, t } = previewed;
  const at = (texts: Record<string, string> | undefined) => texts?.[language] ?? '';
  const number = definition.questions.indexOf(question) + 1;
  const base = {
    kicker: t('questionnaires.preview.number', { number, of: definition.questions.length }),
    when: question.condition ? conditionText(question.condition, definition, staff) : null,
    heading: at(question.text),
    hint: at(question.hint),
    // What comes before the first question.
    paragraphs: number === 1 && part === 'main' ? paragraphs(filled(previewed, definition.intro)) : [],
  };
  if (part === 'probe' && 'probe' in question) {
    const when = staff(`questionnaires.preview.probe.${question.kind}`);
    return { ...base, when, heading: at(question.probe?.text), hint: at(question.probe?.hint), box: true };
  }
  if (part === 'most' && question.kind === 'reasons') {
    const { text, hint, cantSay } = question.most;
    const choices = [...question.options.slice(0, 3).map((option) => option.text), cantSay].map(at);
    return {
      ...base,
      when: staff('questionnaires.preview.most'),
      heading: at(text),
      hint: at(hint),
      ...radios(choices),
    };
  }
  return { ...base, ...fieldOf(question, previewed, at) };
}

const radios = (texts: string[]): Partial<PreviewView> => ({
  choices: texts.map((text) => ({ type: 'radio', text })),
});

function fieldOf(
  question: Question,
  { t, id }: Previewed,
  at: (texts: Record<string, string> | undefined) => string,
): Partial<PreviewView> {
  switch (question.kind) {
    case 'open':
      return { box: true };
    case 'yesno':
      return radios([t('questionnaires.yes'), t('questionnaires.no')]);
    case 'reasons':
      return { choices: reasonChoices(question, id).map(({ text }) => ({ type: 'checkbox', text: at(text) })) };
    case 'scale': {
      const values = Array.from({ length: question.max - question.min + 1 }, (_, i) => String(question.min + i));
      return { ...radios(values), ends: { min: at(question.minLabel), max: at(question.maxLabel) } };
    }
  }
}
