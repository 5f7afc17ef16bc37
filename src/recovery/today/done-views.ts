import type { Colleague } from '../../accounts/index.ts';
import { formatDay, formatMoment } from '../../i18n/index.ts';
import type { Staff } from '../../web/index.ts';
import type { Done } from '../cases/many.ts';

/** What the reader did with several cases at once and can take back. */
export interface DoneView {
  id: string;
  text: string;
}

export function doneViews(done: Done[], colleagues: Colleague[], staff: Staff): DoneView[] {
  return done.map((each) => ({ id: each.id, text: textOf(each, colleagues, staff) }));
}

function textOf({ what, at, count, toId, day, tag }: Done, colleagues: Colleague[], staff: Staff): string {
  const { t, language, timeZone, id: me } = staff;
  const values = { count, when: formatMoment(at, language, timeZone) };
  if (what === 'snoozed') return t('today.done.snoozed', { ...values, day: formatDay(day, language) });
  if (what === 'tagged') return t('today.done.tagged', { ...values, tag });
  if (toId === null) return t('today.done.released', values);
  if (toId === me) return t('today.done.taken', values);
  const name = colleagues.find((each) => each.id === toId)?.name ?? t('cases.somebody');
  return t('today.done.assigned', { ...values, name });
}
