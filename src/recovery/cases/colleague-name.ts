import type { Colleague } from '../../accounts/index.ts';
import type { Translate } from '../../i18n/index.ts';

/** Who did something, as a line names them: what no colleague did was done by a program. */
export function nameOf(id: string | null, colleagues: Colleague[], t: Translate): string {
  if (id === null) return t('cases.program');
  return colleagues.find((each) => each.id === id)?.name ?? t('cases.somebody');
}
