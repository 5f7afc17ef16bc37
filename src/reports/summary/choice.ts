import type { Choosable } from '../../accounts/index.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import type { Summary } from './service.ts';

/** Whether the month comes by mail, for somebody's own page; null for those to whom it never comes. */
export async function summaryChoice(
  summary: Pick<Summary, 'wantsMail'>,
  { id, role, t }: Staff,
): Promise<Choosable | null> {
  if (!hasRole(role, 'manager')) return null;
  const wanted = await summary.wantsMail(id);
  return { action: '/summary/mail', heading: t('summary.mail.legend'), label: t('summary.mail.label'), wanted };
}
