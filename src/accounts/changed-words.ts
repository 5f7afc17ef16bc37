import { formatMoment, type Translate } from '../i18n/index.ts';
import type { Colleague } from './interface.ts';

/** Who changed a setting last, and when; that nobody has, where it is as it came. */
export function changedWords(
  changed: { by: string | null; at: string } | null,
  colleagues: Pick<Colleague, 'id' | 'name'>[],
  { t, timeZone }: { t: Translate; timeZone: string },
): string {
  if (!changed) return t('waves.rules.never');
  const who = colleagues.find(({ id }) => id === changed.by)?.name ?? t('accounts.actor.system');
  return t('waves.rules.changed', { who, when: formatMoment(changed.at, t.language, timeZone) });
}
