import type { Translate } from '../../i18n/index.ts';
import { csvDocument } from '../../shared/csv.ts';
import type { Figure } from '../figures.ts';
import { figureCell } from '../goals/csv.ts';
import type { Effect, Window } from './effect-rules.ts';
import { stateOn } from './policy.ts';
import type { ListFacts } from './views.ts';
import { codeName, wordsOf } from './words.ts';

const WINDOWS = ['before', 'after', 'year_before'];

const HEADER = [
  'id',
  'said',
  'did',
  'codebook',
  'code',
  'reason',
  'owner',
  'in_force_on',
  'withdrawn_on',
  'state',
  ...WINDOWS.flatMap((name) => ['from', 'to', 'share', 'low', 'high', 'base'].map((what) => `${name}_${what}`)),
  'verdict',
  'difference',
  'difference_low',
  'difference_high',
  'messages_sent',
  'read_by',
  'colleagues',
];

/** The figures of the page: shares and differences as fractions with four decimals. */
export function policiesCsv(facts: Omit<ListFacts, 'read'>, told: Map<string, Record<string, number>>, t: Translate) {
  const rows = facts.all.map(({ policy, effect }) => {
    const { said, did } = wordsOf(policy, t.language, facts.fallback);
    const code = facts.codes.get(policy.codeId);
    const readers = facts.readers.get(policy.id) ?? [];
    return [
      policy.id,
      said,
      did,
      code?.programmeKey,
      code?.key,
      codeName(code, t.language),
      facts.owners.get(policy.ownerId) ?? '',
      policy.inForceOn,
      policy.withdrawnOn,
      stateOn(policy, facts.today),
      ...effectCells(effect),
      told.get(policy.id)?.sent ?? 0,
      readers.filter(({ current }) => current).length,
      readers.length,
    ];
  });
  return csvDocument(HEADER, rows);
}

function effectCells(effect: Effect | null) {
  const share = (value: number | null | undefined) => figureCell(value, 'share', '');
  const window = (of: Window | null | undefined, figure: Figure | undefined) => [
    of?.from,
    of?.to,
    share(figure?.value),
    share(figure?.low),
    share(figure?.high),
    figure?.base,
  ];
  const { windows, before, after, yearBefore, comparison } = effect ?? {};
  const { difference } = comparison ?? {};
  return [
    ...window(windows?.before, before),
    ...window(windows?.after, after),
    ...window(yearBefore ? windows?.yearBefore : null, yearBefore?.figure),
    comparison?.verdict,
    share(difference?.difference),
    share(difference?.low),
    share(difference?.high),
  ];
}
