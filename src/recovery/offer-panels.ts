import type { Panel } from '../customers/index.ts';
import { formatDay } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Staff } from '../web/index.ts';
import type { RecoveryCase } from './cases/interface.ts';
import type { CasePanel } from './cases/panel.ts';
import { nudgeWords, rhythmWords } from './next-needs/words.ts';
import { choiceViews, givenLine } from './offers/given-views.ts';
import type { RecoveryWeb } from './web.ts';
import type { StandingRow } from './winback/standing-store.ts';

type Web = Pick<RecoveryWeb, 'recovery' | 'storage' | 'clock' | 'accounts' | 'customers'>;
const MOST = 5;

/** What a customer was given, and what they usually need next. */
export async function offerPanels(web: Web, customerId: string, staff: Staff): Promise<Panel[]> {
  return [
    ...(await standingPanels(web, customerId, staff)),
    await givenPanel(web, customerId, staff, null),
    ...(await needPanels(web, customerId, staff)),
  ];
}

/** Where somebody who has left stands with being won back. */
async function standingPanels(web: Web, customerId: string, staff: Staff): Promise<Panel[]> {
  const { t } = staff;
  const standing = await web.recovery.winback.standing(customerId);
  if (!standing || standing.standing === 'barred') return [];
  const lines = await callLines(web, customerId, staff);
  const sheet = { href: `/cases/${standing.case_id}/call`, text: t('winback.sheet') };
  const queue = { href: queueAt(standing), text: t('winback.open') };
  const links = standing.case_id !== null ? [sheet] : standing.standing === 'free' ? [queue] : [];
  return [{ id: 'winback', heading: t('winback.title'), lines, empty: t('winback.panel.empty'), links }];
}

/** The queue from where they stand in it: there may be many before them. */
const queueAt = ({ chance, worth_minor: worth, customer_id: id }: StandingRow) =>
  `/winback?view=free&after=${encodeURIComponent(`${chance} ${Number(worth) + 1} ${id}`)}`;

async function givenPanel(web: Web, customerId: string, staff: Staff, caseId: string | null): Promise<Panel> {
  const { offers } = web.recovery;
  const { t, language, timeZone } = staff;
  const all = await offers.ofCustomer(web.storage.read, customerId);
  const named = await offers.named(web.storage.read, [...new Set(all.map(({ offerId }) => offerId))]);
  const colleagues = await web.accounts.colleagues();
  const reader = { t, language, today: dayIn(timeZone, web.clock.now()) };
  const lines = all.slice(0, MOST).map((given) => {
    const who = colleagues.find(({ id }) => id === given.givenBy)?.name ?? '';
    const { name, said, mood } = givenLine(given, named.get(given.offerId), who, reader);
    return { text: name, href: null, soft: said, mood };
  });
  const href = `/customers/${customerId}/offers${caseId === null ? '' : `?case=${caseId}`}`;
  return {
    id: 'offers',
    heading: t('offers.panel'),
    lines,
    empty: t('offers.givenNone'),
    links: [{ href, text: t('offers.give') }],
  };
}

async function needPanels(web: Web, customerId: string, staff: Staff): Promise<Panel[]> {
  const { t } = staff;
  const { need, nudge } = await web.recovery.nextNeeds.of(customerId);
  if (!need) return [];
  const done = nudge?.cycle_on === need.last_on;
  const plain = { href: null, mood: '' as const };
  const lines = [{ ...plain, text: rhythmWords(need, t), soft: '' }];
  if (nudge) lines.push({ ...plain, ...nudgeWords(nudge, await web.accounts.colleagues(), staff) });
  const links = done ? [] : [{ href: '/next-needs', text: t('needs.title') }];
  return [{ id: 'needs', heading: t('needs.panel'), lines, empty: '', links }];
}

/** On a case's page: what may be offered, what was given, and the conversation. */
export async function offerCasePanels(web: RecoveryWeb, theCase: RecoveryCase, staff: Staff): Promise<CasePanel[]> {
  if (theCase.customerId === null) return [];
  const { t } = staff;
  const customer = await web.customers.find(theCase.customerId);
  if (!customer || customer.erasedAt !== null) return [];
  const panels: CasePanel[] = [];
  if (theCase.kind === 'win_back')
    panels.push({
      id: 'conversation',
      main: true,
      heading: t('winback.panel'),
      lines: await callLines(web, customer.id, staff),
      empty: t('winback.panel.empty'),
      links: [{ href: `/cases/${theCase.id}/call`, text: t('winback.sheet') }],
    });
  // Nothing more is given in a closed one.
  const given = await givenPanel(web, customer.id, staff, theCase.closedAt === null ? theCase.id : null);
  const { choices } = choiceViews(await web.recovery.offers.choices(customer, staff.role), '', staff);
  const may = t('offers.allowed', { count: choices.length });
  const textOf = (text: string) => (choices.length === 0 ? t('offers.whyNone') : `${text} (${may})`);
  return [...panels, { ...given, links: given.links.map(({ href, text }) => ({ href, text: textOf(text) })) }];
}

async function callLines(web: Pick<RecoveryWeb, 'recovery'>, customerId: string, { t, language }: Staff) {
  const calls = await web.recovery.winback.callsOf(customerId, MOST);
  return calls.map((call) => ({
    // The day first: after "Call again" it would read as the day to call on.
    text: `${formatDay(call.at.slice(0, 10), language)}: ${t(`winback.outcome.${call.outcome}`)}`,
    href: null,
    soft: '',
    mood: '' as const,
  }));
}
