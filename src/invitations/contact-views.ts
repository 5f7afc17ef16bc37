import { formatDay, type Translate } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Standing } from './contacts.ts';

/** What the profile shows of the contact budget, as `.facts` are shown. */
export interface ContactFact {
  term: string;
  lines: string[];
  mood: 'late' | 'bad' | '';
}

interface StandingFacts {
  standing: Standing;
  /** By contact, what it was about. */
  names: Map<string, string>;
  days: number;
  /** Why no question reaches them, however long we wait. */
  never: 'unsubscribed' | 'suppressed' | null;
  timeZone: string;
}

/** What counts now, from when somebody may be asked again, and which greetings have been used. */
export function contactFacts({ standing, names, days, never, timeZone }: StandingFacts, t: Translate): ContactFact[] {
  const day = (at: string) => formatDay(dayIn(timeZone, new Date(at)), t.language);
  const counted = standing.counted.map(({ id, kind, at, isAnothers }) => {
    const what = [t(`contacts.kind.${kind}`), names.get(id)].filter(Boolean).join(': ');
    return t(isAnothers ? 'contacts.counts.another' : 'contacts.counts.line', { what, day: day(at) });
  });
  const { from } = standing;
  const again = from === null ? t('contacts.now') : t('contacts.from', { day: day(from) });
  return [
    { term: t('contacts.counts', { days }), lines: counted.length > 0 ? counted : [t('contacts.nothing')], mood: '' },
    {
      term: t('contacts.again'),
      lines: [never === null ? again : t(`contacts.never.${never}`)],
      mood: never === null && from === null ? '' : 'late',
    },
    ...standing.greetings.map(({ kind, used }) => ({
      term: t(`contacts.kind.${kind}`),
      lines: [used ? t('contacts.used', { day: day(used.at), again: day(used.from) }) : t('contacts.unused')],
      mood: '' as const,
    })),
  ];
}
