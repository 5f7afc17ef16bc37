import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { page, type Page, type Tx } from '../../storage/index.ts';
import type { Computing } from './computing.ts';
import type { RiskDeps } from './deps.ts';
import { KINDS } from './rules.ts';
import * as store from './risk-store.ts';
import type { CalmRow } from './risk-store.ts';

const A_PAGE = 50;

interface CalmOrder {
  /** The last day on which it is to hold. */
  untilOn: string;
  why: string;
}

/** A colleague knows better: not at risk for a while, unless there is a new sign. */
export function createCalm({ storage, clock, accounts, customers }: RiskDeps, computing: Pick<Computing, 'today'>) {
  const { read } = storage;

  async function standAgain(tx: Tx, customerId: string): Promise<void> {
    const risk = (await store.risksOf(tx, [customerId])).get(customerId);
    if (risk?.standing === 'calm') await store.saveRisks(tx, [{ ...risk, standing: 'flagged' }]);
  }

  return {
    /**
     * For those of these customers of whom something is known. @returns the ids of what was noted: what an undo takes
     */
    async set(actor: Actor, customerIds: string[], { untilOn, why }: CalmOrder): Promise<string[]> {
      const [by, at] = [accountOf(actor), timestamp(clock)];
      return await storage.transaction(async (tx) => {
        const risks = [...(await store.risksOf(tx, customerIds)).values()];
        const ids = risks.map((row) => row.customer_id);
        const rows = risks.map((row): CalmRow => {
          const kinds = KINDS.filter((kind) => row[kind] === 1).join(' ');
          const until = { until_on: untilOn, why, kinds, set_by: by, set_at: at, ended_by: null, ended_at: null };
          return { id: newId(clock), customer_id: row.customer_id, ...until };
        });
        if (ids.length > 0) await store.endCalms(tx, ids, by, at);
        await store.addCalms(tx, rows);
        await store.saveRisks(
          tx,
          risks.map((row) => ({ ...row, standing: row.standing === 'flagged' ? 'calm' : row.standing })),
        );
        for (const { customer_id } of rows) {
          await accounts.audit(tx, actor, 'risk.calm', { kind: 'customer', id: customer_id }, { untilOn });
          const event = { customerId: customer_id, kind: 'risk.calm', accountId: by, subjectId: null };
          await customers.recordEvents(tx, [event]);
        }
        return rows.map(({ id }) => id);
      });
    },
    /** Their flag stands again. @throws Conflict where it was taken back already */
    async end(actor: Actor, id: string): Promise<void> {
      await storage.transaction(async (tx) => {
        const row = await store.findCalm(tx, id);
        if (!row || !(await store.endCalm(tx, id, accountOf(actor), timestamp(clock))))
          throw new Conflict('risk.error.ended');
        await standAgain(tx, row.customer_id);
        await accounts.audit(tx, actor, 'risk.watch', { kind: 'customer', id: row.customer_id });
      });
    },
    /** What holds today, the first to end first. */
    async list(cursor: string | null): Promise<Page<CalmRow>> {
      const parts = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
      const after = parts ? { day: parts[1] ?? '', id: parts[2] ?? '' } : null;
      const rows = await store.listCalms(read, await computing.today(), after, A_PAGE + 1);
      return page(rows, A_PAGE, (row) => `${row.until_on} ${row.id}`);
    },
    /** What holds today for one customer. */
    async of(customerId: string): Promise<CalmRow | undefined> {
      const found = (await store.calmsOf(read, [customerId])).get(customerId);
      return found && found.until_on >= (await computing.today()) ? found : undefined;
    },
  };
}
