/** Whether winning back works, and how long customers stay: written by reports. */
export interface EffectTables {
  customer_return: CustomerReturnTable;
  effect_cohort: EffectCohortTable;
  survival_group: SurvivalGroupTable;
  rollup_state: RollupStateTable;
}

/** Somebody who had left bought again; kept when they leave once more. */
interface CustomerReturnTable {
  customer_id: string;
  left_on: string;
  returned_on: string;
  /** We had spoken or written to them before. */
  attempted: number;
  /** Bought once more within so many days, and had not left again by then; null while they have not passed. */
  kept_90: number | null;
  kept_180: number | null;
  /** Everything bought from the return to today, or until they left again. */
  spent_minor: number;
  /** Days from the return to today, or until they left again. */
  days: number;
}

/** Customers drawn for a programme in one month, at one share of the holdout, in one arm. */
interface EffectCohortTable {
  programme_id: string;
  month: string;
  /** In percent. */
  share: number;
  held_out: number;
  drawn: number;
  /** Whose 90 (180) days have fully passed, and who of them has bought in that time. */
  due_90: number;
  back_90: number;
  due_180: number;
  back_180: number;
}

/** Customers with one value of one field, by weeks since they became customers. */
interface SurvivalGroupTable {
  field: string;
  value: string;
  customers: number;
  leavers: number;
  /** Days for which they were watched. */
  days: number;
  /** JSON: [week, entered, left, ended]. */
  ticks: string;
}

/** When a rollup was made, and from what. */
interface RollupStateTable {
  part: string;
  /** The business's day. */
  day: string;
  computed_at: string;
  /** The newest customer then. */
  newest: string;
  /** JSON of its own. */
  content: string;
}
