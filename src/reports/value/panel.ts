import type { Panel } from '../../customers/index.ts';
import { formatNumber, formatShare } from '../../i18n/index.ts';
import { formatMoney, formatMoneyWhole } from '../../shared/money.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import type { InsightWeb } from '../web.ts';
import type { CustomerValue } from './value-store.ts';

type Web = Pick<InsightWeb, 'insight' | 'storage' | 'customers'>;

/** What a customer is worth, on their profile, each figure with how it was worked out. */
export async function valuePanel(web: Web, customerId: string, staff: Staff): Promise<Panel> {
  const { t } = staff;
  const { value } = web.insight;
  const found = (await value.of(web.storage.read, [customerId])).get(customerId);
  const { margin } = await value.setting();
  const { usualGapDays } = await web.customers.habits(customerId);
  const rhythm = usualGapDays
    ? [line(t('value.panel.rhythm', { count: usualGapDays }), t('value.panel.rhythm.how'))]
    : [];
  return {
    id: 'lifetime',
    heading: t('value.panel'),
    lines: found ? [...linesOf(found, margin, staff), ...rhythm] : [],
    empty: t('value.panel.empty'),
    links: found && hasRole(staff.role, 'manager') ? [{ href: '/value#method', text: t('value.panel.link') }] : [],
  };
}

const line = (text: string, soft: string): Panel['lines'][number] => ({ text, href: null, soft, mood: '' });

function linesOf(found: CustomerValue, margin: number, { t, currency }: Staff): Panel['lines'] {
  const money = (minor: number) => formatMoneyWhole(minor, currency, t.language);
  const worth = found.has_left === 1 ? 'value.panel.foregone' : 'value.panel.lifetime';
  const spend = t('value.panel.spend', { money: money(found.spend_year_minor) });
  return [
    line(spend, t(`value.panel.spend.${found.source}`)),
    line(t(worth, { money: money(found.lifetime_minor) }), howWorth(found, margin, t, currency)),
    ...aliveLine(found, t),
  ];
}

function howWorth(found: CustomerValue, margin: number, t: Staff['t'], currency: string): string {
  const share = formatShare(margin, t.language);
  if (found.has_left === 1 || found.expected_year === null) return t('value.panel.byFormula', { margin: share });
  return t('value.panel.byModel', {
    expected: formatNumber(found.expected_year, t.language, { maximumFractionDigits: 1 }),
    amount: formatMoney(found.purchase_minor ?? 0, currency, t.language),
    margin: share,
  });
}

/** Whoever is said to have left needs no chance; where there is no model there is none. */
function aliveLine({ has_left, alive, expected_year }: CustomerValue, t: Staff['t']): Panel['lines'] {
  if (has_left === 1 || expected_year === null) return [];
  if (alive === null) return [line(t('value.panel.once'), '')];
  return [line(t('value.panel.alive', { share: formatShare(alive, t.language) }), t('value.panel.alive.how'))];
}
