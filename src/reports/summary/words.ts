import { formatDay, formatMonth, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { formatMoneyWhole, wholeTogether } from '../../shared/money.ts';
import type { Figure } from '../../retention/index.ts';
import { changeText } from '../changes/texts.ts';
import { askedNotes } from '../common-views.ts';
import { trustIn } from '../rules.ts';
import { THREE, type MonthFigures, type MonthGoal, type MonthReason } from './figures.ts';
import { daysOf, monthsLater } from './month.ts';
import type { MonthSummary } from './deps.ts';

/** One of the three measures, or another figure, in words. */
interface FigureWords {
  name: string;
  value: string;
  /** Interval and base. */
  around: string;
  before: string;
}

/** A month in the reader's language: the same sentences on the page and in the letter. */
export interface MonthWords {
  title: string;
  lead: string;
  changes: string[];
  /** What the changes were held against. */
  compared: string;
  reasons: { key: string; name: string; share: string; interval: string; n: string; money: string }[];
  others: { n: string; money: string } | null;
  unknown: { n: string; money: string };
  total: { n: string; money: string };
  known: string;
  measures: FigureWords[];
  risk: string | null;
  winback: string;
  goals: { id: string; title: string; text: string }[];
  noGoals: string | null;
  cases: string[];
}

export function monthWords(summary: MonthSummary, t: Translate): MonthWords {
  const figures = inWholeUnits(summary.figures);
  const money = moneyIn(figures, t);
  const count = countIn(figures, t);
  return {
    title: formatMonth(summary.month, t.language),
    lead: leadOf(summary, t),
    changes: figures.changes.map((change) => changeText(change, figures.currency, t)),
    compared: comparedOf(figures, t),
    reasons: figures.reasons.map((row) => reasonWords(row, figures, t)),
    others:
      figures.others.count > 0 || figures.others.lostMinor > 0
        ? { n: count(figures.others.count), money: money(figures.others.lostMinor) }
        : null,
    unknown: { n: count(figures.unknown.count), money: money(figures.unknown.lostMinor) },
    total: { n: figures.span.left.count.toLocaleString(t.language), money: money(figures.span.left.lostMinor) },
    known: knownOf(figures, t),
    measures: THREE.map((name) => ({
      name: t(`summary.measure.${name}`),
      ...figureWords(figures.measures[name].now, t),
      before: beforeWords(figures.measures[name].before, t),
    })),
    risk: riskOf(figures, t),
    winback: winbackOf(figures.winback, t),
    goals: (figures.goals ?? []).map((goal) => goalWords(goal, figures.currency, t)),
    noGoals: figures.goals?.length === 0 ? t('summary.goals.none') : null,
    cases: casesOf(figures.cases, t),
  };
}

/** The rows of one page in whole units, rounded so that they add up to the total; the file has every cent. */
function inWholeUnits(figures: MonthFigures): MonthFigures {
  const { reasons, others, unknown, span } = figures;
  const rows = [...reasons, others, unknown];
  const whole = wholeTogether(
    rows.map(({ lostMinor }) => lostMinor),
    figures.currency,
  );
  const rounded = <Row extends { count: number; lostMinor: number }>(row: Row): Row => ({
    ...row,
    lostMinor: whole[rows.indexOf(row)] ?? 0,
  });
  const lostMinor = whole.reduce((all, minor) => all + minor, 0);
  return {
    ...figures,
    reasons: reasons.map((row) => rounded(row)),
    others: rounded(others),
    unknown: rounded(unknown),
    span: { ...span, left: { ...span.left, lostMinor } },
  };
}

const moneyIn =
  ({ currency }: MonthFigures, t: Translate) =>
  (minor: number) =>
    formatMoneyWhole(minor, currency, t.language);

const countIn =
  ({ basis }: MonthFigures, t: Translate) =>
  (n: number) =>
    basis === 'counted'
      ? n.toLocaleString(t.language)
      : t('reports.about', { n: Math.round(n).toLocaleString(t.language) });

function leadOf({ month, state, figures }: MonthSummary, t: Translate): string {
  const { left, before, currency, to } = figures;
  const values = {
    month: formatMonth(month, t.language),
    before: formatMonth(monthsLater(month, -1), t.language),
    day: formatDay(to, t.language),
    money: formatMoneyWhole(left.lostMinor, currency, t.language),
  };
  const running = state === 'running' && to !== daysOf(month).to;
  const when = running ? 'running' : 'over';
  const first =
    left.count === 0
      ? t(`summary.lead.${when}.none`, values)
      : t(`summary.lead.${when}`, { ...values, count: left.count });
  if (left.count === 0 && before.count === 0) return first;
  return `${first} ${t(`summary.lead.before.${when}`, { ...values, count: before.count })}`;
}

function comparedOf({ changes, span, base }: MonthFigures, t: Translate): string {
  const values = {
    from: formatDay(span.from, t.language),
    to: formatDay(span.to, t.language),
    count: Math.round(base),
  };
  if (changes.length > 0) return t('summary.changes.compared', values);
  if (span.left.count === 0) return t('summary.changes.nobody', values);
  return t(base < 30 ? 'summary.changes.few' : 'summary.changes.none', values);
}

function reasonWords(row: MonthReason, figures: MonthFigures, t: Translate): MonthWords['reasons'][number] {
  const few = trustIn(figures.base) === 'too_few';
  const { low, high } = row;
  return {
    key: row.key,
    name: row.names[t.language] || row.names.en || Object.values(row.names).find(Boolean) || row.key,
    share: few ? t('reports.tooFew') : formatShare(row.share, t.language),
    interval: few || low === null || high === null ? '' : between(low, high, t, 0),
    n: countIn(figures, t)(row.count),
    money: moneyIn(figures, t)(row.lostMinor),
  };
}

function knownOf({ base, span, asked, answered, comingInUntil, basis }: MonthFigures, t: Translate): string {
  const days = { from: formatDay(span.from, t.language), to: formatDay(span.to, t.language) };
  if (span.left.count === 0) return t('summary.known.nobody', days);
  const known = t('summary.known', {
    ...days,
    count: span.left.count,
    known: countIn({ basis } as MonthFigures, t)(base),
  });
  const trust = trustIn(base);
  const hint = trust === 'sound' ? [] : [t(trust === 'too_few' ? 'summary.known.few' : 'summary.known.indicative')];
  return [known, ...hint, ...askedNotes({ asked, answered }, comingInUntil, t)].join(' ');
}

const between = (low: number, high: number, t: Translate, digits: number): string => {
  const points = (share: number) =>
    formatNumber(share * 100, t.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `(${points(low)}–${points(high)})`;
};

/** '82.4 %' and '(79.1–85.3), n 410'; below a base of 10 nothing is said, below 30 it is called indicative. */
function figureWords({ value, low, high, base }: Figure, t: Translate): Omit<FigureWords, 'name' | 'before'> {
  const n = t('summary.base', { count: base });
  if (value === null || base < 10) return { value: t('reports.tooFew'), around: `(${n})` };
  const interval = low !== null && high !== null ? `${between(low, high, t, 1)}, ` : '';
  const indicative = base < 30 ? `, ${t('charts.indicative')}` : '';
  return { value: formatShare(value, t.language, 1), around: `${interval}${n}${indicative}` };
}

const beforeWords = ({ value, base }: Figure, t: Translate): string =>
  value === null || base < 10 ? '' : t('summary.measure.before', { share: formatShare(value, t.language, 1) });

function riskOf({ risk, currency }: MonthFigures, t: Translate): string | null {
  if (!risk) return null;
  if (risk.customers === 0) return t('summary.risk.none');
  const values = {
    count: risk.customers,
    worth: formatMoneyWhole(risk.worthMinor, currency, t.language),
    money: formatMoneyWhole(risk.atRiskMinor, currency, t.language),
  };
  return t('summary.risk', values);
}

/** One sentence: how many came back, or that it cannot be said yet. */
function winbackOf({ value, low, high, base }: Figure, t: Translate): string {
  if (base === 0) return t('summary.winback.none');
  if (value === null || base < 10) return t('summary.winback.few', { count: base });
  const interval = low !== null && high !== null ? ` ${between(low, high, t, 1)}` : '';
  const hint = base < 30 ? ` ${t('summary.winback.indicative')}` : '';
  return t('summary.winback', { share: `${formatShare(value, t.language, 1)}${interval}`, count: base }) + hint;
}

function goalWords({ id, titles, dueOn, target, unit, now, standing }: MonthGoal, currency: string, t: Translate) {
  const written = (value: number) =>
    unit === 'money' ? formatMoneyWhole(value, currency, t.language) : formatShare(value, t.language, 1);
  const values = { day: formatDay(dueOn, t.language), standing: t(`goals.standing.${standing}`) };
  const said =
    target === null || !now || now.value === null
      ? t('summary.goal.words', values)
      : t('summary.goal', { ...values, now: written(now.value), target: written(target) });
  return { id, title: titles[t.language] || titles.en || Object.values(titles)[0] || '', text: said };
}

function casesOf({ opened, closed, settled, rate, open, late }: MonthFigures['cases'], t: Translate): string[] {
  if (opened === 0 && closed === 0 && !open) return [t('summary.cases.none')];
  const share = rate ? `${formatShare(rate.share, t.language)} ${between(rate.low, rate.high, t, 0)}` : '';
  return [
    t('summary.cases.opened', { count: opened }),
    t(closed < 10 ? 'summary.cases.closedFew' : 'summary.cases.closed', { count: closed, settled, share }),
    ...(open === null ? [] : [t('summary.cases.open', { count: open, late: late ?? 0 })]),
  ];
}
