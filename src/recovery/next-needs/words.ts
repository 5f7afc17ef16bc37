import { formatDay, type Translate } from '../../i18n/index.ts';
import type { NeedRow } from './service.ts';

/** 'Every 21 days, last on 3 May, so about 24 May'. */
export function rhythmWords(row: NeedRow, t: Translate): string {
  const day = (on: string) => formatDay(on, t.language);
  return t('needs.usually', { count: row.gap_days, last: day(row.last_on), expected: day(row.expected_on) });
}
