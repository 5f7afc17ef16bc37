import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { WinbackDeps } from './deps.ts';
import type { Standings } from './standing.ts';

const LOOKED_AT = 20;

export interface Contacting {
  /**
   * Does it, in one transaction. Whom chance draws for the holdout stays drawn, however often somebody tries.
   * @throws Conflict where the holdout, the contact budget, or an open complaint forbids it
   */
  obeying<T>(customerId: string, theCase: RecoveryCase | null, act: (tx: Tx) => Promise<T>): Promise<T>;
  /** They were spoken or written to: it counts with what they were asked before, as one sequence. */
  count(tx: Tx, caseId: string, person: { id: string; email: string }): Promise<void>;
  /** From when these may be contacted, where they may not be now; `cases` by customer. */
  notBefore(db: Db, customerIds: string[]): Promise<Map<string, string>>;
}

/** Whether somebody who has left may be spoken or written to, and that it was done. */
export function createContacting(
  { storage, clock, invitations, cases }: WinbackDeps,
  standings: Standings,
): Contacting {
  const { contacts, holdouts } = invitations;

  /** What they were asked last about their leaving and this conversation are one sequence. */
  async function sequenceOf(db: Db, customerId: string, caseId: string | null): Promise<string | undefined> {
    const rows = await contacts.ofCustomer(db, customerId, LOOKED_AT);
    const own = rows.find(({ id, kind }) => kind === 'winback' && id === caseId);
    if (own) return own.sequence_id;
    const leaving = await standings.programme(db);
    for (const { sequence_id } of rows.filter(({ kind }) => kind === 'survey')) {
      const asked = await invitations.find(db, sequence_id);
      if (asked && asked.programmeId === leaving) return sequence_id;
    }
    return undefined;
  }

  async function refuse(tx: Tx, customerId: string, theCase: RecoveryCase | null): Promise<void> {
    if ((await cases.openOf(tx, [customerId], 'complaint')).has(customerId))
      throw new Conflict('winback.error.complaint');
    // Whoever asked to be called, or told us something that opened a case, waits for us to answer.
    if (theCase !== null && theCase.origin !== 'list' && theCase.origin !== 'hand') return;
    const sequence = await sequenceOf(tx, customerId, theCase?.id ?? null);
    const going = new Map(sequence === undefined ? [] : [[customerId, sequence]]);
    const allowed = (await contacts.mayContact(tx, [customerId], 'winback', timestamp(clock), going)).get(customerId);
    if (allowed && !allowed.may) throw new Conflict('winback.error.budget', { until: allowed.from.slice(0, 10) });
  }

  async function drawnOut(tx: Tx, customerId: string): Promise<boolean> {
    const leaving = await standings.programme(tx);
    return leaving !== undefined && (await holdouts.draw(tx, leaving, [customerId])).has(customerId);
  }

  return {
    async obeying(customerId, theCase, act) {
      const done = await storage.transaction(async (tx) => {
        await contacts.lock(tx);
        await refuse(tx, customerId, theCase);
        // Thrown here it would undo the draw, and the next try would draw again until it suits.
        return (await drawnOut(tx, customerId)) ? undefined : { value: await act(tx) };
      });
      if (done === undefined) throw new Conflict('winback.error.held_out');
      return done.value;
    },
    async count(tx, caseId, person) {
      const sequenceId = await sequenceOf(tx, person.id, caseId);
      await contacts.record(tx, 'winback', [{ id: caseId, sequenceId, customer: person }], timestamp(clock));
    },
    async notBefore(db, customerIds) {
      const going = new Map<string, string>();
      for (const id of customerIds) {
        const sequence = await sequenceOf(db, id, null);
        if (sequence !== undefined) going.set(id, sequence);
      }
      const found = await contacts.mayContact(db, customerIds, 'winback', timestamp(clock), going);
      return new Map([...found].flatMap(([id, each]): [string, string][] => (each.may ? [] : [[id, each.from]])));
    },
  };
}
