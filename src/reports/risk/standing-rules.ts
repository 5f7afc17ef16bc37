import type { CalmRow, RiskRow } from './risk-store.ts';
import { KINDS, levelOf, scoreOf, type Fit, type Judged } from './rules.ts';
import type { Known } from './signs.ts';

/** A customer whose signs have been judged. */
type JudgedCustomer = Known & { judged: Judged };

/** What was known of them until now. */
interface Before {
  risk: RiskRow | undefined;
  /** A colleague's word that all is well. */
  calm: CalmRow | undefined;
}

/** How a customer stands on that day (a plain date); `at` is the moment of the looking. */
export function standingRow(
  { facts, judged }: JudgedCustomer,
  { risk: before, calm }: Before,
  { day, fit, at }: { day: string; fit: Fit; at: string },
): RiskRow {
  const { points, flagged, reasons } = judged;
  const score = scoreOf(points, fit);
  const has = Object.fromEntries(KINDS.map((kind) => [kind, reasons.some((each) => each.kind === kind) ? 1 : 0]));
  return {
    ...(has as Pick<RiskRow, (typeof KINDS)[number]>),
    customer_id: facts.id,
    standing: !flagged ? 'low' : isCalm(calm, reasons, day) ? 'calm' : 'flagged',
    points,
    score,
    level: flagged ? Math.max(levelOf(points), before?.level ?? 0) : 0,
    reasons: JSON.stringify(reasons),
    worth_minor: facts.worth_minor,
    worth_at_risk_minor: Math.max(0, Math.round(score * facts.worth_minor)),
    segment: facts.segment,
    contact_account_id: facts.contact_account_id,
    flagged_at: flagged ? (before?.flagged_at ?? at) : null,
    computed_at: at,
  };
}

/** A colleague's word holds until its day, unless there is a sign that they did not know of. */
function isCalm(calm: CalmRow | undefined, reasons: Judged['reasons'], day: string): boolean {
  if (!calm || calm.until_on < day) return false;
  const known = calm.kinds.split(' ');
  return reasons.every(({ kind }) => known.includes(kind));
}

const MARKS: (keyof RiskRow)[] = ['standing', 'score', 'points', 'level', 'reasons', 'worth_minor', 'segment'];

/** Whether nothing has changed that is worth writing. */
export function isSame(row: RiskRow, before: RiskRow | undefined): boolean {
  if (before?.contact_account_id !== row.contact_account_id) return false;
  return MARKS.every((mark) => before[mark] === row[mark]);
}
