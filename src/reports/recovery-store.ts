import type { Db } from '../storage/index.ts';

export interface ClosedCounts {
  closed: number;
  /** Of those the customer said that it is settled. */
  settled: number;
  /** They did not answer in the time they had. */
  silent: number;
  /** Reopened before they were closed for the last time. */
  reopened: number;
}

/** Complaints and returns closed from one moment to before another, by what the customer said. Merged duplicates are none. */
export async function countClosed(db: Db, from: string, to: string): Promise<ClosedCounts> {
  const rows = await db
    .selectFrom('recovery_case')
    .select(['settled', 'round', (eb) => eb.fn.countAll<number>().as('count')])
    .where('closed_at', '>=', from)
    .where('closed_at', '<', to)
    .where('kind', 'in', ['complaint', 'return'])
    .where('merged_into_id', 'is', null)
    .groupBy(['settled', 'round'])
    .execute();
  const sum = (of: typeof rows) => of.reduce((total, { count }) => total + Number(count), 0);
  return {
    closed: sum(rows),
    settled: sum(rows.filter(({ settled }) => settled === 'yes')),
    silent: sum(rows.filter(({ settled }) => settled === 'silent')),
    reopened: sum(rows.filter(({ round }) => round > 1)),
  };
}
