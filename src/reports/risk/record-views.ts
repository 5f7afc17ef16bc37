import { formatMonth, formatNumber, formatShare } from '../../i18n/index.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import type { RiskRecord } from './reading.ts';
import { viewsOf, type RiskViews } from './views.ts';

export interface RecordPage extends ReportTabs {
  lead: string;
  views: RiskViews;
  bands: {
    said: string;
    mean: string;
    flags: string;
    left: string;
    happened: string;
    grey: boolean;
    bought: string;
    silent: string;
  }[];
  months: { month: string; flags: string; left: string; bought: string; silent: string }[];
  notes: string[];
  csv: string;
  /** For managers. */
  mayLookBack: boolean;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/risk-record': RecordPage;
  }
}

/** What was said beside what happened. */
export function recordPage(record: RiskRecord, staff: Staff): RecordPage {
  const { t, language } = staff;
  const number = (value: number) => formatNumber(value, language);
  const { total } = record;
  const values = {
    count: total.flags,
    left: number(total.left),
    bought: number(total.bought),
    silent: number(total.silent),
  };
  return {
    ...reportTabs('/risk', staff),
    lead: t(total.flags === 0 ? 'risk.record.none' : 'risk.record.lead', values),
    views: viewsOf('/risk/record', staff),
    bands: record.bands.map((band) => ({
      said: t('risk.record.band', {
        from: formatNumber(band.from, language),
        to: formatShare(band.to / 100, language),
      }),
      mean: formatShare(band.said, language),
      flags: number(band.flags),
      left: number(band.left),
      happened: happenedWords(band, staff),
      grey: band.trust === 'indicative',
      bought: number(band.bought),
      silent: number(band.silent),
    })),
    months: record.months.map((row) => ({
      month: formatMonth(row.month, language) + (row.lookedBack ? ' *' : ''),
      flags: number(row.flags),
      left: number(row.left),
      bought: number(row.bought),
      silent: number(row.silent),
    })),
    notes: [
      t('risk.record.note'),
      ...(record.lookedBack ? [`* ${t('risk.record.lookedBack')}`] : []),
      ...(record.open > 0 ? [t('risk.record.open', { count: record.open })] : []),
      t(record.fitted ? 'risk.note.fitted' : 'risk.note.start'),
    ],
    csv: '/risk/record.csv',
    mayLookBack: hasRole(staff.role, 'manager'),
  };
}

function happenedWords({ happened, trust }: RiskRecord['bands'][number], { t, language }: Staff): string {
  if (trust === 'too_few') return t('risk.record.tooFew');
  const share = (value: number) => formatShare(value, language);
  const range = `${share(happened.share)} (${formatNumber(Math.round(happened.low * 100), language)}–${formatNumber(Math.round(happened.high * 100), language)})`;
  return trust === 'indicative' ? `${range} ${t('risk.record.indicative')}` : range;
}
