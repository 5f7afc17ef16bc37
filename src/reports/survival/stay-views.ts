import { formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import type { Share } from '../../shared/statistics.ts';
import { axisMarks, axisOf, shareBar } from '../../web/charts.ts';
import type { BarLine, LinesView } from '../line-views.ts';
import { trustIn } from '../rules.ts';

interface Staying {
  name: string;
  customers: number;
  leavers: number;
  retention: Share | null;
}

/** Who would stay a year at the rate at which they left. */
export function stayTable(rows: Staying[], { title, who }: { title: string; who: string }, t: Translate): LinesView {
  const axis = axisOf([1]);
  const lines = rows.map(({ name, customers, leavers, retention }): BarLine => {
    const told = retention !== null && customers >= 10;
    const { low, high } = perHundred(retention ?? { share: 0, low: 0, high: 0 }, t);
    return {
      name,
      bar: told ? shareBar({ ...retention, base: customers, axis }) : null,
      share: told ? formatShare(retention.share, t.language) : t('reports.tooFew'),
      interval: told ? `(${low}–${high})` : '',
      of: t('survival.of', { count: customers, leavers }),
      note: told && trustIn(customers) === 'indicative' ? t('charts.indicative') : '',
      more: [],
    };
  });
  const words = { share: t('survival.column.stay'), of: t('survival.column.of') };
  return { title, hidden: true, who, columns: [], ...words, axis: axisMarks(axis, t.language), lines };
}

/** A share and its interval as whole people of a hundred. */
export const perHundred = ({ share, low, high }: Share, t: Translate) => ({
  stay: formatNumber(Math.round(share * 100), t.language),
  low: formatNumber(Math.round(low * 100), t.language),
  high: formatNumber(Math.round(high * 100), t.language),
});
