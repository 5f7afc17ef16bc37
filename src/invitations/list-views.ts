import { formatDay, formatNumber, type Translate } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Page } from '../storage/index.ts';
import type { AskView } from './schedule-views.ts';
import type { ListedWave } from './figures.ts';
import { isComingIn, isLive } from './wave.ts';
import { shareWords, stateTag, type Tag } from './words.ts';

export interface WavesList {
  /** Overdue runs that wait for somebody's word. */
  asks: AskView[];
  waves: { href: string; name: string; state: Tag; day: string; sent: string; completed: string; rate: string }[];
  /** Some of them go on changing by themselves. */
  live: boolean;
  next: string | null;
  first: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/list': WavesList;
  }
}

export function wavesList(
  { rows, next }: Page<ListedWave>,
  { before, now, timeZone, asks }: { before: string | null; now: string; timeZone: string; asks: AskView[] },
  t: Translate,
): WavesList {
  return {
    asks,
    waves: rows.map((row) => line(row, now, timeZone, t)),
    live: rows.some(({ wave }) => isLive(wave)),
    next: next === null ? null : `/waves?before=${next}`,
    first: before === null ? null : '/waves',
  };
}

function line({ wave, accounts }: ListedWave, now: string, timeZone: string, t: Translate): WavesList['waves'][number] {
  const number = (value: number) => formatNumber(value, t.language);
  const { sent, recipients, completed, delivered, responseRate } = accounts;
  return {
    href: `/waves/${wave.id}`,
    name: wave.name,
    state: stateTag(wave, now, t),
    day: formatDay(dayIn(timeZone, new Date(wave.startedAt ?? wave.createdAt)), t.language),
    sent: wave.state === 'draft' ? '' : t('waves.list.sentOf', { sent: number(sent), recipients: number(recipients) }),
    completed: wave.state === 'draft' ? '' : number(completed),
    rate: sent === 0 ? '' : soFar(shareWords(responseRate, delivered, t), isComingIn(wave, now), t),
  };
}

const soFar = (rate: string, comingIn: boolean, t: Translate): string =>
  comingIn ? t('waves.rate.soFar', { rate }) : rate;
