import { formatDay, formatMoment, type Translate } from '../i18n/index.ts';
import type { Entry } from './response.ts';

/** When a letter came back, and who entered it when. */
export function enteredWords(
  { by, at, receivedOn }: Entry,
  { t, timeZone, colleagues }: { t: Translate; timeZone: string; colleagues: { id: string; name: string }[] },
): string[] {
  const name = colleagues.find(({ id }) => id === by)?.name ?? t('responses.somebody');
  return [
    ...(receivedOn === null ? [] : [t('responses.receivedOn', { day: formatDay(receivedOn, t.language) })]),
    t('responses.enteredBy', { name, at: formatMoment(at, t.language, timeZone) }),
  ];
}
