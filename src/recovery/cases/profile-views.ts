import type { Panel } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import type { Staff } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { dueWords } from './due-words.ts';
import type { RecoveryCase } from './interface.ts';

/** A customer's cases, on their profile. */
export async function casesPanel(
  { recovery, storage, clock, accounts }: Pick<RecoveryWeb, 'recovery' | 'storage' | 'clock' | 'accounts'>,
  customerId: string,
  staff: Staff,
): Promise<Panel[]> {
  const { t, language, timeZone } = staff;
  const company = await accounts.company();
  const now = timestamp(clock);
  const line = (theCase: RecoveryCase): Panel['lines'][number] => {
    const { number, kind, state, nextDueAt, closedAt } = theCase;
    const due = nextDueAt === null ? null : dueWords(company, now, nextDueAt, t);
    const when = closedAt === null ? (due?.text ?? '') : formatDay(dayIn(timeZone, new Date(closedAt)), language);
    const settled = theCase.settled === 'yes';
    return {
      text: t('cases.panel.line', { kind: t(`cases.kind.${kind}`), number: String(number) }),
      href: `/cases/${theCase.id}`,
      soft: [t(`cases.state.${state}`), when].filter(Boolean).join(', '),
      mood: settled ? 'good' : (due?.mood ?? ''),
    };
  };
  const found = await recovery.cases.ofCustomer(storage.read, customerId);
  return [
    {
      id: 'cases',
      heading: t('cases.panel'),
      lines: found.map(line),
      empty: t('cases.panel.empty'),
      links: [{ text: t('cases.new'), href: `/cases/new?customer=${customerId}` }],
    },
  ];
}
