import type { Panel } from '../../customers/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import type { Staff } from '../../web/index.ts';
import type { CasePanelsOf } from '../cases/panel.ts';
import type { RecoveryWeb } from '../web.ts';
import { sumOf } from './arrears.ts';
import { KIND } from './deps.ts';
import type { WholePlan } from './plan-interface.ts';

type Line = Panel['lines'][number];

/** What is agreed, or spoken of, in a line. */
function planLine({ plan, instalments }: WholePlan, href: string, { t, currency, language }: Staff): Line {
  const next = instalments.find(({ paid_on }) => paid_on === null);
  const amount = formatMoney(plan.total_minor, currency, language);
  const soft =
    plan.state === 'agreed' && next
      ? t('payment.panel.next', {
          amount: formatMoney(next.amount_minor, currency, language),
          day: formatDay(next.due_on, language),
        })
      : '';
  const missed = instalments.some(({ missed_at, paid_on }) => missed_at !== null && paid_on === null);
  const text = t(`payment.panel.${plan.state}`, { amount, count: plan.instalments });
  return { text, href, soft: missed ? `${soft} ${t('payment.staff.notYet')}` : soft, mood: missed ? 'late' : '' };
}

/** On the case's page: how things stand, and the way to all of it. */
export const paymentPanel: CasePanelsOf = async (web, theCase, staff) => {
  if (theCase.kind !== KIND) return [];
  const { t, currency, language } = staff;
  const { payment } = web.recovery;
  const href = `/cases/${theCase.id}/plan`;
  const owed = (await payment.arrears.owedIn(web.storage.read, theCase)).filter(({ paidOn }) => paidOn === null);
  const letter = await payment.letters.find(web.storage.read, theCase.id);
  const [newest] = await payment.plans.ofCase(web.storage.read, theCase.id);
  const lines: Line[] = [];
  if (owed.length > 0) {
    const text = t('payment.staff.owes', { amount: formatMoney(sumOf(owed), currency, language), count: owed.length });
    lines.push({ text, href: null, soft: '', mood: '' });
  }
  if (letter) {
    const mood = letter.state === 'waiting' ? 'late' : '';
    lines.push({ text: t('payment.panel.letter'), href, soft: t(`payment.panel.letter.${letter.state}`), mood });
  }
  if (newest) lines.push(planLine(newest, href, staff));
  const links = [{ text: t('payment.panel.open'), href }];
  return [{ id: 'payment', main: true, heading: t('payment.panel'), lines, empty: t('payment.panel.empty'), links }];
};

/** On the customer's profile, where they are being talked with about what they owe. */
export async function paymentLines(
  web: Pick<RecoveryWeb, 'recovery' | 'storage'>,
  customerId: string,
  staff: Staff,
): Promise<Panel[]> {
  const { cases, payment } = web.recovery;
  const [theCase] = (await cases.openOf(web.storage.read, [customerId], KIND)).get(customerId) ?? [];
  if (!theCase) return [];
  const href = `/cases/${theCase.id}/plan`;
  const [newest] = await payment.plans.ofCase(web.storage.read, theCase.id);
  const talking = {
    text: staff.t('payment.case', { number: theCase.number }),
    href,
    soft: staff.t('payment.panel.spared'),
    mood: '' as const,
  };
  const lines = newest ? [talking, planLine(newest, href, staff)] : [talking];
  return [{ id: 'payment', heading: staff.t('payment.panel'), lines, empty: '', links: [] }];
}
