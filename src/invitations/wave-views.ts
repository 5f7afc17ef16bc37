import { formatDay, formatMoment, formatNumber, type Translate } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import { skippedLine, type SkippedLine } from './check-views.ts';
import type { Accounts } from './rules.ts';
import type { WaveStatus } from './figures.ts';
import { isComingIn, isLive, settlesAt, type Wave } from './wave.ts';
import { errorWords, reminderWords, shareWords, stateTag, type Tag } from './words.ts';

export interface WaveView {
  name: string;
  state: Tag;
  lead: string;
  counted: string;
  /** It goes on changing by itself. */
  live: boolean;
  here: string;
  /** What can be done with it now: buttons. */
  actions: { action: string; label: string }[];
  note: string;
  /** Why nothing leaves although it should; null where it does. */
  trouble: string | null;
  /** Mails of which nobody knows whether they arrived; null without any. */
  unknown: { text: string; href: string; action: string } | null;
  heading: string;
  meter: { label: string; parts: { x: number; width: number; fill: string }[] };
  ledger: { name: string; key: string; count: string; note: string; href: string }[];
  recipients: string;
  /** What became of the reminders; null where there are none. */
  reminders: { heading: string; total: string; rows: { name: string; count: string; note: string }[] } | null;
  /** Null before anything has been delivered. */
  back: { big: string; name: string; note: string }[] | null;
  /** That answers are still coming in; null where they are in. */
  soFar: string | null;
  skippedHeading: string;
  skipped: SkippedLine[];
  csv: string;
  all: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/wave': WaveView;
  }
}

interface WaveFacts {
  status: WaveStatus;
  questionnaire: string;
  now: string;
  timeZone: string;
}

const METER = 1412;
const GAP = 3;

/** Delivery as the ledger tells it apart, with the colour of its part of the meter. */
const PARTS = [
  { name: 'sent', fill: '1' },
  { name: 'waiting', fill: '2' },
  { name: 'withheld', fill: '0' },
  { name: 'skipped', fill: '4' },
  { name: 'failed', fill: '5' },
  { name: 'cancelled', fill: '6' },
  { name: 'unknown', fill: '3' },
] as const;
type Part = (typeof PARTS)[number]['name'];

export function waveView({ status, questionnaire, now, timeZone }: WaveFacts, t: Translate): WaveView {
  const { wave, accounts, skipped } = status;
  const at = `/waves/${wave.id}`;
  return {
    name: wave.name,
    state: stateTag(wave, now, t),
    lead: t(`waves.wave.lead.${wave.state}`, { count: accounts.recipients, questionnaire, sender: wave.senderName }),
    counted: t('waves.wave.counted', { time: clockTime(now, t.language, timeZone) }),
    live: isLive(wave),
    here: at,
    actions: actionsOf(status, now, t),
    note: noteUpon(status, now, { t, timeZone }),
    trouble: status.trouble === null ? null : t('waves.wave.trouble', { error: errorWords(status.trouble, t) }),
    unknown: unknownOf(wave, accounts, t),
    heading: t('waves.wave.all', { count: accounts.recipients }),
    meter: meterOf(accounts, t),
    ledger: ledgerOf(wave, accounts, t),
    recipients: formatNumber(accounts.recipients, t.language),
    reminders: remindersOf(status, t),
    back: accounts.delivered === 0 ? null : answersOf(accounts, t),
    soFar: accounts.delivered > 0 && isComingIn(wave, now) ? soFarOf(wave, timeZone, t) : null,
    skippedHeading: t('waves.wave.whySkipped', { count: accounts.skipped }),
    skipped: skipped
      .sort((a, b) => b.count - a.count)
      .map((each) => skippedLine(each, timeZone, t, `${at}/recipients?reason=${each.reason}`)),
    csv: `${at}/recipients.csv`,
    all: `${at}/recipients`,
  };
}

/** What to know before anything is pressed. */
function noteUpon({ wave, overdue }: WaveStatus, now: string, { t, timeZone }: { t: Translate; timeZone: string }) {
  if (overdue > 0) return t('waves.wave.overdue', { count: overdue });
  const time = clockTime(wave.holdUntil ?? now, t.language, timeZone);
  return holding(wave, now) ? t('waves.wave.holdUntil', { time }) : '';
}

const countOf = (accounts: Accounts, part: Part): number =>
  part === 'waiting' ? accounts.queued + accounts.sending : accounts[part];

const REMINDER_STATES = ['sent', 'planned', 'queued', 'sending', 'unknown', 'failed', 'cancelled'] as const;

function remindersOf({ wave, reminders }: WaveStatus, t: Translate): WaveView['reminders'] {
  if (reminders.length === 0) return null;
  const number = (value: number) => formatNumber(value, t.language);
  const rows = REMINDER_STATES.flatMap((state) => reminders.filter((each) => each.state === state));
  return {
    heading: t('waves.wave.reminders', { when: reminderWords(wave.reminderDays, t) }),
    total: number(reminders.reduce((sum, { count }) => sum + count, 0)),
    rows: rows.map(({ state, reason, count }) => ({
      name: t(`waves.reminder.${state}`),
      count: number(count),
      note: reason === null || state === 'queued' ? '' : errorWords(reason, t),
    })),
  };
}

