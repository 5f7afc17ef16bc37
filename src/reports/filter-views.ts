import { languageName, type Translate } from '../i18n/index.ts';
import { TENURE_BANDS, VALUE_BANDS } from './rules.ts';
import type { LeavingQuery } from './service.ts';

interface Option {
  value: string;
  text: string;
  selected: boolean;
}

export interface Select {
  name: string;
  label: string;
  options: Option[];
}

/** The choice of a period, and of whom a page is about; views/reports/filters.ejs shows it. */
export interface FilterForm {
  action: string;
  selects: Select[];
  from: string;
  to: string;
  /** Without any choice; null where there is none. */
  clear: string | null;
  /** What else is chosen on the page, and stays. */
  hidden: { name: string; value: string }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/filters': FilterForm;
  }
}

export interface FilterValues {
  segments: string[];
  countries: string[];
  languages: string[];
}

/** The address of a report with the same filters. */
export function addressOf(path: string, query: object, more: Record<string, string> = {}): string {
  const fields = Object.entries({ ...query, ...more }).flatMap(([name, value]) =>
    value ? [[name, String(value)]] : [],
  );
  const text = new URLSearchParams(fields as [string, string][]).toString();
  return text ? `${path}?${text}` : path;
}

export function filterForm(action: string, query: LeavingQuery, selects: Select[]): FilterForm {
  const clear = Object.values(query).some(Boolean) ? action : null;
  return { action, selects, from: query.from ?? '', to: query.to ?? '', clear, hidden: [] };
}

/** What a report can be narrowed down by, with what is chosen. */
export function filters(query: LeavingQuery, { segments, countries, languages }: FilterValues, t: Translate): Select[] {
  const select = (name: keyof LeavingQuery, any: string, options: { value: string; text: string }[]): Select => ({
    name,
    label: t(`reports.filter.${name}`),
    options: [{ value: '', text: any }, ...options].map((each) => ({
      ...each,
      selected: (query[name] ?? '') === each.value,
    })),
  });
  const periods = ['6m', '90d', 'year', 'last-year', 'all', 'custom'];
  const countryNames = new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' });
  const any = t('reports.filter.any');
  return [
    select(
      'period',
      t('reports.period.12m'),
      periods.map((value) => ({ value, text: t(`reports.period.${value}`) })),
    ),
    select('compare', t('changes.compare.before'), [{ value: 'last-year', text: t('changes.compare.last-year') }]),
    select(
      'tenure',
      t('reports.filter.anyTime'),
      TENURE_BANDS.map((value) => ({ value, text: t(`reports.tenure.${value}`) })),
    ),
    select(
      'value',
      any,
      VALUE_BANDS.map((value) => ({ value, text: t(`reports.value.${value}`) })),
    ),
    select(
      'segment',
      any,
      segments.map((value) => ({ value, text: value })),
    ),
    select(
      'country',
      any,
      countries.map((value) => ({ value, text: countryName(countryNames, value) })),
    ),
    select(
      'language',
      any,
      languages.map((value) => ({ value, text: languageName(value) })),
    ),
  ];
}

/** Whom a report is about where that is not everybody: in words, since paper has no fields to choose by. */
export function narrowedTo({ tenure, value, segment, country, language }: LeavingQuery, t: Translate): string | null {
  const countryNames = new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' });
  const chosen: [keyof LeavingQuery, string | undefined][] = [
    ['tenure', tenure && t(`reports.tenure.${tenure}`)],
    ['value', value && t(`reports.value.${value}`)],
    ['segment', segment],
    ['country', country && countryName(countryNames, country)],
    ['language', language && languageName(language)],
  ];
  const parts = chosen.flatMap(([name, text]) => (text ? [`${t(`reports.filter.${name}`)}: ${text}`] : []));
  return parts.length === 0 ? null : t('reports.filter.only', { chosen: parts.join('; ') });
}

/** In the reader's language, else the code itself. */
export function countryName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
