import type { ProfileFacts } from './profile.ts';
import type { TimelineItem } from './timeline.ts';
import { eventValues, howOf, listed, when, type Reader } from './words.ts';

export interface TimelineRow {
  when: string;
  text: string;
  who: string;
  href: string | null;
}

export interface TimelinePage {
  name: string;
  back: string;
  rows: TimelineRow[];
  more: string | null;
  first: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/events': { rows: TimelineRow[] };
    'customers/timeline': TimelinePage;
  }
}

/** What happened, as the reader's language tells it. */
export function timelineRow(
  { kind, at, accountId, subjectId, detail }: TimelineItem,
  colleagues: { id: string; name: string }[],
  eventLink: ProfileFacts['eventLink'],
  reader: Reader,
): TimelineRow {
  return {
    when: when(at, reader),
    text: eventText(kind, detail, reader),
    who: colleagues.find(({ id }) => id === accountId)?.name ?? '',
    href: subjectId === null ? null : eventLink(kind, subjectId),
  };
}

function eventText(kind: string, detail: TimelineItem['detail'], reader: Reader): string {
  const { t, language } = reader;
  if (kind === 'customers.updated') {
    const names = String(detail.fields ?? '')
      .split(' ')
      .map((name) => t(`customers.changed.${name}`));
    return t('customers.event.updated', { fields: listed(names, language) });
  }
  if (/^customers\.(unsubscribed|resubscribed|refused)/.test(kind)) {
    return t(kind.replace('.', '.event.'), { how: howOf(detail.how, reader) });
  }
  if (kind === 'customers.dealing') {
    const what = [t(`customers.dealing.${detail.dealing}`), detail.reference].filter(Boolean).join(' ');
    return detail.note ? `${what}: ${detail.note}` : what;
  }
  const key = kind.replace('.', '.event.');
  const said = t(key, eventValues(detail, reader));
  return said === key ? t('customers.event.other') : said;
}
