import { formatMoment, type Translate } from '../i18n/index.ts';
import { enteredWords } from './entry-views.ts';
import type { Page } from '../storage/index.ts';
import type { Copy, Entry, Response, WaitingCopy } from './response.ts';
import { answersOf, type ResponseFacts, type Said } from './views.ts';

export interface ComparePage {
  heading: string;
  lead: string;
  back: string;
  action: string;
  sides: CompareSide[];
}

interface CompareSide {
  heading: string;
  about: string;
  answers: (Said & { question: string; questionLanguage: string })[];
  choice: { value: 'copy' | 'standing'; label: string };
}

export interface WaitingPage {
  rows: { href: string; text: string; about: string }[];
  next: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'responses/compare': ComparePage;
    'responses/waiting': WaitingPage;
  }
}

interface CompareFacts extends ResponseFacts {
  copy: Copy;
  colleagues: { id: string; name: string }[];
}

/** Both sets of answers side by side, each with a button that makes it count. */
export function comparePage(facts: CompareFacts): ComparePage {
  const { story, copy, t } = facts;
  const { response, entry } = story;
  const answers = new Map(copy.answers.map((answer) => [answer.key, answer]));
  const other = { ...facts, story: { ...story, answers, revisions: [], response: { ...response, ...copied(copy) } } };
  const entered = { by: copy.enteredBy, at: copy.enteredAt, receivedOn: copy.receivedOn };
  const waits = copy.state === 'waiting';
  return {
    heading: t('responses.compare.heading', { reference: response.reference }),
    lead: t(waits ? 'responses.compare.lead' : 'responses.compare.leadDecided'),
    back: `/responses/${response.id}`,
    action: `/responses/${response.id}/copies/${copy.id}/choice`,
    sides: [
      {
        heading: t('responses.compare.standing'),
        about: aboutOf(response, entry, facts),
        answers: answersOf(facts),
        choice: { value: 'standing', label: waits ? t('responses.compare.keep') : '' },
      },
      {
        heading: t(waits ? 'responses.compare.copy' : 'responses.compare.aside'),
        about: aboutOf({ ...response, ...copied(copy), submittedAt: copy.enteredAt }, entered, facts),
        answers: answersOf(other),
        choice: { value: 'copy', label: t('responses.compare.keep') },
      },
    ],
  };
}

const copied = ({ mode, language }: Copy) => ({ mode, language });

/** 'on paper, came back on 9 November 2026; entered by Anna, 10 November 2026 at 09:05'. */
function aboutOf(
  { mode, submittedAt, updatedAt }: Pick<Response, 'mode' | 'submittedAt' | 'updatedAt'>,
  entry: Entry | undefined,
  { t, timeZone, colleagues }: CompareFacts,
): string {
  const sent = formatMoment(submittedAt ?? updatedAt, t.language, timeZone);
  return [t(`responses.mode.${mode}`), ...(entry ? enteredWords(entry, { t, timeZone, colleagues }) : [sent])].join(
    ', ',
  );
}

export function waitingPage(
  list: Page<WaitingCopy>,
  names: Map<string, { name: string }>,
  { t, timeZone }: { t: Translate; timeZone: string },
): WaitingPage {
  return {
    rows: list.rows.map((copy) => ({
      href: `/responses/${copy.responseId}/copies/${copy.id}`,
      text: [copy.reference, names.get(copy.customerId)?.name].filter(Boolean).join(', '),
      about: [t(`responses.mode.${copy.mode}`), formatMoment(copy.enteredAt, t.language, timeZone)].join(', '),
    })),
    next: list.next === null ? null : `/responses/copies?after=${list.next}`,
  };
}
