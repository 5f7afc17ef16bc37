import { formatNumber, languageName, type Translate } from '../../i18n/index.ts';
import type { CurveChart } from '../../web/charts.ts';
import type { Staff } from '../../web/index.ts';
import { points } from '../changes/texts.ts';
import type { LinesView } from '../line-views.ts';
import type { Comparison, Side } from './comparing.ts';
import { chartOf } from './curve-views.ts';
import type { SurvivalQuery, SurvivalReport } from './report.ts';
import { stayTable } from './stay-views.ts';

export interface SurvivalFacts {
  report: SurvivalReport;
  query: SurvivalQuery;
  colleagues: { id: string; name: string }[];
  staff: Staff;
}

interface Choices {
  label: string;
  options: { value: string; text: string; selected: boolean }[];
}

export interface CompareView {
  hidden: { name: string; value: string }[];
  fields: Choices[];
  others: Choices[];
  sentences: string[];
  chart: CurveChart | null;
  table: LinesView | null;
  none: boolean;
}

/** The form with which two groups are chosen, and what they show beside each other. */
export function compareView(facts: SurvivalFacts): CompareView {
  const { query, report } = facts;
  const { choices, comparison } = report;
  const chosen = (value: string | undefined) => (query.by && value ? `${query.by}:${value}` : '');
  // Somebody may have two tags: only with and without one are two groups.
  const beside = choices.filter(({ field }) => field !== 'tag');
  return {
    hidden: (['period', 'from', 'to'] as const).flatMap((name) => {
      const value = query[name];
      return value ? [{ name, value }] : [];
    }),
    fields: choicesIn(choices, chosen(query.one), facts),
    others: choicesIn(beside, chosen(query.other), facts),
    none: choices.length === 0,
    ...(comparison ? sidesView(comparison, facts) : { sentences: [], chart: null, table: null }),
  };
}

function choicesIn(choices: SurvivalReport['choices'], chosen: string, facts: SurvivalFacts): Choices[] {
  const { t } = facts.staff;
  return choices.map(({ field, values }) => ({
    label: t(`survival.field.${field}`),
    options: values.map(({ value, customers }) => ({
      value: `${field}:${value}`,
      text: `${valueName(field, value, facts)} (${formatNumber(customers, t.language)})`,
      selected: `${field}:${value}` === chosen,
    })),
  }));
}

function sidesView(comparison: Comparison, facts: SurvivalFacts): Pick<CompareView, 'sentences' | 'chart' | 'table'> {
  const { t } = facts.staff;
  const { field } = comparison;
  const named = (side: Side) => ({
    ...side,
    name: side.value === null ? t('survival.others') : valueName(field, side.value, facts),
  });
  const [a, b] = [named(comparison.a), named(comparison.b)];
  const drawn = [a, b].filter(({ curve }) => curve.until > 0);
  const heading = { title: t('survival.compare'), who: t(`survival.field.${field}`) };
  return {
    sentences: [afterYearWords(comparison, { a: a.name, b: b.name }, t), testWords(comparison, t)],
    chart: drawn.length > 0 ? chartOf(drawn, `${a.name} · ${b.name}`, t) : null,
    table: stayTable([a, b], heading, t),
  };
}

function afterYearWords({ afterYear }: Comparison, names: { a: string; b: string }, t: Translate): string {
  if (!afterYear) return t('survival.compare.notYet');
  const { difference, low, high } = afterYear.difference;
  const whole = (share: number) => formatNumber(share * 100, t.language, { maximumFractionDigits: 0 });
  return t('survival.compare.afterYear', {
    ...names,
    stayA: whole(afterYear.a),
    stayB: whole(afterYear.b),
    points: points(difference, t.language),
    low: points(low, t.language),
    high: points(high, t.language),
  });
}

/** So many leavers must be expected in each group for the test to say anything. */
const LEAST_EXPECTED = 5;

function testWords({ test, a, b }: Comparison, t: Translate): string {
  const left = [a, b].flatMap(({ group }) => group.ticks).reduce((sum, tick) => sum + tick.left, 0);
  const few = test.p === null || Math.min(test.expected, left - test.expected) < LEAST_EXPECTED;
  if (few) return t('survival.compare.few');
  const p = formatNumber(test.p ?? 1, t.language, { maximumSignificantDigits: 2 });
  return t((test.p ?? 1) < 0.05 ? 'survival.compare.differs' : 'survival.compare.chance', { p });
}

function valueName(field: string, value: string, { colleagues, staff: { t } }: SurvivalFacts): string {
  if (field === 'contact') return colleagues.find(({ id }) => id === value)?.name ?? t('survival.formerColleague');
  if (field === 'language') return languageName(value);
  if (field === 'value') return t(`reports.value.${value}`);
  if (field !== 'country') return value;
  try {
    return new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' }).of(value) ?? value;
  } catch {
    return value;
  }
}
