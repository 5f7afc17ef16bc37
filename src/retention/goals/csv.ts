import type { Translate } from '../../i18n/index.ts';
import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import type { Figure } from '../figures.ts';
import type { Reader } from '../reading/service.ts';
import type { GoalProgress } from './progress.ts';
import { titleOf } from './words.ts';

const HEADER = [
  'id',
  'title',
  'state',
  'owner',
  'due_on',
  'started_on',
  'ended_on',
  'measure',
  'direction',
  'start',
  'start_low',
  'start_high',
  'start_base',
  'now',
  'now_low',
  'now_high',
  'now_base',
  'target',
  'currency',
  'standing',
  'way',
  'read_by',
  'colleagues',
];

interface CsvFacts {
  all: GoalProgress[];
  readers: Map<string, Reader[]>;
  owners: Map<string, string>;
  fallback: string;
  currency: string;
}

/** The figures of the page: shares as fractions with four decimals, money with its decimals. */
export function goalsCsv({ all, readers, owners, fallback, currency }: CsvFacts, t: Translate): string {
  const rows = all.map(({ goal, now, standing }) => {
    const { aim } = goal;
    const unit = aim?.start.unit ?? 'share';
    const value = (of: number | null | undefined) => figureCell(of, unit, currency);
    const figure = (of: Figure | null) => [value(of?.value), value(of?.low), value(of?.high), of ? of.base : ''];
    const known = readers.get(goal.id) ?? [];
    return [
      goal.id,
      titleOf(goal, t.language, fallback).title,
      goal.state,
      owners.get(goal.ownerId) ?? '',
      goal.dueOn,
      goal.startedOn,
      goal.endedOn,
      aim?.measure,
      aim?.direction,
      ...figure(aim?.start ?? null),
      ...(now ? figure(now) : [value(goal.endValue), '', '', '']),
      value(aim?.target),
      unit === 'money' ? currency : '',
      goal.state === 'open' ? standing.name : '',
      standing.way === null ? '' : standing.way.toFixed(4),
      known.filter(({ current }) => current).length,
      known.length,
    ];
  });
  return csvDocument(HEADER, rows);
}

/** A share as a fraction with four decimals, money with its decimals; '' where there is none. */
export function figureCell(value: number | null | undefined, unit: Figure['unit'], currency: string): string {
  if (value === null || value === undefined) return '';
  return unit === 'money' ? plainMoney(Math.round(value), currency) : value.toFixed(4);
}