const holding = ({ state, holdUntil }: Wave, now: string): boolean =>
  (state === 'starting' || state === 'sending') && holdUntil !== null && holdUntil > now;

const STILL_TO_COME = new Set(['planned', 'queued', 'sending']);

function actionsOf({ wave, accounts, reminders }: WaveStatus, now: string, t: Translate): WaveView['actions'] {
  const button = (verb: string, key: string) => ({
    action: `/waves/${wave.id}/${verb}`,
    label: t(`waves.wave.${key}`),
  });
  const stop = button('stop', holding(wave, now) ? 'stopAll' : 'stopRest');
  if (wave.state === 'paused') return [button('resume', 'resume'), stop];
  const underWay = wave.state === 'starting' || (wave.state === 'sending' && accounts.queued + accounts.sending > 0);
  const reminding = wave.state === 'finished' && reminders.some(({ state }) => STILL_TO_COME.has(state));
  if (reminding) return [button('pause', 'pauseReminders'), button('stop', 'stopReminders')];
  return underWay ? [button('pause', 'pause'), stop] : [];
}

function unknownOf({ id, state }: Wave, { unknown }: Accounts, t: Translate): WaveView['unknown'] {
  if (unknown === 0 || state === 'stopped') return null;
  return {
    text: t('waves.wave.unknown', { count: unknown }),
    href: `/waves/${id}/recipients?delivery=unknown`,
    action: `/waves/${id}/decision`,
  };
}

function meterOf(accounts: Accounts, t: Translate): WaveView['meter'] {
  const shown = PARTS.map((part) => ({ ...part, count: countOf(accounts, part.name) })).filter(
    ({ count }) => count > 0,
  );
  const room = METER - GAP * Math.max(0, shown.length - 1);
  let x = 0;
  const parts = shown.map(({ fill, count }) => {
    const width = Math.max(1, Math.round((room * count) / accounts.recipients));
    const part = { x, width, fill: `f${fill}` };
    x += width + GAP;
    return part;
  });
  const words = shown.map(({ name, count }) => `${formatNumber(count, t.language)} ${t(`waves.delivery.${name}`)}`);
  return { label: new Intl.ListFormat(t.language, { style: 'narrow' }).format(words), parts };
}

function ledgerOf(wave: Wave, accounts: Accounts, t: Translate): WaveView['ledger'] {
  const always = new Set<Part>(['sent']);
  return PARTS.filter(({ name }) => always.has(name) || countOf(accounts, name) > 0).map(({ name, fill }) => ({
    name: t(`waves.delivery.${name}`),
    key: `k${fill}`,
    count: formatNumber(countOf(accounts, name), t.language),
    note: noteOf(name, accounts, t),
    href: `/waves/${wave.id}/recipients?delivery=${name === 'waiting' ? 'queued' : name}`,
  }));
}

function noteOf(part: Part, { bounced, reached, queued, sending }: Accounts, t: Translate): string {
  if (part === 'sent') {
    const notes = [
      bounced > 0 ? t('waves.note.bounced', { count: bounced }) : '',
      reached > 0 ? t('waves.note.reached', { count: reached }) : '',
    ];
    return notes.filter(Boolean).join(', ');
  }
  const number = (value: number) => formatNumber(value, t.language);
  if (part === 'waiting') return t('waves.note.waiting', { queued: number(queued), sending: number(sending) });
  return t(`waves.note.${part}`);
}

function answersOf(accounts: Accounts, t: Translate): WaveView['back'] {
  const { delivered, reached, started, completed, optedOut, responseRate, completionRate, optOutRate } = accounts;
  const number = (value: number) => formatNumber(value, t.language);
  const box = (name: string, count: number, rate: string) => ({
    big: number(count),
    name: t(`waves.back.${name}`),
    note: t(`waves.back.${name}.note`, { rate, delivered: number(delivered), started: number(started) }),
  });
  const first = box('completed', completed, shareWords(responseRate, delivered, t));
  const base = reached > 0 ? `. ${t('waves.back.reached', { count: reached })}` : '';
  return [
    { ...first, note: first.note + base },
    box('started', started, shareWords(completionRate, started, t)),
    box('optedOut', optedOut, shareWords(optOutRate, delivered, t)),
  ];
}

/** A wave that is still being sent settles later than its first invitations do. */
function soFarOf(wave: Wave, timeZone: string, t: Translate): string {
  const day = formatDay(dayIn(timeZone, new Date(settlesAt(wave) ?? wave.createdAt)), t.language);
  return wave.state === 'finished' || wave.state === 'stopped'
    ? t('waves.back.soFar', { day })
    : t('waves.back.soFar.sending');
}

function clockTime(at: string, language: string, timeZone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Date(at).toLocaleTimeString(locale, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** When something happened, or nothing. */
export const momentOf = (at: string | null, language: string, timeZone: string): string =>
  at === null ? '' : formatMoment(at, language, timeZone);
