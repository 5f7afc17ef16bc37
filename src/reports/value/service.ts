import { createKeptSetting } from '../../accounts/index.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Db, Page } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Period } from '../rules.ts';
import type { Given } from './calculator.ts';
import { lastNight } from './night.ts';
import { createNightly } from './nightly.ts';
import { moneyLost, valueReport, valueSummary } from './report.ts';
import { settingSchema, USUAL, type ValueSetting } from './settings.ts';
import * as store from './value-store.ts';
import type { CustomerValue, ValuableCustomer } from './value-store.ts';

export type Value = ReturnType<typeof createValue>;

const A_PAGE = 50;

/** What each customer is worth, and what is being lost. */
export function createValue(insightDeps: InsightDeps) {
  const { storage } = insightDeps;
  const kept = keptSetting(insightDeps);
  const deps = { ...insightDeps, kept };
  const setting = () => kept.read(storage.read);
  const jobs: Job[] = [createNightly({ ...deps, setting })];

  return {
    jobs,
    setting,
    /**
     * Two numbers, kept from trying others out.
     * @param revision what was standing meanwhile
     * @throws Conflict where somebody has saved others since
     */
    save: (actor: Actor, next: ValueSetting, revision: number): Promise<void> => kept.save(actor, next, revision),
    /** The share of a sale that is left after the cost of goods; null while nobody has typed it. */
    async typedMargin(): Promise<number | null> {
      const { setting: standing, changed } = await kept.standing();
      return changed === null ? null : standing.margin;
    },
    /** The last twelve months. `trying`: figures to try in place of the business's own. */
    report: (trying: Partial<Given> = {}) => valueReport(deps, trying),
    /** What left with the customers of a period, both days included. */
    moneyLost: (period: Period) => moneyLost(deps, period),
    /** For the month on one page. */
    summary: () => valueSummary(deps),
    /** What the last night found; null until the first one. */
    last: () => lastNight(storage.read),
    /** What these customers are worth, by id; whoever is not in it has not been worked out yet. At most 500 ids. */
    of: (db: Db, customerIds: string[]): Promise<Map<string, CustomerValue>> => store.valuesOf(db, customerIds),
    /** Customers of today, the most valuable first. */
    mostValuable: (cursor: string | null, limit = A_PAGE): Promise<Page<ValuableCustomer>> =>
      store.mostValuable(storage.read, cursor, limit),
  };
}

/** What margin and interest the business reckons with. */
const keptSetting = ({ storage, clock, accounts }: InsightDeps) =>
  createKeptSetting<ValueSetting>(
    { storage, clock, audit: accounts.audit },
    {
      schema: settingSchema,
      usual: USUAL,
      table: 'value_setting',
      action: 'value.setting',
      told: (setting) => ({ ...setting }),
    },
  );
