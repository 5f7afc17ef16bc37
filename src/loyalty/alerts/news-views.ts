import type { News } from '../../accounts/index.ts';
import type { Staff } from '../../web/index.ts';
import type { Alerts } from './service.ts';
import { becameOf, MINE } from './views.ts';

const MOST = 3;

/** What became of somebody's latest reports, for their own page; null where they have made none. */
export async function alertNews(alerts: Pick<Alerts, 'mine'>, { id, t }: Staff): Promise<News | null> {
  const { rows } = await alerts.mine(id, null);
  if (rows.length === 0) return null;
  return {
    heading: t('alerts.mine'),
    lines: rows.slice(0, MOST).map((each) => ({ text: each.who, soft: becameOf(each, t) })),
    link: { value: MINE, text: t('alerts.mine.all') },
  };
}
