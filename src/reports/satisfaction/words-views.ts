import { formatMonth, formatShare, type Translate } from '../../i18n/index.ts';
import { addressOf, narrowedTo } from '../filter-views.ts';
import type { Part } from './parts.ts';
import type { SatisfactionQuery } from './report.ts';
import type { Satisfaction } from './service.ts';
import { wordsAddress } from './theme-views.ts';
import { textIn } from './wording.ts';
import type { Spoken } from './words.ts';

export interface WordsCard {
  texts: { text: string; language: string }[];
  who: string;
  tags: string[];
  coded: string;
  customerId: string;
}

export interface WordsView {
  back: string;
  name: string;
  lead: string;
  /** Whom it is about; null where it is everybody. */
  only: string | null;
  description: string;
  cards: WordsCard[];
  others: string | null;
  empty: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/satisfaction-words': WordsView;
  }
}

type Found = Awaited<ReturnType<Satisfaction['verbatims']>>;

export function wordsView(found: Found, query: SatisfactionQuery, part: Part, after: number, t: Translate): WordsView {
  const { code, question, rows, next } = found;
  const address = (more: Record<string, string> = {}) =>
    wordsAddress({ codeId: code.id, part, questionKey: question.questionKey }, query, more);
  return {
    back: addressOf('/satisfaction', query),
    name: textIn(code.name, t.language),
    only: narrowedTo(query, t),
    lead: t('satisfaction.words.lead', { question: textIn(question.text, t.language), count: rows.length }),
    description: textIn(code.description, t.language),
    cards: rows.map((row) => card(row, found, t)),
    others: next !== null ? address({ after: next }) : after > 0 ? address() : null,
    empty: rows.length === 0 ? t('satisfaction.words.none') : null,
  };
}

function card(row: Spoken, { names }: Found, t: Translate): WordsCard {
  const since = row.customerSince
    ? t('reports.verbatim.since', { year: row.customerSince.slice(0, 4) })
    : t('reports.verbatim.customer');
  const said = { since, mode: t(`reports.mode.${row.mode}`), month: formatMonth(row.submittedAt, t.language) };
  return {
    texts: row.texts,
    who: [
      t('satisfaction.words.who', said),
      row.score === null ? '' : t('satisfaction.words.score', { score: row.score }),
    ]
      .filter(Boolean)
      .join(' '),
    tags: [...new Set(row.codeIds)].map((codeId) => textIn(names.get(codeId) ?? {}, t.language)).filter(Boolean),
    coded:
      row.byEngine !== null
        ? t('reports.verbatim.byEngine', { share: formatShare(row.byEngine, t.language) })
        : row.coders.length > 0
          ? t('reports.verbatim.codedBy', { names: row.coders.join(', ') })
          : '',
    customerId: row.customerId,
  };
}
