import { SYSTEM } from '../../shared/actor.ts';
import { addDays } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { createHooks, momentIn, page, type Db, type Hooks, type Page, type Tx } from '../../storage/index.ts';
import type { Customer } from '../../customers/index.ts';
import { readDraft } from '../../telephone/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { createCalls, type Calls } from './calls.ts';
import * as cases from './case-store.ts';
import { createContacting } from './contacting.ts';
import type { WinbackDeps } from './deps.ts';
import { createLetters, type Letters } from './letters.ts';
import { keepAsResponse } from './responses.ts';
import { createReturns, type Returned } from './returns.ts';
import { createStandings, type Standings } from './standing.ts';
import * as store from './standing-store.ts';
import type { StandingRow } from './standing-store.ts';

export const VIEWS = ['case', 'free', 'later'] as const;
export type View = (typeof VIEWS)[number];

export interface Queue extends Page<StandingRow> {
  /** Promised calls that are due. */
  due: StandingRow[];
  people: Map<string, Customer>;
  own: Map<string, cases.CaseRow>;
  /** From when they may be contacted again, where they may not be now. */
  notBefore: Map<string, string>;
}

export interface Winback extends Calls, Pick<Standings, 'reasonsOf' | 'onReason'> {
  letters: Letters;
  /** Why they left, by its first-level key; '' while nobody knows. What is being written down on a call counts already. */
  reasonToOffer(db: Db, customerId: string): Promise<string>;
  queue(view: View, cursor: string | null): Promise<Queue>;
  /** Of those who left in the last twelve months. */
  figures(today: string): Promise<Awaited<ReturnType<typeof store.countsSince>>>;
  /** What is known of somebody who has left or is back. */
  standing(customerId: string): Promise<StandingRow | undefined>;
  callsOf(customerId: string, limit: number): Promise<cases.CallRow[]>;
  /** Everybody's calls, the newest first, after the one of that id. */
  allCalls(filter: cases.CallFilter, before: string | null, limit: number): Promise<Page<cases.CallRow>>;
  /** What they said becomes a response, where we had asked them. Whether it did. */
  keepAsResponse(accountId: string, sheet: Parameters<typeof keepAsResponse>[2], callId: string): Promise<boolean>;
  /** For the news of customers, main reasons and invitations. */
  refresh(tx: Tx, customerIds: string[]): Promise<void>;
  onCustomersChanged(tx: Tx, customerIds: string[]): Promise<void>;
  onUnsubscribed(tx: Tx, customerIds: string[]): Promise<void>;
  /** Runs in the same transaction when a purchase shows that somebody is back. */
  onReturned: Hooks<Returned>['on'];
  spoken(db: Tx, customerIds: string[]): Promise<string[]>;
  work(): Promise<void>;
}

const A_PAGE = 50;
const MOST_DUE = 20;

