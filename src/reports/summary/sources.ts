import type { Sources } from './gathering.ts';
import type { SummaryDeps } from './deps.ts';

/** Named on the page. */
const MOST_AT_RISK = 5;

/** What the other parts have to tell about a month. */
export function sourcesOf({ storage, clock, accounts, reports, measure, risk, retention }: SummaryDeps): Sources {
  return {
    storage,
    clock,
    company: accounts.company,
    reports,
    measure,
    async atRisk() {
      const top = await risk.top(MOST_AT_RISK);
      const { customers, worthMinor, atRiskMinor } = await risk.counts();
      return {
        customers,
        worthMinor,
        atRiskMinor,
        top: top.map((row) => ({ id: row.customerId, worthMinor: row.worthMinor })),
      };
    },
    async goals(day) {
      const progress = await retention.goals.progress(day);
      return progress.map(({ goal, now, standing }) => ({
        id: goal.id,
        titles: Object.fromEntries(Object.entries(goal.texts).map(([language, { title = '' }]) => [language, title])),
        dueOn: goal.dueOn,
        target: goal.aim?.target ?? null,
        unit: goal.aim?.start.unit ?? null,
        now,
        standing: standing.name,
      }));
    },
  };
}
