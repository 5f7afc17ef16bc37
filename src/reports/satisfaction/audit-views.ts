import type { Translate } from '../../i18n/index.ts';
import type { Standing } from './audit-rules.ts';
import type { SatisfactionQuery } from './report.ts';

/** What would make estimates of the engine's shares, or better ones; as "Why they leave" has it. */
export interface AuditView {
  text: string;
  /** Draws what is missing, for the very filter of the page. */
  draw: { label: string; fields: [string, string][] } | null;
  /** What is drawn already. */
  waiting: { text: string; link: string; href: string } | null;
}

/** The queue of the desk where drawn answers are coded. */
export const auditQueue = (programme: string): string => `/answers/${programme}?queue=audit`;

/** @param read whether the engine has read what is to be checked: before, no share is right to within anything */
export function auditView(
  { part, programme, needed, waiting }: Standing,
  read: boolean,
  query: SatisfactionQuery,
  t: Translate,
): AuditView {
  const fields = Object.entries({ ...query, part, programme }).flatMap(([name, value]): [string, string][] =>
    value ? [[name, value]] : [],
  );
  const missing = needed - waiting;
  return {
    text: needed > 0 ? t('reports.basis.needed', { count: needed }) : read ? t('reports.basis.reached') : '',
    draw: missing > 0 ? { label: t('reports.basis.draw', { count: missing }), fields } : null,
    waiting:
      waiting > 0
        ? {
            text: t('reports.basis.waiting', { count: waiting }),
            link: t('reports.basis.goOn'),
            href: auditQueue(programme),
          }
        : null,
  };
}
