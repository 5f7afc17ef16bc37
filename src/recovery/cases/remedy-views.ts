import { formatMoment } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import { hasRole, type FormView, type Staff } from '../../web/index.ts';
import { nameOf } from './colleague-name.ts';
import type { Forms } from './form-state.ts';
import type { CaseFacts } from './reading.ts';
import type { RemedyRow } from './remedy-store.ts';

export interface RemedyView {
  what: string;
  kind: string;
  state: { text: string; mood: string };
  soft: string;
  /** Where a manager, or for a wish of the customer anybody, says yes or no. */
  decide: { action: string; field: string; form: FormView } | null;
  give: string | null;
}

/** Several can wait in one case: each has a field of its own for the reason. */
export const reasonField = (remedyId: string): string => `reason-${remedyId}`;

export function remedyRows({ theCase, remedies, colleagues }: CaseFacts, staff: Staff, forms: Forms): RemedyView[] {
  const { t, currency, language, timeZone, role } = staff;
  const isOpen = theCase.closedAt === null;
  const softOf = (row: RemedyRow) => {
    const proposer = row.from_customer === 1 ? t('cases.remedy.byCustomer') : nameOf(row.proposed_by, colleagues, t);
    const when = formatMoment(row.given_at ?? row.decided_at ?? row.proposed_at, language, timeZone);
    const decider = row.decided_by && row.decided_by !== row.proposed_by ? nameOf(row.decided_by, colleagues, t) : '';
    return [proposer, decider, when, row.reason].filter(Boolean).join(' · ');
  };
  return remedies.map((row) => ({
    what: row.what,
    kind: [t(`cases.remedy.${row.kind}`), row.amount_minor > 0 ? formatMoney(row.amount_minor, currency, language) : '']
      .filter(Boolean)
      .join(', '),
    state: { text: t(`cases.remedy.state.${row.state}`), mood: MOODS[row.state] },
    soft: softOf(row),
    decide:
      isOpen && row.state === 'proposed' && (row.from_customer === 1 || hasRole(role, 'manager'))
        ? decisionOf(row, forms)
        : null,
    give: isOpen && row.state === 'approved' ? `/cases/${theCase.id}/remedies/${row.id}/given` : null,
  }));
}

function decisionOf({ id, case_id: caseId }: RemedyRow, forms: Forms): RemedyView['decide'] {
  const field = reasonField(id);
  return { action: `/cases/${caseId}/remedies/${id}/decision`, field, form: forms(field) };
}

const MOODS = { proposed: 'late', approved: '', declined: '', given: 'good', withdrawn: '' } as const;
