import { formatMonth, formatShare, type Translate } from '../i18n/index.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import type { PolicyNote } from '../web/index.ts';
import { asRead, moneyFormat, nameOf, type PlainLine } from './common-views.ts';
import { addressOf, narrowedTo } from './filter-views.ts';
import type { LeavingQuery, LeavingReport } from './service.ts';
import type { Verbatim } from './verbatims-service.ts';

export interface VerbatimsView {
  back: string;
  name: string;
  description: string;
  lead: string;
  /** Whom it is about; null where it is everybody. */
  only: string | null;
  cards: VerbatimCard[];
  others: string | null;
  empty: string | null;
  parts: PlainLine[];
  /** Why there are not as many answers as the figures say; null where there are. */
  estimated: string | null;
  /** What the business does because of this reason. */
  policies: PolicyNote[];
  /** How many of the figures are of people who said it on a call alone. */
  fromCalls: string | null;
}

export interface VerbatimCard {
  /** What they wrote to the first open question; the others are folded away. */
  first: { text: string; language: string };
  others: { text: string; language: string }[];
  who: string;
  tags: string[];
  coded: string;
  customerId: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/verbatims': VerbatimsView;
    'reports/verbatim-cards': VerbatimCard[];
  }
}

/** A few answers behind the costliest reason, on the page of all reasons. */
export interface WordsView {
  heading: string;
  all: string;
  cards: VerbatimCard[];
}

export interface VerbatimsFound {
  code: {
    id: string;
    key: string;
    parentId: string | null;
    name: Record<string, string>;
    description: Record<string, string>;
  };
  rows: Verbatim[];
  next: string | null;
}

export function verbatimsView(
  whole: LeavingReport,
  query: LeavingQuery,
  found: VerbatimsFound & { policies: PolicyNote[] },
  after: number,
  t: Translate,
): VerbatimsView {
  const report = asRead(whole);
  const money = moneyFormat(report, t);
  const row = report.reasons.find((each) => each.key === found.code.key);
  // What is said of a code of the second level is never estimated: the engine does not tell these apart.
  const part = report.reasons.flatMap(({ parts }) => parts).find((each) => each.key === found.code.key);
  const path = `/leaving/reasons/${found.code.key}`;
  const level = found.code.parentId === null ? row : part;
  const estimated = report.audit !== null && found.code.parentId === null;
  return {
    back: addressOf('/leaving', query),
    name: nameOf(report.names, found.code.id, t.language),
    description: found.code.description[t.language] ?? found.code.description.en ?? '',
    lead: leadOf(level, found.rows.length, estimated, report, t),
    only: narrowedTo(query, t),
    policies: found.policies,
    fromCalls: row && row.fromCalls > 0 ? t('reports.verbatims.calls', { count: row.fromCalls }) : null,
    estimated: report.audit ? t(estimated ? 'reports.verbatims.likeliest' : 'reports.verbatims.partsByPeople') : null,
    cards: found.rows.map((verbatim) => card(verbatim, report, t)),
    others:
      found.next !== null ? addressOf(path, query, { after: found.next }) : after > 0 ? addressOf(path, query) : null,
    empty: found.rows.length === 0 ? t('reports.verbatims.none') : null,
    parts: (row?.parts ?? []).map((each) => ({
      name: nameOf(report.names, each.codeId, t.language),
      href: addressOf(`/leaving/reasons/${each.key}`, query),
      n: each.count.toLocaleString(t.language),
      money: money(each.lostMinor),
    })),
  };
}

export function wordsView(report: LeavingReport, query: LeavingQuery, found: VerbatimsFound, t: Translate): WordsView {
  return {
    heading: t('reports.leaving.words', { reason: nameOf(report.names, found.code.id, t.language) }),
    all: addressOf(`/leaving/reasons/${found.code.key}`, query),
    cards: found.rows.map((verbatim) => card(verbatim, report, t)),
  };
}

/** How many they are and what they were worth; then how many of their answers are shown, if any. */
function leadOf(
  figures: { count: number; lostMinor: number } = { count: 0, lostMinor: 0 },
  shown: number,
  estimated: boolean,
  report: LeavingReport,
  t: Translate,
): string {
  const key = estimated ? 'reports.verbatims.leadEstimated' : 'reports.verbatims.lead';
  const count = Math.round(figures.count);
  const money = estimated
    ? formatMoneyWhole(figures.lostMinor, report.currency, t.language)
    : moneyFormat(report, t)(figures.lostMinor);
  const said = count === 0 ? t(`${key}.none`) : t(key, { count, money });
  return shown === 0 ? said : `${said} ${t('reports.verbatims.shown', { count: shown })}`;
}

function card(verbatim: Verbatim, report: LeavingReport, t: Translate): VerbatimCard {
  const name = (codeId: string) => nameOf(report.names, codeId, t.language);
  const [first, ...others] = verbatim.texts;
  const { byEngine } = verbatim;
  const since = verbatim.customerSince
    ? t('reports.verbatim.since', { year: verbatim.customerSince.slice(0, 4) })
    : t('reports.verbatim.customer');
  const worth = formatMoneyWhole(verbatim.worthMinor, report.currency, t.language);
  return {
    first: first ?? { text: '', language: t.language },
    others,
    who: t('reports.verbatim.who', {
      since,
      worth,
      mode: t(`reports.mode.${verbatim.mode}`),
      month: formatMonth(verbatim.submittedAt, t.language),
    }),
    tags: [...new Set([...verbatim.codes.map((each) => each.codeId), ...(byEngine ? [byEngine.codeId] : [])])].map(
      name,
    ),
    coded: [
      byEngine ? t('reports.verbatim.byEngine', { share: formatShare(byEngine.chance, t.language) }) : '',
      verbatim.coders.length > 0 ? t('reports.verbatim.codedBy', { names: verbatim.coders.join(', ') }) : '',
      verbatim.statedCodeId ? t('reports.verbatim.ticked', { reason: name(verbatim.statedCodeId) }) : '',
    ]
      .filter(Boolean)
      .join(' '),
    customerId: verbatim.customerId,
  };
}
