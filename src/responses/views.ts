import { formatMoment, languageName, type Translate } from '../i18n/index.ts';
import { codedKeys, pageKey, pagesFor, type PageRef, type Version } from '../questionnaires/index.ts';
import type { WholeStory } from './reading.ts';
import type { Revision, StoredAnswer } from './response.ts';
import { valuesOf } from './rules.ts';
import { enteredWords } from './entry-views.ts';
import { answerLines, questionText } from './wording.ts';

export interface Said {
  /** Null where the question was passed over. */
  lines: string[] | null;
  voice: boolean;
  language: string;
  about: string;
}

/** A code that stands on an answer. */
export interface StandingCode {
  questionKey: string;
  name: string;
  who: string;
  /** Says that it is the main one; empty where it is not. */
  main: string;
  /** Ticked by whoever answered, not given by somebody who read it. */
  byRespondent: boolean;
}

export interface Codes {
  given: StandingCode[];
  ticked: StandingCode[];
  /** The words wait for somebody to code them. */
  waiting: boolean;
}

interface Answer extends Said {
  question: string;
  questionLanguage: string;
  codes: Codes;
  earlier: Said[];
}

export interface ResponsePage {
  heading: string;
  lead: string;
  /** Other answers to the same invitation; `waits` where nobody has chosen yet. */
  copies: { href: string; text: string; waits: boolean }[];
  facts: { term: string; value: string; href: string | null }[];
  answers: Answer[];
  /** Given on pages that later answers took out of the way. */
  aside: Answer[];
}

declare module '../web/render.ts' {
  interface Templates {
    'responses/response': ResponsePage;
    'responses/said': Said;
    'responses/codes': Codes;
  }
}

export interface ResponseFacts {
  story: WholeStory;
  version: Version;
  /** Undefined once they have been erased. */
  customer: { name: string; reference: string } | undefined;
  codes: StandingCode[];
  timeZone: string;
  t: Translate;
}

export function responsePage(facts: ResponseFacts & Colleagues): ResponsePage {
  const { story, version, t, customer } = facts;
  const { response, answers } = story;
  const values = valuesOf(answers);
  const shown = pagesFor(version.definition, values);
  const keys = new Set(shown.map(pageKey));
  const aside = [...answers.keys()].filter((key) => !keys.has(key)).flatMap((key) => pageOf(version, key) ?? []);
  const name = customer?.name ?? t('responses.erased');
  const at = moment(response.submittedAt ?? response.updatedAt, facts);
  return {
    heading: t('responses.heading', { reference: response.reference }),
    lead: t(response.submittedAt === null ? 'responses.leadPartial' : 'responses.lead', { name, at }),
    facts: factsOf(facts),
    copies: copiesOf(facts),
    answers: answersOf(facts),
    aside: aside.map((page) => answerOf(page, facts)),
  };
}

interface Colleagues {
  colleagues: { id: string; name: string }[];
}

/** What was answered, in the order of the questions. */
export function answersOf(facts: ResponseFacts): Answer[] {
  const { story, version } = facts;
  return pagesFor(version.definition, valuesOf(story.answers))
    .filter((page) => story.answers.has(pageKey(page)))
    .map((page) => answerOf(page, facts));
}

function copiesOf({ story, t }: ResponseFacts): ResponsePage['copies'] {
  return story.copies.map(({ id, mode, state }) => ({
    href: `/responses/${story.response.id}/copies/${id}`,
    text: t(`responses.copy.${state === 'waiting' ? 'waiting' : 'aside'}.${mode}`),
    waits: state === 'waiting',
  }));
}

function pageOf({ definition }: Version, key: string): PageRef | undefined {
  const [name, part = 'main'] = key.split('.');
  const question = definition.questions.find((each) => each.key === name);
  return question && { question, part: part as PageRef['part'] };
}

function factsOf({
  story: { response, entry },
  version,
  customer,
  timeZone,
  t,
  colleagues,
}: ResponseFacts & Colleagues): ResponsePage['facts'] {
  const fact = (key: string, value: string, href: string | null = null) => ({
    term: t(`responses.fact.${key}`),
    value,
    href,
  });
  const { title } = version.definition;
  const questionnaire = title[t.language] ?? title[version.definition.languages[0] ?? ''] ?? '';
  const who = customer ? `${customer.name} (${customer.reference})` : t('responses.erased');
  return [
    fact('customer', who, customer ? `/customers/${response.customerId}` : null),
    fact('questionnaire', t('responses.version', { name: questionnaire, number: version.number })),
    fact('mode', t(`responses.mode.${response.mode}`)),
    ...(entry ? [fact('entered', enteredWords(entry, { t, timeZone, colleagues }).join(', '))] : []),
    fact('language', languageName(response.language)),
    fact('started', formatMoment(response.startedAt, t.language, timeZone)),
    fact(
      'sent',
      response.submittedAt === null ? t('responses.notSent') : formatMoment(response.submittedAt, t.language, timeZone),
    ),
    fact('contact', t(`responses.contact.${response.contactWish ?? 'unsaid'}`)),
  ];
}

function answerOf(page: PageRef, facts: ResponseFacts): Answer {
  const { story, version } = facts;
  const key = pageKey(page);
  const answer = story.answers.get(key);
  const language = answer?.language ?? story.response.language;
  return {
    question: questionText(page, language, version.definition),
    questionLanguage: language,
    ...(answer ? saidIn(page, answer, facts, aboutOf(answer, facts)) : NOTHING),
    codes: codesOn(key, answer, facts),
    earlier: story.revisions
      .filter((each) => each.key === key)
      .map((each) => saidIn(page, each, facts, facts.t('responses.replaced', { at: moment(each.replacedAt, facts) }))),
  };
}

/** Only what was sent, and has words, waits for somebody to code it. */
function codesOn(key: string, answer: StoredAnswer | undefined, { story, version, codes }: ResponseFacts): Codes {
  const own = codes.filter(({ questionKey }) => questionKey === key);
  const given = own.filter(({ byRespondent }) => !byRespondent);
  const hasWords = answer?.value.kind === 'open' && answer.value.text.trim() !== '';
  const isCoded = story.response.submittedAt !== null && codedKeys(version.definition).includes(key);
  return {
    given,
    ticked: own.filter(({ byRespondent }) => byRespondent),
    waiting: given.length === 0 && hasWords && isCoded,
  };
}

const NOTHING: Said = { lines: null, voice: false, language: '', about: '' };

function saidIn(
  page: PageRef,
  { value, language }: StoredAnswer | Revision,
  facts: ResponseFacts,
  about: string,
): Said {
  const { story, version, t } = facts;
  const told = { definition: version.definition, language, t, answers: valuesOf(story.answers) };
  return { lines: answerLines(page, value, told), voice: value.kind === 'open', language, about };
}

/** 'German, by e-mail, 10 November 2026 at 09:05'. */
function aboutOf({ language, mode, answeredAt }: StoredAnswer, facts: ResponseFacts): string {
  return [languageName(language), facts.t(`responses.mode.${mode}`), moment(answeredAt, facts)].join(', ');
}

function moment(at: string, { t, timeZone }: ResponseFacts): string {
  return formatMoment(at, t.language, timeZone);
}
