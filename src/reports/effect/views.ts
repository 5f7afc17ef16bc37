import { formatMonth, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { LEAVERS_NEEDED, SUGGESTED_SHARE } from '../../invitations/index.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../../shared/money.ts';
import { wilson, type Difference, type Share } from '../../shared/statistics.ts';
import { axisMarks, axisOf, shareBar, type ShareBar } from '../../web/charts.ts';
import type { Staff } from '../../web/index.ts';
import { countedWords } from '../common-views.ts';
import { addressOf } from '../filter-views.ts';
import { periodForm, periodWords, type PeriodForm } from '../period-views.ts';
import { trustIn } from '../rules.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import type { Durability } from './durability.ts';
import { detectable } from './rules.ts';
import type { Compared, EffectQuery, EffectReport, ProgrammeEffect } from './service.ts';

/** A share with its bar: a row of a table. */
export interface BarLine {
  name: string;
  bar: ShareBar | null;
  share: string;
  interval: string;
  /** "12 of 40" */
  of: string;
  note: string;
  /** Further columns. */
  more: string[];
}

/** A table of shares with their bars. */
export interface LinesView {
  title: string;
  /** A heading above says the same. */
  hidden: boolean;
  who: string;
  share: string;
  of: string;
  columns: string[];
  axis: string[];
  lines: BarLine[];
}

export interface ProgrammeView {
  name: string;
  state: string;
  windows: {
    title: string;
    sentence: string;
    /** Null before the days of anybody have passed. */
    table: LinesView | null;
    difference: string;
    needed: string;
    open: string;
  }[];
  cohorts: { month: string; share: string; arm: string; drawn: string; in90: string; in180: string }[];
}

export interface EffectView extends ReportTabs {
  lead: string;
  period: PeriodForm;
  waiting: string | null;
  /** When the figures were counted; '' before the first time. */
  counted: string;
  programmes: ProgrammeView[];
  off: { text: string; href: string } | null;
  rates: string[];
  described: { title: string; table: LinesView | null; none: string }[];
  durability: { table: LinesView; none: string | null; facts: { term: string; value: string }[]; note: string };
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/effect': EffectView;
    'reports/effect-lines': LinesView;
  }
}

interface Writing {
  t: Translate;
  axis: number;
  money(minor: number): string;
}

export function effectView(report: EffectReport, query: EffectQuery, staff: Staff): EffectView {
  const { t } = staff;
  const axis = axisFor(report);
  const write: Writing = { t, axis, money: moneyOf(report, t) };
  const leaving = report.programmes.find(({ key }) => key === 'leaving');
  return {
    ...reportTabs('/winning-back', staff),
    lead: lead(report, t),
    period: periodForm('/winning-back', query, {}, t),
    waiting: report.countedOn === null ? t('effect.waiting') : null,
    counted: countedWords(report.countedAt, staff),
    programmes: report.programmes.filter(({ drawn }) => drawn > 0).map((each) => programmeView(each, write)),
    off:
      !leaving || (leaving.share === 0 && leaving.drawn === 0)
        ? { text: offText(report, t), href: '/waves/rules' }
        : null,
    rates: rateSentences(report, t),
    described: describedViews(report, write),
    durability: durabilityView(report, write),
    csv: addressOf('/winning-back.csv', query),
  };
}

function lead({ period, rates, programmes }: EffectReport, t: Translate): string {
  const { kind, ...days } = periodWords(period, t);
  const { lost, attempted, wonBack } = rates;
  if (lost === 0) return t(`effect.lead.none.${kind}`, days);
  const first = t(`effect.lead.${kind}`, { ...days, count: lost, attempted, back: wonBack });
  const leaving = programmes.find(({ key }) => key === 'leaving');
  if (!leaving || leaving.drawn === 0) return `${first} ${t('effect.lead.verdict.off')}`;
  const verdict = leaving.compared.find(({ days: window }) => window === 90)?.verdict ?? 'cannot_say';
  return `${first} ${t(`effect.lead.verdict.${verdict}`)}`;
}

function offText({ leavers }: EffectReport, t: Translate): string {
  const held = Math.round((leavers * SUGGESTED_SHARE) / 100);
  const share = held === 0 ? 1 : detectable(0.05, leavers - held, held);
  const values = {
    count: leavers,
    worth: LEAVERS_NEEDED,
    held: SUGGESTED_SHARE,
    least: formatShare(share, t.language),
  };
  if (leavers >= LEAVERS_NEEDED) return t('effect.off.enough', values);
  return `${t('effect.off.few', values)} ${share < 1 ? t('effect.off.least', values) : ''}`.trim();
}

