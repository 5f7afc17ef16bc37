import type { Translate } from '../i18n/index.ts';
import type { AuditStanding } from './leaving-rules.ts';
import type { LeavingQuery, LeavingReport } from './service.ts';

/** How estimated shares are to be read, and what would make them better. */
export interface BasisView {
  /** Sentences. */
  text: string[];
  /** Draws what is missing, for the very filter of the page. */
  draw: { label: string; fields: [string, string][] } | null;
  /** What is drawn already. */
  waiting: { text: string; link: string; href: string; next: boolean } | null;
}

/** The queue of the desk where drawn answers are coded. */
export const AUDIT_QUEUE = '/answers/leaving?queue=audit';

/** "about 27" where it is estimated, else "27". */
export function about(report: LeavingReport, n: number, t: Translate): string {
  const count = n.toLocaleString(t.language);
  return report.basis === 'counted' ? count : t('reports.about', { n: count });
}

export function basisView(report: LeavingReport, query: LeavingQuery, t: Translate): BasisView | null {
  const { audit, basis } = report;
  if (!audit) return null;
  const { read, audited, needed, waiting } = audit;
  const goal = needed > 0 ? t('reports.basis.needed', { count: needed }) : t('reports.basis.reached');
  return {
    text: [
      t(`reports.basis.${basis}`, { count: basis === 'unverified' ? read : audited, read }),
      ...(basis === 'few' && needed === 0 ? [] : [goal]),
    ],
    draw:
      needed > waiting
        ? { label: t('reports.basis.draw', { count: needed - waiting }), fields: fieldsOf(query) }
        : null,
    waiting: waiting > 0 ? waitingView(audit, t) : null,
  };
}

const fieldsOf = (query: LeavingQuery): [string, string][] =>
  Object.entries(query).flatMap(([name, value]): [string, string][] => (value ? [[name, String(value)]] : []));

function waitingView({ waiting, needed }: AuditStanding, t: Translate): NonNullable<BasisView['waiting']> {
  return {
    text: t('reports.basis.waiting', { count: waiting }),
    link: t('reports.basis.goOn'),
    href: AUDIT_QUEUE,
    next: needed > 0 && waiting >= needed,
  };
}

/** What the coded shares rest on: colleagues, the engine, the audit. */
export function coveredNotes(report: LeavingReport, t: Translate): string[] {
  const { base, audit, basis } = report;
  const { colleague, doesNotKnow, engine, respondent, call } = report.bySource;
  const ticked = [
    ...(respondent > 0 ? [t('reports.leaving.note.ticked', { count: respondent })] : []),
    ...(call > 0 ? [t('reports.leaving.note.calls', { count: call })] : []),
  ];
  if (!audit) return [t('reports.leaving.note.coded', { count: base, colleague, engine }), ...ticked];
  const { read, audited } = audit;
  const coded = colleague + doesNotKnow;
  return [
    t(`reports.leaving.note.${basis === 'unverified' ? 'unverified' : 'estimated'}`, { count: base, read, audited }),
    doesNotKnow > 0
      ? t('reports.leaving.note.unsure', { coded, count: doesNotKnow, engine })
      : t('reports.leaving.note.words', { colleague, engine }),
    ...ticked,
  ];
}
