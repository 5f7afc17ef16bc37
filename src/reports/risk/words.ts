import { formatDay, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { daysBetween } from '../../shared/dates.ts';
import type { Reason } from './rules.ts';

export interface SaidReason {
  text: string;
  href: string | null;
}

/** A reason as a colleague would say it: 'usually orders every 41 days, silent for 97'. */
export function reasonWords(reason: Reason, today: string, t: Translate): SaidReason {
  const { language } = t;
  const number = (value: number) => formatNumber(value, language);
  const day = (on: string) => formatDay(on, language);
  const plain = (text: string, href: string | null = null) => ({ text, href });
  switch (reason.kind) {
    case 'silence': {
      const count = daysBetween(reason.since, today);
      const which = reason.own ? (reason.usual === 1 ? 'daily' : 'own') : 'others';
      return plain(t(`risk.reason.silence.${which}`, { count, usual: number(reason.usual) }));
    }
    case 'alive':
      return plain(t('risk.reason.alive', { share: formatShare(reason.chance, language) }));
    case 'complaint': {
      const text = t('risk.reason.complaint', { count: Math.max(0, daysBetween(reason.since, today)) });
      return plain(text, reason.caseId && `/cases/${reason.caseId}`);
    }
    case 'answer': {
      const values = { score: number(reason.score), of: number(reason.of), day: day(reason.on) };
      return plain(t('risk.reason.answer', values), `/responses/${reason.responseId}`);
    }
    case 'overdue':
      return plain(t('risk.reason.overdue', { count: reason.count }));
    case 'alert':
      return plain(t('risk.reason.alert', { count: reason.count, day: day(reason.on) }), `/cases/${reason.caseId}`);
  }
}

/** All of them in one line, for files and mail. */
export const reasonLine = (reasons: readonly Reason[], today: string, t: Translate): string =>
  reasons.map((reason) => reasonWords(reason, today, t).text).join('; ');
