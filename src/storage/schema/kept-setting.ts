/** Settings of which every saving is kept: the one with the highest revision holds. */
export interface KeptSettingTable {
  id: string;
  /** JSON. */
  value: string;
  changed_by: string | null;
  changed_at: string;
  /** Counts the savings, from 1. */
  revision: number;
}
