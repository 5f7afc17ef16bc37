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
}

export interface QuestionView {
  id: string;
  title: string;
  /** How other questionnaires ask it. */
  elsewhere: string[];
  /** What the shares are of, and whose word stands behind them. */
  basis: string;
  warning: string | null;
  first: ThemeTable;
  /** Themes of which fewer speak, folded away; null where there are none to speak of. */
  others: ThemeTable | null;
  othersTitle: string;
}

/** What is said at one moment, question by question. */
export interface SaidView {
  id: string;
  title: string;
  intro: string;
  audits: AuditView[];
  /** Where the questions are folded away: what opens them. */
  fold: string | null;
  questions: QuestionView[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/satisfaction-question': QuestionView;
    'reports/satisfaction-themes': ThemeTable;
  }
}

export function saidViews(report: SatisfactionReport, query: SatisfactionQuery, t: Translate): SaidView[] {
  return PARTS.flatMap((part) => {
    const own = report.questions.filter((each) => each.part === part);
    if (own.length === 0) return [];
    const questions = own.map((each, i) => questionView(each, `${part}-${i}`, query, t));
    const audits = report.audits.filter((each) => each.part === part).map((each) => auditView(each, query, t));
    const [title, intro] = [t(`satisfaction.said.${part}`), t(`satisfaction.said.${part}.intro`)];
    // How the moments compare stands above; what is said at each is for who wants to know more.
    const fold = part === 'satisfaction' ? null : t('satisfaction.said.fold');
    return [{ id: part, title, intro, audits, fold, questions }];
  });
}

/** So many themes of a question are shown at once; it takes more than one other to fold them away. */
const FIRST = 4;
const WORTH_FOLDING = 2;

function questionView(report: QuestionReport, id: string, query: SatisfactionQuery, t: Translate): QuestionView {
  const axis = axisOf(report.themes.map(({ share, high }) => high ?? share));
  const trust = trustIn(report.base);
  const table = (themes: Theme[]): ThemeTable => ({
    heading: id,
    axis: axisMarks(axis, t.language),
    rows: themes.map((theme) => themeLine(theme, report, axis, query, t)),
    hasChanges: report.themes.some(({ change }) => change !== null),
  });
  const [first, others] = folded(report.themes);
  return {
    id,
    title: textIn(report.text, t.language),
    elsewhere: elsewhereIn(report, t),
    basis: basisInWords(report, t),
    warning: trust === 'sound' ? null : t(`satisfaction.warning.${trust}`, { count: Math.round(report.base) }),
    first: table(first),
    others: others.length > 0 ? table(others) : null,
    othersTitle: t('satisfaction.said.others', { count: others.length }),
  };
}

/** The themes that most speak of, and the others; "other" stands last, and is shown where it is as large. */
function folded(themes: Theme[]): [first: Theme[], others: Theme[]] {
  const least = themes[FIRST - 1]?.share ?? 0;
  const isFirst = ({ share }: Theme, i: number) => i < FIRST || share > least;
  const others = themes.filter((theme, i) => !isFirst(theme, i));
  return others.length < WORTH_FOLDING ? [themes, []] : [themes.filter(isFirst), others];
}

function elsewhereIn({ text, elsewhere }: QuestionReport, t: Translate): string[] {
  const asked = elsewhere.map((each) => ({ name: each.questionnaire, question: textIn(each.text, t.language) }));
  return asked
    .filter(({ question }) => question !== textIn(text, t.language))
    .map((each) => t('satisfaction.said.elsewhere', each));
}

function basisInWords(report: QuestionReport, t: Translate): string {
  const { basis, coded, written, unread, audited, base } = report;
  const rest = Math.round(base) - coded;
  const all = basis === 'unverified' && rest === 0;
  const said = t(`satisfaction.basis.${all ? 'waiting' : basis}`, {
    count: written,
    coded,
    rest,
    audited,
    read: Math.round(base),
  });
  return unread > 0 ? `${said} ${t('satisfaction.basis.unread', { count: unread })}` : said;
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
  const isHint = report.basis === 'unverified' || report.basis === 'few';
  const bar = few ? null : shareBar({ share, low, high, base: report.base, axis });
  const n = theme.count.toLocaleString(t.language);
  return {
    href: wordsAddress({ codeId: theme.codeId, part: report.part, questionKey: report.questionKey }, query),
    name: textIn(theme.name, t.language),
    bar: bar && isHint ? { ...bar, fill: 'f0' } : bar,
    share: few ? t('reports.tooFew') : formatShare(share, t.language),
    interval: few ? '' : intervalOf(theme, t) || t('reports.basis.noInterval'),
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
