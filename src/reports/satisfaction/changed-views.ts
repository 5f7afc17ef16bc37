import { formatDay, formatShare, type Translate } from '../../i18n/index.ts';
import type { Difference } from '../../shared/statistics.ts';
import { points } from '../changes/texts.ts';
import type { ChangedView } from '../changes/views.ts';
import type { SatisfactionReport, ToldChange } from './report.ts';
import { textIn } from './wording.ts';

/** What has changed by more than chance, or that nothing has. */
export function changedView(report: SatisfactionReport, t: Translate): ChangedView {
  const { previous, comparison, changed } = report;
  if (!previous) return { items: [], none: t('changes.noBefore'), notes: [] };
  const items = changed.changes.map((change) => ({
    step: t('changes.step.reason', { n: points(change.difference, t.language) }),
    text: [sentence(change, t), askedIn(change, report, t)].filter(Boolean).join(' '),
  }));
  const none = changed.tested > 0 ? t('changes.none') : t('satisfaction.changed.few');
  const [from, to] = [formatDay(previous.from, t.language), formatDay(previous.to, t.language)];
  const notes = [
    t(`satisfaction.changed.${comparison}`, { from, to }),
    ...(changed.tested > 0 ? [t('changes.note.tested', { count: changed.tested })] : []),
    ...(report.audits.length > 0 ? [t('satisfaction.changed.unchecked')] : []),
  ];
  return { items, none: items.length > 0 ? null : none, notes };
}

function sentence({ measure, part, theme, difference, low, high, now, before }: ToldChange, t: Translate): string {
  const reason = theme
    ? textIn(theme.name, t.language)
    : t(measure ? `satisfaction.measure.${measure}` : `satisfaction.moment.${part}`);
  const share = (value: number) => formatShare(value, t.language, 1);
  const between = { low: points(low, t.language), high: points(high, t.language) };
  const direction = difference < 0 ? 'down' : 'up';
  return t(`changes.reason.${direction}`, { reason, now: share(now), before: share(before), ...between });
}

function askedIn({ part, theme }: ToldChange, { questions }: SatisfactionReport, t: Translate): string {
  const asked = questions.find((each) => each.part === part && each.questionKey === theme?.questionKey);
  return asked ? t('satisfaction.changed.asked', { question: textIn(asked.text, t.language) }) : '';
}

export interface StepView {
  step: string;
  interval: string;
}

/** "+10.7 (+4.6 to +16.7)". */
export function stepView(change: Difference | null, t: Translate): StepView | null {
  if (!change) return null;
  const [low, high] = [points(change.low, t.language), points(change.high, t.language)];
  return { step: points(change.difference, t.language), interval: t('changes.interval', { low, high }) };
}