/** The conversation with those who have left: whom to speak to first, one colleague at a time, and who came back. */
export function createWinback(deps: WinbackDeps): Winback {
  const { storage, customers } = deps;
  const { read } = storage;
  const standings = createStandings(deps);
  const contacting = createContacting(deps, standings);
  const letters = createLetters(deps, standings, contacting);
  const returned = createHooks<Returned>();
  const detect = createReturns(deps, returned);
  followCases(deps, standings);

  return {
    ...createCalls(deps, standings, contacting),
    letters,
    reasonsOf: standings.reasonsOf,
    onReason: standings.onReason,
    async reasonToOffer(db, customerId) {
      const known = (await standings.reasonsOf(db, [customerId])).get(customerId)?.key;
      if (known !== undefined) return known;
      const own = (await cases.newestCases(db, [customerId])).get(customerId);
      const { reason } = readDraft(own?.draft ?? '{}');
      return typeof reason === 'string' ? await standings.topOf(db, reason) : '';
    },
    async queue(view, cursor) {
      const now = deps.clock.now().toISOString();
      const rows =
        view === 'later'
          ? await store.listPromised(read, { after: momentIn(cursor) }, A_PAGE + 1)
          : await store.listStandings(read, view, placeOf(cursor), A_PAGE + 1);
      const due = view === 'case' && cursor === null ? await store.listPromised(read, { before: now }, MOST_DUE) : [];
      const list = page(rows, A_PAGE, (row) =>
        view === 'later' ? `${row.call_at} ${row.customer_id}` : `${row.chance} ${row.worth_minor} ${row.customer_id}`,
      );
      const all = [...due, ...list.rows];
      const ids = all.map((row) => row.customer_id);
      const fresh = list.rows.filter((row) => row.standing === 'free').map((row) => row.customer_id);
      return {
        ...list,
        due,
        people: await customers.findMany(read, ids),
        own: await cases.casesOf(
          read,
          all.flatMap((row) => row.case_id ?? []),
        ),
        notBefore: await contacting.notBefore(read, fresh),
      };
    },
    figures: (today) => store.countsSince(read, addDays(today, -365)),
    standing: async (customerId) => (await store.standings(read, [customerId])).get(customerId),
    callsOf: (customerId, limit) => cases.callsOf(read, customerId, limit),
    allCalls: async (filter, before, limit) =>
      page(await cases.listCalls(read, filter, before, limit + 1), limit, ({ id }) => id),
    keepAsResponse: (accountId, sheet, callId) => keepAsResponse(deps, accountId, sheet, callId),
    refresh: standings.refresh,
    async onCustomersChanged(tx, customerIds) {
      await detect(tx, customerIds);
      await standings.refresh(tx, customerIds);
    },
    async onUnsubscribed(tx, customerIds) {
      await letters.withdrawFor(tx, customerIds);
      for (const theCase of [...(await deps.cases.openOf(tx, customerIds, 'win_back')).values()].flat()) {
        await closeUnlessClosed(deps.cases, tx, theCase.id);
      }
      await standings.refresh(tx, customerIds);
    },
    onReturned: returned.on,
    spoken: cases.everSpoken,
    async work() {
      await letters.remind();
      await standings.age();
    },
  };
}

const STOPPED = { rootCause: 'unknown', action: '–', outcome: 'do_not_contact', noQuestion: 'winback' };

/** Whoever closed it a moment before has done what there was to do: nobody's wish that we stop fails because of it. */
async function closeUnlessClosed(cases: WinbackDeps['cases'], tx: Tx, caseId: string): Promise<void> {
  try {
    await cases.close(tx, SYSTEM, caseId, STOPPED);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}

/** A case to win somebody back begins a conversation, and ends it. */
function followCases({ cases: all, invitations, clock }: WinbackDeps, standings: Standings): void {
  const begin = async (tx: Tx, { id, kind, customerId }: RecoveryCase) => {
    if (kind !== 'win_back' || customerId === null) return;
    const leaving = await standings.programme(tx);
    const held =
      leaving !== undefined && (await invitations.holdouts.isHeldOut(tx, leaving, [customerId])).has(customerId);
    if (held) throw new Conflict('winback.error.held_out');
    await cases.insertCase(tx, { case_id: id, customer_id: customerId, opened_at: clock.now().toISOString() });
    await standings.refresh(tx, [customerId]);
    await standings.reasonKept(tx, customerId);
  };
  all.onOpened(begin);
  all.onReopened(begin);
  all.onClosed(async (tx, { id, kind, customerId }) => {
    if (kind !== 'win_back' || customerId === null) return;
    const over = { claimed_by: null, claimed_until: null, call_at: null };
    await cases.changeCase(tx, id, ['open'], { state: 'ended', settled_at: clock.now().toISOString(), ...over });
    await standings.refresh(tx, [customerId]);
    await standings.reasonKept(tx, customerId);
  });
}

function placeOf(cursor: string | null): store.Place | null {
  const parts = /^([0-3]) (-?\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
  return parts ? { chance: Number(parts[1]), worth: Number(parts[2]), id: parts[3] ?? '' } : null;
}
