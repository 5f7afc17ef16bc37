import { formatDay, type Translate } from '../../i18n/index.ts';
import { localTime } from '../../shared/zones.ts';
import type { Staff } from '../../web/index.ts';
import type { NeedRow, NudgeRow } from './service.ts';

/** 'Every 21 days, last on 3 May, so about 24 May'. */
export function rhythmWords(row: NeedRow, t: Translate): string {
  const day = (on: string) => formatDay(on, t.language);
  return t('needs.usually', { count: row.gap_days, last: day(row.last_on), expected: day(row.expected_on) });
}

/** 'Spoken to on 3 May, bought on 5 May', and who brought what. */
export function nudgeWords(
  { at, bought_on: boughtOn, account_id: by, note }: NudgeRow,
  colleagues: { id: string; name: string }[],
  { t, timeZone }: Pick<Staff, 't' | 'timeZone'>,
): { text: string; soft: string } {
  const day = formatDay(localTime(timeZone, at).day, t.language);
  const who = colleagues.find(({ id }) => id === by)?.name ?? '';
  return {
    text:
      boughtOn === null
        ? t('needs.nudged.waiting', { day })
        : t('needs.nudged.bought', { day, bought: formatDay(boughtOn, t.language) }),
    soft: [who, note].filter(Boolean).join(': '),
  };
}
