import type { Staff } from '../../web/index.ts';
import type { Counts } from '../counts.ts';
import type { Way } from '../desk.ts';
import type { DoubleCounts } from './double-lists-store.ts';

/** Why a queue shows no answer, and what will fill it. */
export function emptyText(
  queue: Way | 'agreement',
  counts: Counts & DoubleCounts,
  { colleagues }: { colleagues: number },
  { t }: Staff,
): string {
  if (queue === 'second' && colleagues < 2) return t('coding.empty.onePerson');
  if (counts.total === 0) return t('coding.empty.none');
  if (queue === 'audit') return t(counts.drawn > 0 ? 'coding.empty.checked' : 'coding.empty.audit');
  if (queue === 'second') {
    const count = counts.waiting;
    return count > 0 ? t('coding.empty.secondOthers', { count }) : t('coding.empty.second');
  }
  if (queue === 'learn') return t('coding.empty.learn');
  return t(queue === 'skipped' ? 'coding.empty.skipped' : 'coding.empty.done');
}
