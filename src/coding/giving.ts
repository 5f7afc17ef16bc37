import { accountOf, type Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Doubles } from './auditing/doubles.ts';
import type { Books } from './books.ts';
import { factsOf } from './facts.ts';
import { chosen, joined, type Choice, type Facts, type Wanted } from './giving-rules.ts';
import type { Mains } from './mains.ts';
import { createProgramGiving } from './program-giving.ts';
import { changeFor } from './rules.ts';
import * as codings from './store.ts';
import * as tasks from './task-store.ts';

export interface TimelineEvent {
  customerId: string;
  kind: string;
  accountId?: string | null;
  subjectId?: string;
  detail?: Record<string, string | number>;
}

export interface GivingDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  mains: Mains;
  doubles: Doubles;
  audit: Audit<Tx>;
  recordEvents(tx: Tx, events: TimelineEvent[]): Promise<unknown>;
  definitionOf(versionId: string): Promise<Definition | undefined>;
}

/** What a person gives to one answer. */
export interface SaveCoding extends Pick<Wanted, 'responseId' | 'questionKey' | 'mainCodeId' | 'expected'> {
  codeIds: string[];
  /** Whether they were not shown what the engine suggests; left out, they may have been. */
  blind?: boolean;
}

interface Act {
  accountId: string | null;
  setId: string;
  at: string;
}

export function createGiving(deps: GivingDeps) {
  const { storage, clock, books, mains, doubles } = deps;

  /** Codes answers of different responses in one transaction. */
  async function giveSome(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void> {
    const act = { accountId: accountOf(actor), setId: newId(clock), at: timestamp(clock) };
    const ids = wanted.map((each) => each.responseId);
    await codings.lockResponses(tx, ids, act.at);
    const facts = await factsOf(tx, books, wanted);
    const given = wanted.map((each, i) => ({ wanted: each, facts: facts[i]!, choice: chosen(each, facts[i]!) }));
    const changes = given.map(({ wanted: { responseId, questionKey }, facts: { current }, choice }) =>
      changeFor(current, { responseId, questionKey, ...choice }, act),
    );
    await codings.apply(tx, joined(changes), { at: act.at, by: act.setId, newId: () => newId(clock) });
    await markCoded(tx, wanted, act);
    await noteForTwo(tx, given, act);
    const subjects = facts.map(({ subject }) => subject);
    await mains.refresh(tx, subjects, act.at);
    await deps.recordEvents(
      tx,
      subjects.map((subject) => eventOf(subject, act.accountId)),
    );
  }

  async function markCoded(tx: Tx, wanted: Wanted[], { at, accountId }: Act): Promise<void> {
    const state = { state: 'coded', codedAt: at, codedBy: accountId } as const;
    for (const some of Map.groupBy(wanted, ({ questionKey, blind }) => `${questionKey} ${blind}`).values()) {
      const { questionKey, blind } = some[0]!;
      const ids = some.map((each) => each.responseId);
      await tasks.changeTasks(tx, questionKey, ids, { ...state, blind });
    }
  }

  async function noteForTwo(tx: Tx, given: { wanted: Wanted; facts: Facts; choice: Choice }[], act: Act) {
    for (const { wanted, facts, choice } of given) {
      const { accountId, at } = act;
      if (!wanted.blind || accountId === null) continue;
      await doubles.gave(tx, facts, { codes: choice.codeIds, main: choice.mainId, accountId, at });
    }
  }

  /** Several answers of one response are coded one after the other: they share one main reason. */
  async function give(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void> {
    const rounds: Wanted[][] = [];
    for (const each of wanted) {
      const free = rounds.find((round) => !round.some((other) => other.responseId === each.responseId));
      if (free) free.push(each);
      else rounds.push([each]);
    }
    for (const round of rounds) await giveSome(tx, actor, round);
  }

  const auditOne = (tx: Tx, actor: Actor, action: string, { responseId, ...detail }: Wanted) => {
    const { questionKey: question, codes, mainCodeId: main = null } = detail;
    return deps.audit(tx, actor, action, { kind: 'response', id: responseId }, { question, codes, main });
  };

  return {
    /** In a transaction of somebody else's, who writes it down. */
    give,
    auditOne,
    /**
     * Gives codes to an answer in place of those that colleagues gave before, which are kept as history.
     * Throws NotFound, Invalid (fields `code`, `main`), and Conflict where it was coded since `expected`.
     */
    saveCoding: (actor: Actor, { codeIds, blind = false, ...rest }: SaveCoding): Promise<void> =>
      storage.transaction(async (tx) => {
        const wanted: Wanted = { ...rest, blind, codes: codeIds, by: 'id' };
        await give(tx, actor, [wanted]);
        await auditOne(tx, actor, 'coding.save', wanted);
      }),
    ...createProgramGiving({ ...deps, give, auditOne }),
    /** Puts an open answer aside; false where somebody has coded it. */
    skip: (responseId: string, questionKey: string): Promise<boolean> =>
      storage.transaction((tx) => tasks.skipTask(tx, responseId, questionKey, timestamp(clock))),
  };
}

const eventOf = ({ customerId, id }: codings.Subject, accountId: string | null): TimelineEvent => ({
  customerId,
  kind: 'coding.coded',
  accountId,
  subjectId: id,
});
