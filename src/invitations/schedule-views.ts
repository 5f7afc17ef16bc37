import { DEALING_KINDS } from '../customers/index.ts';
import { formatDay, formatMoment, formatNumber, type Translate } from '../i18n/index.ts';
import { waveForm, type FormFacts, type WaveForm } from './form-views.ts';
import { MOMENTS, type Schedule } from './schedule.ts';
import type { AskingRun, ListedSchedule } from './schedules.ts';
import type { Tag } from './words.ts';

export interface AskView {
  text: string;
  run: string;
  action: string;
}

export interface AsksView {
  asks: AskView[];
}

export interface SchedulesView {
  asks: AskView[];
  schedules: {
    name: string;
    href: string;
    state: Tag;
    rule: string;
    next: string;
    last: { text: string; href: string | null }[];
    action: string;
    label: string;
  }[];
}

export interface ScheduleForm {
  wave: WaveForm;
  heading: string;
  action: string;
  back: string;
  moments: { value: string; text: string }[];
  kinds: { value: string; id: string; text: string; checked: boolean }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/schedules': SchedulesView;
    'invitations/schedule-form': ScheduleForm;
    'invitations/asks': AsksView;
  }
}

/** Overdue runs, each with what it would do. */
export function asksView(runs: AskingRun[], t: Translate): AskView[] {
  return runs.map(({ id, name, day, why, customers }) => ({
    text: t(`schedules.asks.${why}`, { name, day: formatDay(day, t.language) }),
    run: customers === null ? t('schedules.run.share') : t('schedules.run.now', { count: customers }),
    action: `/waves/runs/${id}/decision`,
  }));
}

interface Shown {
  schedules: ListedSchedule[];
  asks: AskingRun[];
  timeZone: string;
}

export function schedulesView({ schedules, asks, timeZone }: Shown, t: Translate): SchedulesView {
  return {
    asks: asksView(asks, t),
    schedules: schedules.map(({ schedule, next, begins, last }) => ({
      name: schedule.name,
      href: `/waves/schedules/${schedule.id}/edit`,
      state: { text: t(`schedules.state.${schedule.state}`), tone: schedule.state === 'on' ? 'good' : 'late' },
      rule: ruleWords(schedule, t),
      next: begins ? t('schedules.begins') : next === '' ? '' : formatMoment(next, t.language, timeZone),
      last: last.map(({ state, run_on: day, wave_id: waveId }) => ({
        text: t(`schedules.ran.${state}`, { day: formatDay(day, t.language) }),
        href: waveId === null ? null : `/waves/${waveId}`,
      })),
      action: `/waves/schedules/${schedule.id}/${schedule.state === 'on' ? 'pause' : 'resume'}`,
      label: t(schedule.state === 'on' ? 'waves.wave.pause' : 'waves.wave.resume'),
    })),
  };
}

/** 'Every 3 months, a 4th of the customers each time', '14 days after a purchase'. */
function ruleWords({ moment, everyMonths, parts, days, dealingKinds }: Schedule, t: Translate): string {
  if (moment === 'rolling') {
    const every = t('schedules.rule.rolling', { count: everyMonths ?? 1 });
    const share =
      parts === null || parts < 2 ? '' : t('schedules.rule.parts', { parts: formatNumber(parts, t.language) });
    return [every, share].filter(Boolean).join(', ');
  }
  const kinds = dealingKinds.map((kind) => t(`customers.dealing.${kind}`));
  const rule = t(`schedules.rule.${moment}`, { count: days ?? 0 });
  return kinds.length === 0
    ? rule
    : `${rule} (${new Intl.ListFormat(t.language, { type: 'disjunction' }).format(kinds)})`;
}

export function scheduleForm(facts: FormFacts & { scheduleId: string | null }, t: Translate): ScheduleForm {
  const { scheduleId, typed } = facts;
  const chosen = new Set([typed.dealingKinds ?? []].flat().map(String));
  return {
    wave: waveForm(facts, t),
    heading: t(scheduleId === null ? 'schedules.form.new' : 'schedules.form.edit'),
    action: scheduleId === null ? '/waves/schedules' : `/waves/schedules/${scheduleId}`,
    back: '/waves/schedules',
    moments: MOMENTS.map((value) => ({ value, text: t(`schedules.moment.${value}`) })),
    kinds: DEALING_KINDS.map((value) => ({
      value,
      id: `dealing-${value}`,
      text: t(`customers.dealing.${value}`),
      checked: chosen.has(value),
    })),
  };
}
