import type { CustomerOutline } from '../../customers/index.ts';
import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import * as cases from './case-store.ts';
import type { WinbackDeps } from './deps.ts';
import { saveStandings, standings, type StandingRow } from './standing-store.ts';

const AT_ONCE = 200;

/** Somebody who had left and has bought again. */
export interface Returned {
  customerId: string;
  caseId: string | null;
  /** The day on which they bought. */
  on: string;
  /** We had spoken or written to them before. */
  afterContact: boolean;
}

/**
 * Whoever buys after the day on which they left is back. What they had bought already when it was said that they left
 * does not count: the person or the file that said so knew of it.
 */
export function createReturns(deps: WinbackDeps, returned: Hooks<Returned>) {
  const { customers, clock } = deps;

  async function welcome(tx: Tx, row: StandingRow, on: string): Promise<void> {
    await saveStandings(tx, [
      { ...row, standing: 'returned', call_at: null, bought_until: on, changes_on: '9999-12-31' },
    ]);
    await customers.markReturned(tx, SYSTEM, row.customer_id);
    if (row.case_id !== null) await settle(tx, row, row.case_id, on);
    const { customer_id: customerId, case_id: caseId, attempted } = row;
    await returned.tell(tx, { customerId, caseId, on, afterContact: attempted === 1 });
  }

  async function settle(tx: Tx, row: StandingRow, caseId: string, on: string): Promise<void> {
    const at = timestamp(clock);
    await cases.changeCase(tx, caseId, ['open', 'won', 'lost', 'ended'], {
      state: 'won',
      returned_on: on,
      settled_at: at,
      call_at: null,
      claimed_by: null,
      claimed_until: null,
    });
    const kind = row.attempted === 1 ? 'wonBack' : 'cameBack';
    const event = { customerId: row.customer_id, kind: `winback.${kind}`, at: on, subjectId: caseId };
    await customers.recordEvents(tx, [event]);
    const theCase = await deps.cases.find(tx, caseId);
    if (!theCase) return;
    await deps.cases.note(tx, SYSTEM, caseId, { kind: 'winback.returned', detail: { day: on } });
    if (theCase.closedAt !== null) return;
    const closing = { rootCause: row.reason_key || 'unknown', action: '–', outcome: 'returned' };
    await deps.cases.close(tx, SYSTEM, caseId, { ...closing, noQuestion: 'winback' });
  }

  /** The first day after they left on which they bought. */
  async function daysOfReturn(
    tx: Tx,
    gone: CustomerOutline[],
    known: Map<string, StandingRow>,
  ): Promise<Map<string, string>> {
    const suspects = gone.filter(({ lastPurchaseOn, leftOn }) => (lastPurchaseOn ?? '') > (leftOn ?? ''));
    if (suspects.length === 0) return new Map();
    const first = suspects.reduce((day, { leftOn }) => ((leftOn ?? day) < day ? (leftOn ?? day) : day), '9999-12-31');
    const bought = await customers.buyingDays(
      tx,
      suspects.map(({ id }) => id),
      first,
    );
    return new Map(
      suspects.flatMap(({ id, leftOn }): [string, string][] => {
        const row = known.get(id);
        const after = [leftOn ?? '', row?.bought_until ?? ''].sort().at(-1) ?? '';
        const day = row?.left_on === leftOn ? bought.get(id)?.find((each) => each > after) : undefined;
        return day === undefined ? [] : [[id, day]];
      }),
    );
  }

  /** A file that still says that they left does not take a return back. */
  const isKnownReturn = ({ leftOn }: CustomerOutline, row: StandingRow | undefined) =>
    row?.standing === 'returned' && row.left_on === leftOn;

  return async (tx: Tx, customerIds: string[]): Promise<void> => {
    for (let from = 0; from < customerIds.length; from += AT_ONCE) {
      const ids = customerIds.slice(from, from + AT_ONCE);
      const known = await standings(tx, ids);
      if (known.size === 0) continue;
      const people = await customers.outlines(tx, [...known.keys()]);
      const gone = [...people.values()].filter(({ status, erasedAt }) => status === 'left' && erasedAt === null);
      for (const one of gone)
        if (isKnownReturn(one, known.get(one.id))) await customers.markReturned(tx, SYSTEM, one.id);
      const still = gone.filter((one) => !isKnownReturn(one, known.get(one.id)));
      for (const [id, day] of await daysOfReturn(tx, still, known)) {
        const row = known.get(id);
        if (row) await welcome(tx, row, day);
      }
    }
  };
}