function programmeView(
  { name, share, drawn, heldOut, compared, cohorts }: ProgrammeEffect,
  write: Writing,
): ProgrammeView {
  const { t } = write;
  const count = (value: number) => formatNumber(value, t.language);
  return {
    name: nameInWords(name, t),
    state: t(share === 0 ? 'effect.programme.off' : 'effect.programme.on', { count: drawn, held: heldOut, share }),
    windows: compared.map((each) => windowView(each, write)),
    cohorts: cohorts.map((row) => ({
      month: formatMonth(row.month, t.language),
      share: formatShare(row.share / 100, t.language),
      arm: t(row.held_out === 1 ? 'effect.arm.held' : 'effect.arm.treated'),
      drawn: count(row.drawn),
      in90: row.due_90 === 0 ? '–' : t('effect.of', { count: row.back_90, base: row.due_90 }),
      in180: row.due_180 === 0 ? '–' : t('effect.of', { count: row.back_180, base: row.due_180 }),
    })),
  };
}

function windowView(compared: Compared, write: Writing): ProgrammeView['windows'][number] {
  const { t } = write;
  const { days, treated, held, difference, verdict, open, needed, detectable: least } = compared;
  const share = (of: Share) => formatShare(of.share, t.language);
  const few = Math.min(treated.base, held.base) < 10;
  const values = { treated: share(treated), held: share(held), days };
  const points = { ...values, ...differenceIn(difference, t) };
  const enough = verdict !== 'cannot_say' || needed.more === 0;
  return {
    title: t('effect.window', { days }),
    sentence: t(few ? 'effect.verdict.few' : `effect.verdict.${verdict}`, points),
    table: treated.base + held.base === 0 ? null : armsTable(compared, write),
    difference: few ? '' : t('effect.difference', points),
    needed: enough
      ? ''
      : [
          least === null || least >= 1 || few
            ? ''
            : t('effect.detectable', { held: share(held), least: formatShare(least, t.language) }),
          t('effect.needed', { count: needed.more, points: needed.points }),
        ]
          .filter(Boolean)
          .join(' '),
    open: open === 0 ? '' : t('effect.open', { count: open, days }),
  };
}

function armsTable({ days, treated, held }: Compared, write: Writing): LinesView {
  const { t } = write;
  return tableOf(write, { title: t('effect.window', { days }), who: t('effect.column.arm'), hidden: true }, [
    barLine(t('effect.arm.treated'), treated, treated.back, treated.base, write),
    barLine(t('effect.arm.held'), held, held.back, held.base, write),
  ]);
}

