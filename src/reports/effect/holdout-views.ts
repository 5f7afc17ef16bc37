import { formatMonth, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import type { Difference, Share } from '../../shared/statistics.ts';
import { points } from '../changes/texts.ts';
import { barLine, tableOf, type LinesView, type Writing } from '../line-views.ts';
import type { Compared, ProgrammeEffect } from './programmes.ts';

export interface ProgrammeView {
  name: string;
  state: string;
  windows: {
    title: string;
    sentence: string;
    /** Null before the days of anybody have passed. */
    table: LinesView | null;
    difference: string;
    needed: string;
    open: string;
  }[];
  cohorts: { month: string; share: string; arm: string; drawn: string; in90: string; in180: string }[];
}

/** A programme against those who were kept out of it. */
export function programmeView(
  { name, share, drawn, heldOut, compared, cohorts }: ProgrammeEffect,
  write: Writing,
): ProgrammeView {
  const { t } = write;
  const count = (value: number) => formatNumber(value, t.language);
  return {
    name: nameInWords(name, t),
    state: t(share === 0 ? 'effect.programme.off' : 'effect.programme.on', { count: drawn, held: heldOut, share }),
    windows: compared.map((each) => windowView(each, write)),
    cohorts: cohorts.map((row) => ({
      month: formatMonth(row.month, t.language),
      share: formatShare(row.share / 100, t.language),
      arm: t(row.held_out === 1 ? 'effect.arm.held' : 'effect.arm.treated'),
      drawn: count(row.drawn),
      in90: row.due_90 === 0 ? '–' : t('effect.of', { count: row.back_90, base: row.due_90 }),
      in180: row.due_180 === 0 ? '–' : t('effect.of', { count: row.back_180, base: row.due_180 }),
    })),
  };
}

function windowView(compared: Compared, write: Writing): ProgrammeView['windows'][number] {
  const { t } = write;
  const { days, treated, held, difference, verdict, open, needed, detectable: least } = compared;
  const share = (of: Share) => formatShare(of.share, t.language);
  const few = Math.min(treated.base, held.base) < 10;
  const values = { treated: share(treated), held: share(held), days };
  const points = { ...values, ...differenceIn(difference, t) };
  const enough = verdict !== 'cannot_say' || needed.more === 0;
  return {
    title: t('effect.window', { days }),
    sentence: t(few ? 'effect.verdict.few' : `effect.verdict.${verdict}`, points),
    table: treated.base + held.base === 0 ? null : armsTable(compared, write),
    difference: few ? '' : t('effect.difference', points),
    needed: enough
      ? ''
      : [
          least === null || least >= 1 || few
            ? ''
            : t('effect.detectable', { held: share(held), least: formatShare(least, t.language) }),
          t('effect.needed', { count: needed.more, points: needed.points }),
        ]
          .filter(Boolean)
          .join(' '),
    open: open === 0 ? '' : t('effect.open', { count: open, days }),
  };
}

function armsTable({ days, treated, held }: Compared, write: Writing): LinesView {
  const { t } = write;
  return tableOf(write, { title: t('effect.window', { days }), who: t('effect.column.arm'), hidden: true }, [
    barLine(t('effect.arm.treated'), treated, treated.back, treated.base, write),
    barLine(t('effect.arm.held'), held, held.back, held.base, write),
  ]);
}

function differenceIn({ difference, low, high }: Difference, t: Translate) {
  const signed = (share: number) => points(share, t.language);
  return { points: signed(difference), low: signed(low), high: signed(high) };
}
