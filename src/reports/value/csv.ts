import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import { nameOf } from '../common-views.ts';
import type { ValueReport } from './report.ts';

const HEADER = [
  'section',
  'key',
  'name',
  'n',
  'spend_or_loss_a_year',
  'lifetime_value',
  'lifetime_low',
  'lifetime_high',
  'value',
  'standard_error',
  'currency',
  'from',
  'to',
];

/** The tables of the page: customers of today and who left in the period; money with its decimals, the rest as numbers. */
export function valueCsv(report: ValueReport, language: string): string {
  const { currency, period, night, lost, leaving, worked, given } = report;
  const money = (minor: number) => (Number.isFinite(minor) ? plainMoney(Math.round(minor), currency) : '');
  const tail = [currency, period.from, period.to];
  const row = (
    section: string,
    key: string,
    name: string,
    n: number | '',
    a: string,
    life = '',
    rest: string[] = [],
  ) => [...[section, key, name, String(n), a, life], ...[0, 1, 2, 3].map((i) => rest[i] ?? ''), ...tail];
  const number = (section: string, key: string, value: number, error = '') =>
    row(section, key, '', '', '', '', ['', '', String(value), error]);
  const facts = night?.facts;
  const parameters = night?.parameters;
  return csvDocument(HEADER, [
    ...(facts
      ? [
          row(
            'customers',
            'all',
            '',
            facts.active.count,
            money(facts.active.spendMinor),
            money(facts.active.lifetimeMinor),
          ),
          ...facts.segments.map((each) =>
            row(
              'customers_segment',
              each.segment,
              each.segment,
              each.count,
              money(each.spendMinor),
              money(each.lifetimeMinor),
            ),
          ),
          ...facts.bands.map((band, i) =>
            row('customers_tenth', String(i + 1), '', band.count, '', money(band.sumMinor), [
              money(band.lowMinor),
              money(band.highMinor),
            ]),
          ),
        ]
      : []),
    row('lost', 'all', '', lost.leavers, money(lost.minor)),
    ...lost.segments.map((each) => row('lost_segment', each.segment, each.segment, each.count, money(each.lostMinor))),
    ...leaving.reasons.map((each) =>
      row('lost_reason', each.key, nameOf(leaving.names, each.codeId, language), each.count, money(each.lostMinor)),
    ),
    row('lost_reason', 'unknown', '', leaving.unknown.count, money(leaving.unknown.lostMinor)),
    number('calculator', 'customers', given.customers),
    number('calculator', 'share_lost', given.shareLost),
    row('calculator', 'yearly_spend', '', '', money(given.spendMinor)),
    number('calculator', 'margin', given.margin),
    number('calculator', 'discount', given.discount),
    row('calculator', 'lost_in_a_year', '', '', money(worked.lostMinor)),
    row('calculator', 'lifetime_to_come', '', '', '', money(worked.lifetime.each)),
    row('calculator', 'lifetime_from_now', '', '', '', money(worked.fromNow.each)),
    row('calculator', 'lifetime_undiscounted', '', '', '', money(worked.undiscounted.each)),
    ...(['keeping', 'winningBack', 'acquiring'] as const).map((what) =>
      row(
        'calculator',
        `most_for_${what === 'winningBack' ? 'winning_back' : what}`,
        '',
        '',
        '',
        money(worked.most[what]),
      ),
    ),
    row('calculator', 'point_of_retention', '', '', money(worked.point.yearlySpend), money(worked.point.lifetime)),
    ...(parameters
      ? (['r', 'alpha', 'a', 'b'] as const)
          .map((name) =>
            number('model', name, parameters.buying[name], String(parameters.buying.standardErrors[name] ?? '')),
          )
          .concat(
            (['p', 'q', 'gamma'] as const).map((name) =>
              number('model', name, parameters.spending[name], String(parameters.spending.standardErrors[name] ?? '')),
            ),
          )
      : []),
  ]);
}
