import { formatShare, type Translate } from '../../i18n/index.ts';
import { LEAVERS_NEEDED, SUGGESTED_SHARE } from '../../invitations/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../../shared/money.ts';
import { wilson } from '../../shared/statistics.ts';
import { axisOf } from '../../web/charts.ts';
import type { Staff } from '../../web/index.ts';
import { countedWords } from '../common-views.ts';
import { addressOf, type FilterForm } from '../filter-views.ts';
import type { Writing } from '../line-views.ts';
import { periodForm, periodWords } from '../period-views.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import { describedViews, rateSentences, type DescribedView } from './described-views.ts';
import { durabilityView, type DurabilityView } from './durability-views.ts';
import { programmeView, type ProgrammeView } from './holdout-views.ts';
import { detectable } from './rules.ts';
import type { EffectQuery, EffectReport } from './report.ts';

export interface EffectView extends ReportTabs {
  lead: string;
  period: FilterForm;
  waiting: string | null;
  /** When the figures were counted; '' before the first time. */
  counted: string;
  programmes: ProgrammeView[];
  off: { text: string; href: string } | null;
  rates: string[];
  described: DescribedView[];
  durability: DurabilityView;
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/effect': EffectView;
  }
}

export function effectView(report: EffectReport, query: EffectQuery, staff: Staff): EffectView {
  const { t } = staff;
  const write: Writing = { t, axis: axisFor(report), money: moneyOf(report, t) };
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
  if (leavers === 0) return t('effect.off.nobody', values);
  if (leavers >= LEAVERS_NEEDED) return t('effect.off.enough', values);
  return `${t('effect.off.few', values)} ${share < 1 ? t('effect.off.least', values) : ''}`.trim();
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

/** Whole units where every sum is whole. */
function moneyOf(
  { durability, cost, marginMinor, netMinor, currency, offers }: EffectReport,
  t: Translate,
): (minor: number) => string {
  const sums = [
    durability.wonBack.spentMinor,
    durability.wonBack.aMonthMinor ?? 0,
    durability.wonBack.toComeMinor ?? 0,
    cost.usedMinor,
    cost.openMinor,
    marginMinor ?? 0,
    netMinor,
    ...offers.map(({ usedMinor }) => usedMinor),
  ];
  const whole = sums.every((minor) => minor % 10 ** decimalsOf(currency) === 0);
  return (minor) => (whole ? formatMoneyWhole : formatMoney)(minor, currency, t.language);
}
