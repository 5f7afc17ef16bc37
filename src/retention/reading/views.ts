import { formatDay, formatMoment, type Translate } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import { hasRead, type Readable, type Reader } from './service.ts';

/** Whether the reader has confirmed, and for managers who has and who has not yet. */
export interface ReadersView {
  confirm: { action: string; number: number } | null;
  read: string | null;
  /** Null for those who do not see the others. */
  progress: string | null;
  missing: string[];
  readers: string[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/readers': ReadersView;
    'retention/readers-names': ReadersView;
  }
}

/** `action`: where the confirmation goes; null where nothing is asked any more. */
export function readersView(subject: Readable, readers: Reader[], action: string | null, staff: Staff): ReadersView {
  const { t, timeZone } = staff;
  const mine = readers.find(({ accountId }) => accountId === staff.id);
  const number = mine?.number ?? 0;
  const isRead = hasRead(subject, number);
  const at = mine?.at ? formatMoment(mine.at, t.language, timeZone) : '';
  const sees = hasRole(staff.role, 'manager');
  const asks = action !== null;
  const current = readers.filter((each) => each.current);
  const day = (moment: string | null) =>
    moment === null ? '' : formatDay(dayIn(timeZone, new Date(moment)), t.language);
  return {
    confirm: isRead || action === null ? null : { action, number: subject.number },
    read: isRead ? t('playbook.readOn', { at }) : asks && number > 0 ? t('playbook.newVersion') : null,
    progress: sees ? t('playbook.progress', { read: current.length, of: readers.length }) : null,
    missing:
      sees && asks
        ? readers
            .filter((each) => !each.current)
            .map((each) =>
              each.number > 0 ? t('playbook.readOld', { name: each.name, number: each.number }) : each.name,
            )
        : [],
    readers: sees
      ? current.map((each) => t('playbook.readBy', { name: each.name, number: each.number, day: day(each.at) }))
      : [],
  };
}

/** In a list: whether the reader has read it, with the class of its tag. */
export function readTag(subject: Readable, number: number, t: Translate): { text: string; mood: string } {
  if (hasRead(subject, number)) return { text: t('playbook.state.read'), mood: 'good' };
  return { text: t(number > 0 ? 'playbook.state.newer' : 'playbook.state.unread'), mood: 'late' };
}
