import { SYSTEM, type Actor } from '../../shared/actor.ts';
import { addDays } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { changeSettled, unansweredSince } from './case-store.ts';
import type { CaseContext } from './context.ts';
import type { Cases, RecoveryCase } from './interface.ts';
import { QUESTION, questionComposer, recipientOf } from './question-mail.ts';
import type { Remedies } from './remedies.ts';
import { remediesOf, type RemedyRow } from './remedy-store.ts';
import { hasSteps, mayBeHeard } from './rules.ts';
import { readSettings } from './settings.ts';
import { eventsOf, writtenByCustomer } from './thread-store.ts';

type Answered = 'yes' | 'reopened' | 'added' | 'none';

/** What a customer wrote on their page, or told a colleague: said by the text 'cases.public.said.KIND'. */
export interface Written {
  kind: string;
  words: string;
  at: string;
  /** What has become of what they proposed. */
  proposal: { state: RemedyRow['state']; at: string } | null;
}

interface Heard {
  settled: boolean;
  words: string;
}

export interface Settling {
  /** The customer says that it is settled; doing it twice is harmless. */
  confirm(caseId: string): Promise<Answered>;
  /** Not quite: opens it again with their words; where it is open, the words join it. */
  notQuite(caseId: string, words: string): Promise<Answered>;
  /**
   * What the customer told a colleague on the telephone or in person when it was closed; the colleague writes it down.
   * @throws Conflict where it is open, or they have said yes already
   */
  hear(actor: Actor, caseId: string, said: Heard): Promise<void>;
  /** The same as a part of something greater. */
  hearIn(tx: Tx, actor: Actor, caseId: string, said: Heard): Promise<void>;
  /** What would make it good, in the customer's words. */
  propose(caseId: string, words: string): Promise<Answered>;
  /** What they wrote there, oldest first, at most the last 20. */
  written(caseId: string): Promise<Written[]>;
  /** Notes where no answer came in the time that there was. @returns how many */
  noteSilence(): Promise<number>;
}

const AT_ONCE = 100;
const MOST_WRITTEN = 20;
/** A double click comes with the words that came a moment ago. */
const LATELY = 5;

