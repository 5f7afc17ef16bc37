import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { momentIn, page, type Db, type Page } from '../../storage/index.ts';
import { standingsOf } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import type { Candidate } from './interface.ts';
import { A_PAGE } from './record.ts';
import { against, YEAR_DAYS, type Against, type AskFacts } from './rules.ts';
import { contentmentOf, happySince, lastAsks, refusalsAmong, type AskRow } from './trust-store.ts';

const MINUTES_A_DAY = 24 * 60;

/** What somebody said before that moment says nothing of today. */
export const yearAgo = ({ clock }: Pick<LoyaltyDeps, 'clock'>): string =>
  addMinutes(timestamp(clock), -YEAR_DAYS * MINUTES_A_DAY);

/** What is known of these customers that speaks for or against asking them. Erased and unknown ones are missing. */
export async function askFacts(deps: LoyaltyDeps, db: Db, ids: string[]): Promise<AskFacts[]> {
  const said = await contentmentOf(db, ids);
  const declined = await refusalsAmong(db, ids);
  const asked = await lastAsks(db, ids, yearAgo(deps));
  const allowed = await deps.invitations.contacts.mayContact(db, ids, 'referral', timestamp(deps.clock));
  return (await standingsOf(deps, db, ids)).map((standing) => {
    const { id } = standing.customer;
    const contentment = said.get(id);
    return {
      ...standing,
      contentment: contentment && { score: contentment.score, saidAt: contentment.said_at },
      declined: declined.has(id),
      askedAt: asked.get(id),
      overBudget: allowed.get(id)?.may === false,
    };
  });
}

/** What stands against asking that way; null: nothing. */
export function againstAsking(deps: LoyaltyDeps, facts: AskFacts | undefined, way: AskRow['way']): Against | null {
  return facts ? against(facts, way, yearAgo(deps)) : 'left';
}

/** Against mail that waits already, by customer; that they have been asked just now is no obstacle. */
export async function obstacles(deps: LoyaltyDeps, db: Db, ids: string[]): Promise<Map<string, Against | null>> {
  const facts = await askFacts(deps, db, ids);
  return new Map(
    facts.map((each) => {
      const before = { ...each, askedAt: undefined, overBudget: false };
      return [each.customer.id, againstAsking(deps, before, 'mail')];
    }),
  );
}

/** Those who said within a year that they are happy, the newest first; the cursor is 'AT ID'. */
export async function candidates(deps: LoyaltyDeps, cursor: string | null): Promise<Page<Candidate>> {
  const { read } = deps.storage;
  const rows = await happySince(read, yearAgo(deps), momentIn(cursor), A_PAGE + 1);
  const { rows: kept, next } = page(rows, A_PAGE, (row) => `${row.said_at} ${row.customer_id}`);
  const ids = kept.map((row) => row.customer_id);
  const byId = new Map((await askFacts(deps, read, ids)).map((each) => [each.customer.id, each]));
  const found = kept.flatMap(({ customer_id, score, said_at: saidAt }): Candidate[] => {
    const facts = byId.get(customer_id);
    if (!facts) return [];
    const inPerson = againstAsking(deps, facts, 'talk') === null;
    return [{ customer: facts.customer, score, saidAt, against: againstAsking(deps, facts, 'mail'), inPerson }];
  });
  return { rows: found, next };
}
