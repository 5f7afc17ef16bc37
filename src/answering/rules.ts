import { addDays } from '../shared/dates.ts';
import { firstUnanswered, nextPage, pageKey, type Answers, type AnswerValue } from '../questionnaires/index.ts';
import type { Definition, PageRef, Question } from '../questionnaires/index.ts';

/** Names in addresses that no question can have, because keys have no hyphen. */
export const CHECK = 'check-answers';
export const THANKS = 'thank-you';
export const CONTACT = 'contact-wish';

/** Tokens that we never made, from one address: far more than anybody mistypes, far fewer than guessing needs. */
export const GUESSES = { most: 60, minutes: 10 };

/** How whoever posts to a link at the end of a mail opts out: by their mail program's one click (RFC 8058), or on the page. */
export function howPosted(body: unknown): 'oneClick' | 'link' {
  const click = ((body ?? {}) as Record<string, unknown>)['List-Unsubscribe'];
  return click === 'One-Click' ? 'oneClick' : 'link';
}

/** The notice that anybody may read, in their language. */
export const privacyAt = (language: string): string => `/privacy?lang=${language}`;

/** The language asked for by the address, else the one they answered in, else that of the invitation. */
export function languageFor(
  asked: string | undefined,
  known: (string | undefined)[],
  offered: readonly string[],
  all: readonly string[],
): string {
  const wished = [asked, ...known].filter((each) => each !== undefined);
  // When none is approved any more, whoever was invited still meets the questions in the language of the invitation.
  const choice = offered.length > 0 ? offered : all;
  return wished.find((each) => choice.includes(each)) ?? choice[0] ?? 'en';
}

/** The page with this key, whether or not these answers lead to it: words from a page left open are kept all the same. */
export function pageNamed(definition: Definition, key: string): PageRef | null {
  const [name = '', part = 'main', ...more] = key.split('.');
  const question = definition.questions.find((each) => each.key === name);
  if (!question || more.length > 0) return null;
  if (part === 'main') return key === name ? { question, part } : null;
  if (part === 'probe') return hasProbe(question) ? { question, part } : null;
  return part === 'most' && question.kind === 'reasons' ? { question, part } : null;
}

const hasProbe = (question: Question): boolean =>
  (question.kind === 'open' || question.kind === 'scale') && question.probe !== undefined;

/** Where Continue leads: on in order; whoever came to change one answer goes back, past nothing that is still open. */
export function pageAfter(definition: Definition, answers: Answers, key: string, changing: boolean): string {
  const page = changing ? firstUnanswered(definition, answers) : nextPage(definition, answers, key);
  return page ? pageKey(page) : CHECK;
}

/** An answer to everything, so that a preview shows every page there is. */
export function sampleAnswers(definition: Definition): Map<string, AnswerValue> {
  return new Map(definition.questions.map((question) => [question.key, sampleOf(question)]));
}

function sampleOf(question: Question): AnswerValue {
  switch (question.kind) {
    case 'open':
      return { kind: 'open', text: '…' };
    case 'reasons':
      return { kind: 'reasons', ticked: question.options.slice(0, 3).map(({ key }) => key) };
    case 'scale':
      return { kind: 'scale', value: question.max };
    case 'yesno':
      return { kind: 'yesno', value: 'yes' };
  }
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function worksOn(day: string, hours: Record<string, object | null>): boolean {
  return Boolean(hours[WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '']);
}

/** So many working days on; every day counts where nobody has said when they work. */
export function addWorkingDays(day: string, days: number, hours: Record<string, object | null>): string {
  const always = !Object.values(hours).some(Boolean);
  let at = day;
  for (let left = days; left > 0;) {
    at = addDays(at, 1);
    if (always || worksOn(at, hours)) left--;
  }
  return at;
}

/** 'Miriam Adler' -> 'MA', 'Kim' -> 'K'. */
export function monogramOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
