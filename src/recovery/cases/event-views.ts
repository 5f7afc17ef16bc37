import { z } from 'zod';
import { formatDay, formatMoment } from '../../i18n/index.ts';
import { isPlainDate } from '../../shared/dates.ts';
import { formatMoney } from '../../shared/money.ts';
import type { Staff } from '../../web/index.ts';
import { partsOf, type SaidPart } from './answered-words.ts';
import { NOTHING } from './closing-views.ts';
import type { CaseFacts } from './reading.ts';
import type { EventRow } from './thread-store.ts';

export interface ThreadLine {
  when: string;
  text: string;
  who: string;
  words: SaidPart[];
  /** The words are the customer's own. */
  voice: boolean;
  language: string;
}

/** What the customer says of the end; a colleague may have heard it and written it down. */
const ABOUT_THE_END = new Set(['confirmed', 'notQuite']);

/** The thread, newest first, each line said in the reader's language. */
export function threadOf(facts: CaseFacts, staff: Staff): ThreadLine[] {
  return facts.events.map((event) => threadLine(event, facts, staff));
}

export function threadLine(event: EventRow, { theCase, colleagues, voices }: CaseFacts, staff: Staff): ThreadLine {
  const { t, language, timeZone } = staff;
  const nameOf = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? t('cases.somebody');
  const byColleague = event.from_customer === 0 || ABOUT_THE_END.has(event.kind);
  const values = Object.fromEntries(
    Object.entries(detailOf(event.detail))
      .filter(([name]) => name !== 'originId')
      .map(([name, value]) => said(name, value, { staff, nameOf })),
  );
  return {
    when: formatMoment(event.at, language, timeZone),
    text: t(`cases.event.${event.kind}`, values),
    who: byColleague && event.account_id !== null ? nameOf(event.account_id) : '',
    // Where a conversation ended by itself there is nothing to say.
    words: event.words === NOTHING ? [] : partsOf(event.words, event.kind === 'joined' ? voices : []),
    voice: event.from_customer === 1 || event.kind === 'joined' || event.kind === 'mergedIn',
    language: theCase.language,
  };
}

const detailSchema = z.record(z.string(), z.unknown()).catch({});

function detailOf(json: string): Record<string, unknown> {
  try {
    return detailSchema.parse(JSON.parse(json));
  } catch {
    return {};
  }
}

interface Saying {
  staff: Staff;
  nameOf(id: string | null): string;
}

/** A value of the detail as people read it: ids are names, minor units money, days dates, known words texts. */
function said(name: string, value: unknown, { staff, nameOf }: Saying): [string, string | number] {
  const { t, language, currency } = staff;
  if (name.endsWith('Id'))
    return [name.slice(0, -2), typeof value === 'string' ? nameOf(value) : t('cases.owner.nobody')];
  if (name === 'amountMinor')
    return ['amount', Number(value) > 0 ? formatMoney(Number(value), currency, language) : ''];
  if (name === 'step') return [name, t(`cases.step.${String(value)}`)];
  if (name === 'channel' && value) return [name, t(`cases.channel.${String(value)}`)];
  if (name === 'remedy') return [name, t(`cases.remedy.${String(value)}`)];
  if (name === 'origin') return [name, t(`cases.origin.${String(value)}`)];
  if (typeof value === 'number') return [name, value];
  const text = typeof value === 'string' ? value : '';
  return [name, isPlainDate(text) ? formatDay(text, language) : text];
}
