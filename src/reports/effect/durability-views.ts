import { barLine, tableOf, type BarLine, type LinesView, type Writing } from '../line-views.ts';
import type { Durability } from './durability.ts';
import type { EffectReport } from './report.ts';

export interface DurabilityView {
  table: LinesView;
  none: string | null;
  facts: { term: string; value: string }[];
  note: string;
}

/** Whether those who came back are still there, and what they have spent since. */
export function durabilityView(report: EffectReport, write: Writing): DurabilityView {
  const { t } = write;
  const { wonBack, alone } = report.durability;
  const heading = {
    title: t('effect.kept.title'),
    who: t('effect.column.return'),
    share: t('effect.column.after'),
    hidden: true,
  };
  return {
    table: tableOf(write, heading, [
      ...keptLines('wonBack', wonBack, write),
      ...(alone.returned > 0 ? keptLines('alone', alone, write) : []),
    ]),
    none: wonBack.returned + alone.returned === 0 ? t('effect.none.returns') : null,
    facts: moneyFacts(report, write),
    note: [t('effect.kept.note'), report.marginMinor === null ? t('effect.kept.turnover') : '']
      .filter(Boolean)
      .join(' '),
  };
}

function keptLines(who: 'wonBack' | 'alone', { kept }: Durability, write: Writing): BarLine[] {
  const { t } = write;
  return kept.map(({ days, base, open, kept: still, share }) => {
    const line = barLine(t(`effect.kept.${who}`, { days }), share, still, base, write);
    const notes = [line.note, open === 0 ? '' : t('effect.kept.open', { count: open })];
    return { ...line, note: notes.filter(Boolean).join(', ') };
  });
}

function moneyFacts(report: EffectReport, { t, money }: Writing): DurabilityView['facts'] {
  const { cost, marginMinor, netMinor, durability } = report;
  const { spentMinor, aMonthMinor, toComeMinor } = durability.wonBack;
  const fact = (name: string, value: string) => ({ term: t(`effect.fact.${name}`), value });
  return [
    fact('spent', money(spentMinor)),
    fact('aMonth', aMonthMinor === null ? '–' : money(aMonthMinor)),
    ...(marginMinor === null ? [] : [fact('margin', money(marginMinor))]),
    fact('used', money(cost.usedMinor)),
    fact('open', money(cost.openMinor)),
    fact(marginMinor === null ? 'net' : 'netMargin', money(netMinor)),
    ...(toComeMinor === null ? [] : [fact('toCome', money(toComeMinor))]),
  ];
}
