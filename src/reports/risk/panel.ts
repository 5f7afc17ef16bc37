import type { Panel } from '../../customers/index.ts';
import { formatDay, formatShare } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { Staff } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import { reasonWords } from './words.ts';

type Line = Panel['lines'][number];

/** The flag with its reasons; nothing where there is no sign. */
export async function riskPanel(
  { insight, storage, clock, accounts }: Pick<InsightWeb, 'insight' | 'storage' | 'clock' | 'accounts'>,
  customerId: string,
  { t, language, timeZone }: Staff,
): Promise<Panel[]> {
  const { risk } = insight;
  const found = (await risk.of(storage.read, [customerId])).get(customerId);
  if (!found) return [];
  const calm = await risk.calm.of(customerId);
  const who = calm && (await accounts.colleagues()).find(({ id }) => id === calm.set_by)?.name;
  const today = dayIn(timeZone, clock.now());
  const plain = (text: string, more: Partial<Line> = {}): Line => ({ text, href: null, soft: '', mood: '', ...more });
  const head: Line[] = {
    flagged: [plain(t('risk.panel.flagged', { share: formatShare(found.score, language) }), { mood: 'late' as const })],
    calm: calm
      ? [
          plain(t('risk.panel.calm', { day: formatDay(calm.until_on, language) }), {
            soft: [calm.why, who].filter(Boolean).join(', '),
          }),
        ]
      : [],
    low: [plain(t('risk.panel.low'))],
  }[found.standing];
  const reasons = found.reasons.map((reason) => {
    const { text, href } = reasonWords(reason, today, t);
    return plain(text, { href });
  });
  const watch = { text: t('risk.do.calm'), href: `/risk/start?do=calm&pick=${customerId}` };
  const waiting = await risk.calls.waiting(customerId);
  const call = waiting
    ? { text: t('telephone.why.waiting'), href: `/risk/calls/${waiting}` }
    : { text: t('telephone.call'), href: `/risk/start?do=calls&pick=${customerId}` };
  const todo = found.standing === 'flagged' ? [call, watch] : waiting ? [call] : [];
  const links = [...todo, { text: t('risk.panel.all'), href: '/risk' }];
  return [{ id: 'risk', heading: t('risk.panel'), lines: [...head, ...reasons], empty: '', links }];
}
