import type { Panel } from '../customers/index.ts';
import { formatDay } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Staff } from '../web/index.ts';
import { anniversaryIn } from './anniversaries/rules.ts';
import { trustLines } from './trust/views.ts';
import type { LoyaltyWeb } from './web.ts';

type Web = Pick<LoyaltyWeb, 'loyalty' | 'storage' | 'clock'>;

const plain = (text: string): Panel['lines'][number] => ({ text, href: null, soft: '', mood: '' });

/** Their anniversary and how they were greeted; whether they could be asked for a word, and what came of it. */
export async function attentionPanels(web: Web, customerId: string, staff: Staff): Promise<Panel[]> {
  return [await anniversaryPanel(web, customerId, staff), await trustPanel(web, customerId, staff)].flat();
}

async function anniversaryPanel(
  { loyalty, storage, clock }: Web,
  id: string,
  { t, timeZone, language }: Staff,
): Promise<Panel[]> {
  const { since, greetings } = await loyalty.anniversaries.ofCustomer(storage.read, id);
  if (since === undefined && greetings.length === 0) return [];
  const today = dayIn(timeZone, clock.now());
  const lines = greetings.map((each) => ({
    ...plain(t('attentions.panel.greeting', { year: String(each.year), count: each.years })),
    soft: t(`attentions.state.${each.state}`),
  }));
  if (since !== undefined) {
    const year = Number(today.slice(0, 4));
    const next = [year, year + 1].map((each) => anniversaryIn(since, each)).find((day) => day >= today) ?? today;
    const count = Number(next.slice(0, 4)) - Number(since.slice(0, 4));
    if (count > 0) lines.unshift(plain(t('attentions.panel.next', { day: formatDay(next, language), count })));
  }
  const links = [
    { text: t('attentions.way.title'), href: `/customers/${id}/greeting` },
    { text: t('attentions.panel.all'), href: '/anniversaries' },
  ];
  return [{ id: 'anniversary', heading: t('attentions.panel'), lines, empty: t('attentions.panel.empty'), links }];
}

async function trustPanel({ loyalty, storage }: Web, id: string, staff: Staff): Promise<Panel[]> {
  const { t } = staff;
  const trust = await loyalty.trust.ofCustomer(storage.read, id);
  const why = await loyalty.trust.mayAsk(storage.read, id, 'talk');
  const href = `/customers/${id}/trust`;
  const lines = trustLines(trust, staff).map(plain);
  if (trust.reference) lines.unshift(plain(t('attentions.panel.reference')));
  if (why === null) lines.unshift({ ...plain(t('attentions.panel.hint')), href, mood: 'good' });
  if (trust.declined) lines.unshift(plain(t('attentions.against.declined')));
  if (lines.length === 0) return [];
  return [
    {
      id: 'trust',
      heading: t('attentions.trust'),
      lines,
      empty: '',
      links: [
        { text: t('attentions.panel.trust'), href },
        { text: t('attentions.references'), href: '/references' },
      ],
    },
  ];
}
