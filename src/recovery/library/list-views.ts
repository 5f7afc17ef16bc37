import { formatDay, languageCodes, languageIn } from '../../i18n/index.ts';
import type { Staff } from '../../web/index.ts';
import type { FoundAnswer } from './found.ts';
import type { AnswerRow, TextRow } from './library-store.ts';
import { usedWords } from './pick-views.ts';
import { ranked } from './rules.ts';

export interface ListPage {
  lead: string;
  overdue: string | null;
  views: { href: string; text: string; current: boolean }[];
  view: string;
  typed: string;
  rows: ListRow[];
  none: string;
  next: string | null;
}

interface ListRow {
  href: string;
  question: string;
  language: string;
  languages: string;
  missing: string;
  owner: string;
  review: string;
  late: boolean;
  used: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/library': ListPage;
  }
}

const AT = '/playbook/answers';
const PAGE = 40;
const VIEWS = ['all', 'review', 'proposed', 'retired'] as const;

export interface ListFacts {
  found: FoundAnswer[];
  proposed: TextRow[];
  retired: AnswerRow[];
  colleagues: { id: string; name: string }[];
  programs: { id: string; name: string }[];
  today: string;
}

/** A page of the library, in one of its views; where a question exists in the reader's language it stands in that. */
export function listPage(facts: ListFacts, query: Record<string, unknown>, staff: Staff): ListPage {
  const { t } = staff;
  const view = VIEWS.find((each) => each === query.view) ?? 'all';
  const typed = typeof query.q === 'string' ? query.q.slice(0, 200) : '';
  const answers = groups(facts, typed, staff.language);
  const due = answers.filter(({ first }) => first.reviewOn <= facts.today);
  const mine = due.filter(({ first }) => first.ownerId === staff.id).length;
  const listed = view === 'review' ? due : answers;
  const start = Math.max(0, listed.findIndex(({ first }) => first.answerId === query.after) + 1);
  const shown = listed.slice(start, start + PAGE);
  const count = {
    all: answers.length,
    review: due.length,
    proposed: facts.proposed.length,
    retired: facts.retired.length,
  };
  const other = view === 'proposed' ? facts.proposed.map((row) => proposedRow(row, facts, staff)) : [];
  const rows = view === 'all' || view === 'review' ? shown.map((each) => listRow(each, facts, staff)) : other;
  const last = listed.length > start + PAGE ? shown.at(-1)?.first.answerId : undefined;
  return {
    lead: t('library.lead', { count: answers.length }),
    overdue: mine > 0 ? t('library.overdue.mine', { count: mine }) : null,
    views: VIEWS.filter((each) => each === 'all' || each === 'review' || count[each] > 0).map((each) => ({
      href: each === 'all' ? AT : `${AT}?view=${each}`,
      text: `${t(`library.view.${each}`)} ${count[each]}`,
      current: each === view,
    })),
    view,
    typed,
    rows: view === 'retired' ? facts.retired.map((row) => retiredRow(row, facts, staff)) : rows,
    none: t(typed !== '' ? 'library.none.typed' : `library.none.${view}`),
    next: rows.length > 0 && last ? `${AT}?${new URLSearchParams({ view, q: typed, after: last }).toString()}` : null,
  };
}

interface Group {
  first: FoundAnswer;
  texts: FoundAnswer[];
}

function groups({ found }: ListFacts, typed: string, language: string): Group[] {
  const sorted = typed === '' ? found.toSorted((a, b) => a.question.localeCompare(b.question, language)) : found;
  const matching = typed === '' ? sorted : ranked(found, typed);
  const byAnswer = Map.groupBy(found, ({ answerId }) => answerId);
  return [...new Set(matching.map(({ answerId }) => answerId))].flatMap((id) => {
    const texts = byAnswer.get(id) ?? [];
    const first = texts.find((each) => each.language === language) ?? texts[0];
    return first ? [{ first, texts }] : [];
  });
}

const nameIn = (colleagues: ListFacts['colleagues'], id: string | null): string =>
  colleagues.find((each) => each.id === id)?.name ?? '';

function listRow({ first, texts }: Group, { colleagues, today }: ListFacts, { t }: Staff): ListRow {
  const has = new Set(texts.map(({ language }) => language));
  const missing = languageCodes.filter((code) => !has.has(code));
  const day = formatDay(first.reviewOn, t.language);
  const late = first.reviewOn <= today;
  const inWords = (code: string) => languageIn(code, t.language);
  return {
    href: `${AT}/${first.answerId}`,
    question: first.question,
    language: first.language,
    languages: [...has].map(inWords).join(', '),
    missing: missing.length > 0 ? t('library.missing', { languages: missing.map(inWords).join(', ') }) : '',
    owner: nameIn(colleagues, first.ownerId),
    review: late ? t('library.review.overdue', { day }) : day,
    late,
    used: usedWords(first, t),
  };
}

function proposedRow(row: TextRow, { colleagues, programs }: ListFacts, { t }: Staff): ListRow {
  const name = nameIn([...colleagues, ...programs], row.proposed_by ?? row.proposed_token) || '–';
  return {
    ...EMPTY,
    href: `${AT}/${row.answer_id}`,
    question: row.question,
    language: row.language,
    languages: languageIn(row.language, t.language),
    owner: t('library.proposedBy', { name }),
    review: formatDay(row.proposed_at.slice(0, 10), t.language),
  };
}

function retiredRow(row: AnswerRow, { colleagues }: ListFacts, { t, language }: Staff): ListRow {
  const day = formatDay((row.retired_at ?? '').slice(0, 10), t.language);
  return {
    ...EMPTY,
    language,
    href: `${AT}/${row.id}`,
    question: t('library.retired.on', { day }),
    owner: nameIn(colleagues, row.owner_id),
    review: '',
  };
}

const EMPTY = { languages: '', missing: '', late: false, used: '' };
