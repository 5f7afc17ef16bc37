import { nameInWords } from '../questionnaires/index.ts';
import { hasRole, type Staff } from '../web/index.ts';
import type { DoubleCounts } from './auditing/double-lists-store.ts';
import type { Counts } from './counts.ts';
import type { Order, Queue, Way } from './desk.ts';
import { LEAVING } from './themes/competitor-rules.ts';
import type { Theme } from './themes/theme-store.ts';

interface Tab {
  href: string;
  text: string;
  current: boolean;
}

export interface DeskHead {
  programmes: Tab[];
  queues: Tab[];
  /** Which of the open answers comes first; none where there is no choice. */
  orders: Tab[];
  /** What this queue is for, and whom; empty where its name says so. */
  purpose: string;
  /** How many answers wait in the random audit, for the queues beside it. */
  waiting: Tab | null;
  coverage: string;
  /** Null while there is nothing to code. */
  meter: { total: number; coded: number } | null;
  codebook: string;
  /** What else the answers say, with how much of it waits to be judged. */
  judging: { href: string; text: string }[];
  /** The address of the CSV file, for those who may have it. */
  download: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'coding/head': DeskHead;
  }
}

export interface At {
  programme: { key: string; name: string };
  programmes: { key: string; name: string }[];
  queue: Way | 'agreement';
  order: Order;
  /** The key of the code whose answers alone are shown. */
  only: string | null;
  /** The theme to whose answers somebody goes back. */
  theme: Pick<Theme, 'id' | 'codeId'> | null;
}

type Where = Partial<Pick<At, 'order' | 'only'>>;

export function deskPath(programmeKey: string, queue: string, { order, only }: Where = {}): string {
  const query = new URLSearchParams({
    ...(queue !== 'open' && { queue }),
    ...(order === 'worth' && { order }),
    ...(only && { code: only }),
  });
  return `/answers/${programmeKey}${query.size > 0 ? `?${query}` : ''}`;
}

export const agreementPath = (programmeKey: string): string => `/answers/${programmeKey}/agreement`;

interface From {
  order?: Order;
  queue?: Way | null;
  theme?: { id: string } | null;
}

/** One answer, with the queue to go on with afterwards. */
export function answerPath(
  programmeKey: string,
  responseId: string,
  questionKey: string,
  { order, queue, theme }: From = {},
): string {
  const query = new URLSearchParams({
    ...(queue && { queue }),
    ...(order === 'worth' && { order }),
    ...(theme && { theme: theme.id }),
  });
  return `/answers/${programmeKey}/${responseId}/${questionKey}${query.size > 0 ? `?${query}` : ''}`;
}

/** The answers of a theme. */
export const themePath = (programmeKey: string, id: string): string => `/codebook/${programmeKey}/themes/${id}`;

/** How much of what was found in answers nobody has judged. */
interface Judging {
  themes: number;
  competitors: number;
}

export type HeadCounts = Counts & DoubleCounts & Judging;

const PURPOSES: readonly At['queue'][] = ['audit', 'learn', 'second', 'agreement'];

export function headView(at: At, counts: HeadCounts, { t, role }: Staff): DeskHead {
  const { programme, queue, only } = at;
  const { total, coded } = counts;
  return {
    programmes: programmesOf(at, t),
    queues: queuesOf(at, counts, t),
    orders: ordersOf(at, counts, t),
    purpose: PURPOSES.includes(queue) && only === null ? t(`coding.purpose.${queue}`) : '',
    waiting: waitingOf(at, counts, t),
    coverage: total > 0 ? t('coding.coverage', { coded, total }) : '',
    meter: total > 0 ? { total, coded } : null,
    codebook: `/codebook/${programme.key}`,
    judging: judgingOf(at, counts, t),
    download: hasRole(role, 'manager') ? `/answers/${programme.key}/codings.csv` : null,
  };
}

function programmesOf({ programme, programmes, order }: At, t: Staff['t']): Tab[] {
  if (programmes.length < 2) return [];
  return programmes.map(({ key, name }) => ({
    href: deskPath(key, 'open', { order }),
    text: nameInWords(name, t),
    current: key === programme.key,
  }));
}

function queuesOf({ programme, queue, order, only }: At, counts: Counts & DoubleCounts, t: Staff['t']): Tab[] {
  const tab = (name: Queue | 'mine', count = 0) => ({
    href: deskPath(programme.key, name, { order }),
    text: t(`coding.queue.${name}`, { count }),
    current: name === queue && only === null,
  });
  return [
    tab('open', counts.open),
    tab('audit', counts.drawn - counts.checked),
    tab('learn'),
    tab('second', counts.second),
    {
      href: agreementPath(programme.key),
      text: t('coding.queue.agreement', { count: counts.differing }),
      current: queue === 'agreement' || queue === 'settle',
    },
    tab('skipped', counts.skipped),
    tab('mine'),
  ];
}

function waitingOf({ programme, queue }: At, { drawn, checked }: Counts, t: Staff['t']): Tab | null {
  const isBeside = queue === 'open' || queue === 'skipped' || queue === 'learn';
  if (!isBeside || drawn === checked) return null;
  const text = t('coding.drawing.waiting', { count: drawn - checked });
  return { href: deskPath(programme.key, 'audit'), text, current: false };
}

function judgingOf({ programme: { key } }: At, counts: Judging, t: Staff['t']): DeskHead['judging'] {
  const pages = key === LEAVING ? (['themes', 'competitors'] as const) : (['themes'] as const);
  return pages.map((name) => ({
    href: `/codebook/${key}/${name}`,
    text: counts[name] > 0 ? t(`coding.judging.${name}`, { count: counts[name] }) : t(`${name}.title`),
  }));
}

/** Of one answer nothing comes first, and what was put aside has an order of its own. */
function ordersOf({ programme, queue, order, only }: At, { open }: Counts, t: Staff['t']): Tab[] {
  if (queue !== 'open' || only !== null || open < 2) return [];
  return (['oldest', 'worth'] as const).map((each) => ({
    href: deskPath(programme.key, queue, { order: each }),
    text: t(`coding.order.${each}`),
    current: each === order,
  }));
}