function differenceIn({ difference, low, high }: Difference, t: Translate) {
  const signed = (share: number) =>
    formatNumber(share * 100, t.language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  return { points: signed(difference), low: signed(low), high: signed(high) };
}

function barLine(name: string, of: Share | null, k: number, base: number, { t, axis }: Writing): BarLine {
  const trust = trustIn(base);
  const whole = (share: number) => Math.round(share * 100).toLocaleString(t.language);
  const told = of !== null && trust !== 'too_few';
  return {
    name,
    bar: told ? shareBar({ ...of, base, axis }) : null,
    share: told ? formatShare(of.share, t.language) : t('reports.tooFew'),
    interval: told ? `(${whole(of.low)}–${whole(of.high)})` : '',
    of: t('effect.of', { count: k, base }),
    note: told && trust === 'indicative' ? t('charts.indicative') : '',
    more: [],
  };
}

interface Heading {
  title: string;
  who: string;
  hidden?: boolean;
  columns?: string[];
}

function tableOf(
  { t, axis }: Writing,
  { hidden = false, columns = [], ...heading }: Heading,
  lines: BarLine[],
): LinesView {
  const words = { share: t('effect.column.back'), of: t('effect.column.of') };
  return { ...heading, hidden, columns, ...words, axis: axisMarks(axis, t.language), lines };
}

/** As wide as the widest interval that is drawn. */
function axisFor({ programmes, durability, reasons, colleagues, offers }: EffectReport): number {
  const drawn = [
    ...programmes.flatMap(({ compared }) => compared.flatMap(({ treated, held }) => [treated, held])),
    ...[durability.wonBack, durability.alone].flatMap(({ kept }) =>
      kept.map(({ base, share }) => ({ base, high: share?.high ?? 0 })),
    ),
    ...[...reasons, ...colleagues].map((row) => ({
      base: row.attempted,
      high: wilson(row.wonBack, row.attempted).high,
    })),
    ...offers.map((row) => ({ base: row.given, high: wilson(row.back, row.given).high })),
  ];
  return axisOf(drawn.filter(({ base }) => base >= 10).map(({ high }) => high));
}

function rateSentences({ rates }: EffectReport, t: Translate): string[] {
  const { lost, attempted, wonBack, cameBack, ofAttempted, ofLost } = rates;
  const said = (share: Share | null) => {
    const range = share && `(${formatShare(share.low, t.language)}–${formatShare(share.high, t.language)})`;
    return { share: share ? formatShare(share.share, t.language) : '', range: range ?? '' };
  };
  return [
    ofAttempted && attempted >= 10
      ? t('effect.rate.ofAttempted', { ...said(ofAttempted), back: wonBack, attempted })
      : '',
    ofAttempted && attempted < 10 ? t('effect.rate.few', { count: attempted }) : '',
    ofLost && attempted > 0 ? t('effect.rate.ofLost', { ...said(ofLost), back: wonBack, lost }) : '',
    cameBack > wonBack ? t('effect.rate.alone', { count: cameBack - wonBack }) : '',
    lost > 0 ? t('effect.rate.note') : '',
  ].filter(Boolean);
}

function describedViews(report: EffectReport, write: Writing): EffectView['described'] {
  const { t, money } = write;
  const named = (name: Record<string, string>) =>
    name[t.language] || name.en || Object.values(name).find(Boolean) || '';
  const line = (name: string, back: number, base: number, more: string[] = []) => ({
    ...barLine(name, base === 0 ? null : wilson(back, base), back, base, write),
    more,
  });
  const number = (value: number) => formatNumber(value, t.language);
  const part = (by: string, who: string, columns: string[], lines: BarLine[]) => ({
    title: t(`effect.by.${by}`),
    table:
      lines.length === 0 ? null : tableOf(write, { title: t(`effect.by.${by}`), who, hidden: true, columns }, lines),
    none: t(`effect.none.${by}`),
  });
  return [
    part(
      'reason',
      t('reports.column.reason'),
      [t('effect.column.lost')],
      report.reasons.map((row) =>
        line(row.key === '' ? t('effect.unknown') : named(row.name), row.wonBack, row.attempted, [number(row.lost)]),
      ),
    ),
    part(
      'offer',
      t('effect.column.offer'),
      [t('effect.column.redeemed'), t('effect.column.cost')],
      report.offers.map((row) =>
        line(named(row.name), row.back, row.given, [number(row.redeemed), money(row.usedMinor)]),
      ),
    ),
    part(
      'colleague',
      t('effect.column.colleague'),
      [],
      report.colleagues.map((row) =>
        line(row.id === '' ? t('effect.lettersOnly') : row.name, row.wonBack, row.attempted),
      ),
    ),
  ];
}

function durabilityView(report: EffectReport, write: Writing): EffectView['durability'] {
  const { t, money } = write;
  const { wonBack, alone } = report.durability;
  const linesOf = (who: string, { kept }: Durability) =>
    kept.map(({ days, base, open, kept: still, share }) => ({
      ...barLine(t(`effect.kept.${who}`, { days }), share, still, base, write),
      note: open === 0 ? '' : t('effect.kept.open', { count: open }),
    }));
  const fact = (name: string, value: string) => ({ term: t(`effect.fact.${name}`), value });
  return {
    table: tableOf(write, { title: t('effect.kept.title'), who: t('effect.column.after'), hidden: true }, [
      ...linesOf('wonBack', wonBack),
      ...(alone.returned > 0 ? linesOf('alone', alone) : []),
    ]),
    none: wonBack.returned + alone.returned === 0 ? t('effect.none.returns') : null,
    facts: [
      fact('spent', money(wonBack.spentMinor)),
      fact('aMonth', wonBack.aMonthMinor === null ? '–' : money(wonBack.aMonthMinor)),
      fact('used', money(report.cost.usedMinor)),
      fact('open', money(report.cost.openMinor)),
      fact('net', money(report.netMinor)),
    ],
    note: t('effect.kept.note'),
  };
}

/** Whole units where every sum is whole. */
function moneyOf(
  { durability, cost, netMinor, currency, offers }: EffectReport,
  t: Translate,
): (minor: number) => string {
  const sums = [
    durability.wonBack.spentMinor,
    durability.wonBack.aMonthMinor ?? 0,
    cost.usedMinor,
    cost.openMinor,
    netMinor,
    ...offers.map(({ usedMinor }) => usedMinor),
  ];
  const whole = sums.every((minor) => minor % 10 ** decimalsOf(currency) === 0);
  return (minor) => (whole ? formatMoneyWhole : formatMoney)(minor, currency, t.language);
}
