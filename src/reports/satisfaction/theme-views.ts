import { formatShare, type Translate } from '../../i18n/index.ts';
import { axisMarks, axisOf, shareBar, type ShareBar } from '../../web/charts.ts';
import { trustIn } from '../rules.ts';
import { addressOf } from '../filter-views.ts';
import { auditView, type AuditView } from './audit-views.ts';
import { stepView, type StepView } from './changed-views.ts';
import { PARTS, type Part } from './parts.ts';
import type { QuestionReport, SatisfactionQuery, SatisfactionReport, Theme } from './report.ts';
import { intervalOf, textIn } from './wording.ts';

export interface ThemeLine {
  href: string;
  name: string;
  bar: ShareBar | null;
  share: string;
  interval: string;
  n: string;
  change: StepView | null;
}

export interface ThemeTable {
  /** The id of its heading. */
  heading: string;
  axis: string[];
  rows: ThemeLine[];
  /** Any theme of the question has a change to show. */
  hasChanges: boolean;
  /** What stands where there is no interval. */
  noInterval: string;
}

export interface QuestionView {
  id: string;
  title: string;
  /** How other questionnaires ask it. */
  elsewhere: string[];
  /** What most speak of. */
  first: ThemeLine[];
  /** Why their shares say little yet; null where they can be relied on. */
  mark: string | null;
  /** What the shares are of, and whose word stands behind them. */
  basis: string;
  warning: string | null;
  /** All themes, folded away: what opens them; null where nobody has found one yet. */
  all: { fold: string; table: ThemeTable } | null;
}

/** What is said at one moment, question by question. */
export interface SaidView {
  id: string;
  title: string;
  intro: string;
  /** What opens the answers of a moment on a small screen; those to the regular questions are always open. */
  fold: string | null;
  audits: AuditView[];
  questions: QuestionView[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/satisfaction-said': SaidView;
    'reports/satisfaction-question': QuestionView;
    'reports/satisfaction-themes': ThemeTable;
  }
}

export function saidViews(report: SatisfactionReport, query: SatisfactionQuery, t: Translate): SaidView[] {
  return PARTS.flatMap((part) => {
    const own = report.questions.filter((each) => each.part === part);
    if (own.length === 0) return [];
    const questions = own.map((each, i) => questionView(each, `${part}-${i}`, query, t));
    const read = own.every(({ basis }) => basis !== 'unverified');
    const audits = report.audits
      .filter((each) => each.part === part)
      .map((each) => auditView(each, read, query, t))
      .filter(({ text, waiting }) => text || waiting);
    const [title, intro] = [t(`satisfaction.said.${part}`), t(`satisfaction.said.${part}.intro`)];
    const fold = part === 'satisfaction' ? null : t('satisfaction.said.fold');
    return [{ id: part, title, intro, fold, audits, questions }];
  });
}

/** So many themes of a question stand in its sentence. */
const FIRST = 3;

function questionView(report: QuestionReport, id: string, query: SatisfactionQuery, t: Translate): QuestionView {
  const axis = axisOf(report.themes.map(({ share, high }) => high ?? share));
  const trust = trustIn(report.base);
  const rows = report.themes.map((theme) => themeLine(theme, report, axis, query, t));
  const hasChanges = report.themes.some(({ change }) => change !== null);
  const noInterval = trust === 'too_few' ? '' : t('reports.basis.noInterval');
  const table: ThemeTable = { heading: id, axis: axisMarks(axis, t.language), rows, hasChanges, noInterval };
  return {
    id,
    title: textIn(report.text, t.language),
    elsewhere: elsewhereIn(report, t),
    first: trust === 'too_few' ? [] : rows.slice(0, FIRST),
    mark: markOf(report, t),
    basis: basisInWords(report, t),
    warning: trust === 'sound' ? null : t(`satisfaction.warning.${trust}`, { count: Math.round(report.base) }),
    all: rows.length > 0 ? { fold: t('satisfaction.said.all', { count: rows.length }), table } : null,
  };
}

function markOf(report: QuestionReport, t: Translate): string | null {
  if (report.basis === 'unverified') return t('reports.basis.noInterval');
  return isHint(report) || trustIn(report.base) === 'indicative' ? t('charts.indicative') : null;
}

/** Nobody has checked enough of what the engine makes of these answers. */
const isHint = ({ basis }: QuestionReport): boolean => basis === 'unverified' || basis === 'few';

function elsewhereIn({ text, elsewhere }: QuestionReport, t: Translate): string[] {
  const asked = elsewhere.map((each) => ({ name: each.questionnaire, question: textIn(each.text, t.language) }));
  return asked
    .filter(({ question }) => question !== textIn(text, t.language))
    .map((each) => t('satisfaction.said.elsewhere', each));
}

function basisInWords(report: QuestionReport, t: Translate): string {
  const { basis, coded, written, unread, audited, base } = report;
  const waiting = unread > 0 ? t('satisfaction.basis.unread', { count: unread }) : '';
  if (base === 0) return waiting;
  const rest = Math.round(base) - coded;
  const all = basis === 'unverified' && rest === 0;
  const said = t(`satisfaction.basis.${all ? 'waiting' : basis}`, {
    count: written,
    coded,
    rest,
    audited,
    read: Math.round(base),
  });
  return `${said} ${waiting}`.trim();
}

function themeLine(
  theme: Theme,
  report: QuestionReport,
  axis: number,
  query: SatisfactionQuery,
  t: Translate,
): ThemeLine {
  const { share, low, high } = theme;
  const few = trustIn(report.base) === 'too_few';
  const bar = few ? null : shareBar({ share, low, high, base: report.base, axis });
  const n = theme.count.toLocaleString(t.language);
  return {
    href: wordsAddress({ codeId: theme.codeId, part: report.part, questionKey: report.questionKey }, query),
    name: textIn(theme.name, t.language),
    bar: bar && isHint(report) ? { ...bar, fill: 'f0' } : bar,
    share: few ? t('reports.tooFew') : formatShare(share, t.language),
    interval: few ? '' : intervalOf(theme, t),
    n: report.basis === 'counted' ? n : t('reports.about', { n }),
    change: stepView(theme.change, t),
  };
}

/** Where the answers behind a theme stand. */
export function wordsAddress(
  { codeId, part, questionKey }: { codeId: string; part: Part; questionKey: string },
  query: SatisfactionQuery,
  more: Record<string, string> = {},
): string {
  return addressOf('/satisfaction/words', query, { code: codeId, part, question: questionKey, ...more });
}