/** The customer, not the staff, says that it is resolved. */
export function createSettling(context: CaseContext, cases: Cases, remedies: Remedies): Settling {
  const { deps, now, need, write, change, tell } = context;
  const { storage, mailer } = deps;
  mailer.register(QUESTION, questionComposer(deps, cases.linkFor));
  deps.bounces.knows(QUESTION, (db, caseId) => addressee(context, cases, db, caseId));
  cases.onClosed(ask);

  /** In the transaction that closes it. */
  async function ask(tx: Tx, theCase: RecoveryCase): Promise<void> {
    if (!hasSteps(theCase.kind) || theCase.noQuestion !== '') return;
    const { customerId, id } = theCase;
    const known = customerId === null ? undefined : (await deps.customers.forMail(tx, [customerId])).get(customerId);
    if (!recipientOf(theCase, known)) return await change(tx, id, { open: false }, { no_question: 'no_address' });
    await change(tx, id, { open: false }, { asked_at: now() });
    await mailer.enqueue(tx, [{ kind: QUESTION, subjectId: id }]);
    await write(tx, SYSTEM, id, { kind: 'asked' });
  }

  async function confirm(tx: Tx, caseId: string, actor: Actor = SYSTEM, words = ''): Promise<Answered> {
    const theCase = await need(tx, caseId);
    const done = await changeSettled(tx, caseId, ['silent', null], { settled: 'yes', settled_at: now() }, now());
    if (!done) return theCase.settled === 'yes' ? 'yes' : 'none';
    await write(tx, actor, caseId, { kind: 'confirmed', words, fromCustomer: true });
    await tell(tx, actor, theCase, 'caseConfirmed');
    const settled = await need(tx, caseId);
    for (const hook of context.hooks.settled) await hook(tx, settled);
    return 'yes';
  }

  /** Touched first: who does something with it at the same moment comes before or after, and their words are not refused. */
  async function inTurn(tx: Tx, caseId: string): Promise<RecoveryCase> {
    await change(tx, caseId, {}, {});
    return await need(tx, caseId);
  }

  async function notQuite(tx: Tx, caseId: string, words: string): Promise<Answered> {
    const theCase = await inTurn(tx, caseId);
    if (theCase.closedAt === null) return await add(tx, theCase, words);
    await cases.reopen(tx, SYSTEM, caseId, { words, fromCustomer: true });
    return 'reopened';
  }

  async function hearIn(tx: Tx, actor: Actor, caseId: string, { settled, words }: Heard): Promise<void> {
    if (!mayBeHeard(await inTurn(tx, caseId))) throw new Conflict('cases.error.changed');
    if (settled) await confirm(tx, caseId, actor, words);
    else await cases.reopen(tx, actor, caseId, { words, fromCustomer: true });
  }

  async function add(tx: Tx, theCase: RecoveryCase, words: string): Promise<Answered> {
    if (await saidAlready(tx, theCase.id, words)) return 'added';
    await write(tx, SYSTEM, theCase.id, { kind: 'customerWrote', words, fromCustomer: true });
    await change(tx, theCase.id, {}, theCase.closedAt === null ? { awaiting: 0 } : {});
    return 'added';
  }

  async function propose(tx: Tx, caseId: string, words: string): Promise<Answered> {
    const theCase = await inTurn(tx, caseId);
    if (await saidAlready(tx, caseId, words)) return 'added';
    if (theCase.closedAt !== null) await cases.reopen(tx, SYSTEM, caseId, { words, fromCustomer: true });
    await remedies.propose(tx, SYSTEM, caseId, words);
    return 'added';
  }

  async function noteSilence(tx: Tx): Promise<number> {
    const { silentDays } = await readSettings(tx);
    const before = `${addDays(now().slice(0, 10), -silentDays)}${now().slice(10)}`;
    const ids = await unansweredSince(tx, before, AT_ONCE);
    for (const id of ids) await fallSilent(tx, id, silentDays);
    return ids.length;
  }

  async function fallSilent(tx: Tx, id: string, days: number): Promise<void> {
    if (!(await changeSettled(tx, id, [null], { settled: 'silent', settled_at: now() }, now()))) return;
    await write(tx, SYSTEM, id, { kind: 'silent', detail: { days } });
    const silent = await need(tx, id);
    await tell(tx, SYSTEM, silent, 'caseSilent');
    for (const hook of context.hooks.silent) await hook(tx, silent);
  }

  return {
    confirm: (caseId) => storage.transaction((tx) => confirm(tx, caseId)),
    notQuite: (caseId, words) => storage.transaction((tx) => notQuite(tx, caseId, words)),
    hear: (actor, caseId, said) => storage.transaction((tx) => hearIn(tx, actor, caseId, said)),
    hearIn,
    propose: (caseId, words) => storage.transaction((tx) => propose(tx, caseId, words)),
    async written(caseId) {
      const events = await writtenByCustomer(storage.read, caseId, MOST_WRITTEN);
      const wishes = (await remediesOf(storage.read, caseId)).filter((row) => row.from_customer === 1);
      const written = events.reverse().map(({ kind, words, at, account_id: by }) => {
        const proposal = proposalOf(kind, words, wishes);
        return { kind: by === null ? kind : 'heard', words, at, proposal };
      });
      // A proposal that opens a case again stands in its thread twice.
      return written.filter(({ words }, i) => words !== written[i + 1]?.words);
    },
    noteSilence: () => storage.transaction(noteSilence),
  };
}

function proposalOf(kind: string, words: string, wishes: RemedyRow[]): Written['proposal'] {
  const wish = kind === 'customerProposed' ? wishes.find(({ what }) => what === words) : undefined;
  return wish ? { state: wish.state, at: wish.given_at ?? wish.decided_at ?? wish.proposed_at } : null;
}

/** Whose letter comes back. */
async function addressee({ deps }: CaseContext, cases: Cases, db: Db, caseId: string) {
  const theCase = await cases.find(db, caseId);
  const customer = theCase?.customerId ? await deps.customers.find(theCase.customerId, db) : undefined;
  return customer && { customerId: customer.id, address: customer.email };
}

const saidAlready = async (tx: Tx, caseId: string, words: string): Promise<boolean> =>
  (await eventsOf(tx, caseId, null, LATELY)).some((event) => event.from_customer === 1 && event.words === words);
