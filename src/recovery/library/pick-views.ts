import { formatDay, languageIn, languageName } from '../../i18n/index.ts';
import type { Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { FoundAnswer } from './found.ts';

/** The library beside the reply of a case. */
export interface PickView {
  action: string;
  typed: string;
  language: string;
  /** What was found, in words; '' before anything was typed and nothing is there. */
  said: string;
  rows: PickRow[];
  /** Where the answer exists in another language only: to be written in the customer's. */
  others: { question: string; languages: string; href: string }[];
  inserted: string | null;
  write: string;
}

interface PickRow {
  question: string;
  excerpt: string;
  language: string;
  insert: string;
  note: string;
  late: boolean;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/library-pick': PickView;
  }
}

const MOST = 6;
const EXCERPT = 140;

interface PickFacts {
  theCase: RecoveryCase;
  typed: string;
  /** Ranked already, in every language. */
  all: FoundAnswer[];
  chosen: FoundAnswer | undefined;
  today: string;
}

export function pickView({ theCase, typed, all, chosen, today }: PickFacts, { t }: Staff): PickView {
  const { id, language } = theCase;
  const own = all.filter((each) => each.language === language);
  const covered = new Set(own.map(({ answerId }) => answerId));
  const foreign = Map.groupBy(
    all.filter((each) => !covered.has(each.answerId)),
    ({ answerId }) => answerId,
  );
  const shown = own.slice(0, MOST);
  return {
    action: `/cases/${id}`,
    typed,
    language,
    said: saidOf(typed, own.length, t, language),
    rows: shown.map((each) => ({
      question: each.question,
      excerpt: excerptOf(each.body),
      language: each.language,
      insert: `/cases/${id}?insert=${each.textId}#casemail`,
      note: noteOf(each, today, t),
      late: each.reviewOn <= today,
    })),
    others: [...foreign.values()].slice(0, MOST - shown.length).map((texts) => ({
      question: texts[0]?.question ?? '',
      languages: texts.map((each) => languageName(each.language)).join(', '),
      href: `/playbook/answers/${texts[0]?.answerId}/${language}`,
    })),
    inserted: chosen ? t('library.pick.inserted', { question: chosen.question }) : null,
    write: `/playbook/answers/new?language=${encodeURIComponent(language)}&question=${encodeURIComponent(typed)}`,
  };
}

function saidOf(typed: string, count: number, t: Staff['t'], language: string): string {
  const values = { count, language: languageIn(language, t.language) };
  if (typed === '') return count > 0 ? t('library.pick.usual') : t('library.pick.none', values);
  return count > 0 ? t('library.pick.found', values) : t('library.pick.nothing', values);
}

function excerptOf(body: string): string {
  const line = body
    .replace(/\{[^{}]*\}/g, '…')
    .replace(/^[…,\s]+/, '')
    .replace(/\s+/g, ' ');
  const graphemes = [...line];
  return graphemes.length > EXCERPT ? `${graphemes.slice(0, EXCERPT).join('').trimEnd()}…` : line;
}

/** 'used 3 times'. */
export function usedWords({ uses }: Pick<FoundAnswer, 'uses'>, t: Staff['t']): string {
  return uses === 0 ? t('library.unused') : t('library.used', { count: uses });
}

function noteOf({ uses, reviewOn, reviewedAt }: FoundAnswer, today: string, t: Staff['t']): string {
  const used = usedWords({ uses }, t);
  if (reviewOn <= today) return `${used}, ${t('library.review.overdue', { day: formatDay(reviewOn, t.language) })}`;
  return reviewedAt === null
    ? used
    : `${used}, ${t('library.reviewed', { day: formatDay(reviewedAt.slice(0, 10), t.language) })}`;
}
