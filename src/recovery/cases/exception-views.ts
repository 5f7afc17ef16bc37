import type { Colleague } from '../../accounts/index.ts';
import { formatMoment } from '../../i18n/index.ts';
import type { Page } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import { nameOf } from './colleague-name.ts';
import type { ExceptionRow } from './exception-store.ts';

export interface ExceptionsPage {
  rows: { href: string; about: string; name: string; urgent: boolean; waived: string; why: string; who: string }[];
  next: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/exceptions': ExceptionsPage;
  }
}

export const EXCEPTIONS = '/exceptions';

interface Given {
  list: Page<ExceptionRow>;
  names: Map<string, { name: string }>;
  colleagues: Colleague[];
  isFirst: boolean;
}

export function exceptionsPage({ list, names, colleagues, isFirst }: Given, staff: Staff): ExceptionsPage {
  const { t, language, timeZone } = staff;
  const whose = ({ customerId, contact }: ExceptionRow) =>
    customerId === null
      ? contact.name || contact.email || contact.telephone || t('cases.nobody')
      : (names.get(customerId)?.name ?? t('today.erased'));
  return {
    rows: list.rows.map((row) => ({
      href: `/cases/${row.caseId}`,
      about: t('cases.panel.line', { kind: t(`cases.kind.${row.caseKind}`), number: String(row.number) }),
      name: whose(row),
      urgent: row.urgent,
      waived: row.waived,
      why: row.why,
      who: [nameOf(row.accountId, colleagues, t), formatMoment(row.at, language, timeZone)].join(', '),
    })),
    next: list.next === null ? null : `${EXCEPTIONS}?before=${list.next}`,
    first: isFirst ? null : EXCEPTIONS,
  };
}
