import { fillIn, pageKey, pagesFor, previousPage, questionNumber } from '../questionnaires/index.ts';
import type { PageRef } from '../questionnaires/index.ts';
import { answerLines } from '../responses/index.ts';
import { formView, type FormView } from '../web/index.ts';
import { fieldsOf, type Fields, type Rejected } from './field-views.ts';
import { readsOf, whoOf, type Reads, type Who } from './people-views.ts';
import { CHECK } from './rules.ts';
import { addressOf, isComplete, type Visit } from './visit.ts';
import { headingOf } from './wording.ts';

export interface QuestionPage extends Fields {
  heading: string;
  /** 'Question 2 of 4'. */
  place: string;
  preview: boolean;
  form: FormView;
  action: string;
  who: Who | null;
  intro: string[];
  quote: { intro: string; text: string; language: string; voice: boolean } | null;
  /** '1' where this page shows an answer that is kept already. */
  was: string;
  changing: string;
  skip: boolean;
  back: string | null;
  note: string;
  reads: Reads | null;
}

interface PageOptions {
  /** Somebody came from the check page to change this one. */
  changing: boolean;
  rejected?: Rejected | undefined;
}

export function questionPage(visit: Visit, page: PageRef, { changing, rejected }: PageOptions): QuestionPage {
  const { definition, answers, t, preview } = visit;
  const key = pageKey(page);
  const stands = preview ? undefined : answers.get(key);
  const isFirst = pageKey(pagesFor(definition, answers)[0] ?? page) === key;
  const form = formView({}, rejected?.errors, t);
  const previous = previousPage(definition, answers, key);
  const place = t('answering.place', questionNumber(definition, answers, page));
  const answered = stands !== undefined && stands.kind !== 'skipped';
  return {
    preview,
    heading: headingOf(page, visit),
    place,
    form,
    action: addressOf(visit, key),
    who: isFirst ? whoOf(visit) : null,
    intro: isFirst ? introOf(visit) : [],
    quote: quoteOf(visit, page),
    ...fieldsOf(visit, page, stands, form, rejected),
    was: answered ? '1' : '',
    changing: changing ? '1' : '',
    skip: !answered && !(page.part === 'main' && page.question.required),
    back: changing ? addressOf(visit, CHECK) : previous && addressOf(visit, pageKey(previous)),
    note: noteOf(visit, place),
    reads: isFirst ? readsOf(visit) : null,
  };
}

function introOf({ definition, language, business, sender }: Visit): string[] {
  const text = definition.intro?.[language];
  return text ? [fillIn(text, { company: business.name, sender: sender?.name ?? business.name })] : [];
}

/** The probe quotes what it asks about. */
function quoteOf(visit: Visit, { question, part }: PageRef): QuestionPage['quote'] {
  const value = part === 'probe' ? visit.answers.get(question.key) : undefined;
  if (!value || visit.preview) return null;
  const text = answerLines({ question, part: 'main' }, value, visit)?.[0];
  if (!text) return null;
  const voice = value.kind === 'open';
  const written = visit.found?.answers.get(question.key)?.language;
  const intro = visit.t(voice ? 'answering.quote' : 'answering.quoteScale');
  return { intro, text, language: (voice && written) || visit.language, voice };
}

/** "Question 2 of 4. Your answers are saved." */
function noteOf(visit: Visit, place: string): string {
  const { t, found } = visit;
  if (isComplete(visit)) return `${place}. ${t('answering.note.changing')}`;
  return `${place}. ${t(found ? 'answering.note.saved' : 'answering.note.saves')}`;
}
