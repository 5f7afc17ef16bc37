import { accountOf, type Actor } from '../../shared/actor.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { createHooks, type Hooks, type Tx } from '../../storage/index.ts';
import { changeCase, findCase } from './case-store.ts';
import { runHooks, type CaseContext } from './context.ts';
import type { RecoveryCase } from './interface.ts';
import { planFor } from './opening.ts';
import { CLOSING, dueAfter, nextOf, type StepKey } from './rules.ts';
import { ANSWER_MAIL } from '../mail/rules.ts';
import { changeStep, stepsOf, type StepRow } from './thread-store.ts';

/** How a step was taken. */
export const CHANNELS = ['telephone', 'mail', 'visit', 'letter', 'message', 'inside'] as const;
export type Channel = (typeof CHANNELS)[number];

/** So long may whoever signed take it back. */
const UNDO_MINUTES = 24 * 60;

interface Signature {
  said: string;
  channel: Channel;
}

/** A step that was signed or skipped. */
export interface StepTaken {
  theCase: RecoveryCase;
  step: StepKey;
  state: 'done' | 'skipped';
  at: string;
}

export interface Steps {
  /** Runs in the same transaction when a step is signed or skipped. */
  onTaken: Hooks<StepTaken>['on'];
  /** @throws Conflict where the step is not open any more, or the case is closed */
  sign(actor: Actor, caseId: string, step: StepKey, done: Signature): Promise<void>;
  /** The same as a part of something greater. */
  signIn(tx: Tx, actor: Actor, caseId: string, step: StepKey, done: Signature): Promise<void>;
  /** @throws Conflict */
  skip(actor: Actor, caseId: string, step: StepKey, reason: string): Promise<void>;
  /** Takes a signature of one's own back. @returns how it was taken. @throws Conflict after a day, or where somebody else signed */
  undo(actor: Actor, caseId: string, step: StepKey): Promise<string>;
  /** Steps of this round that are neither signed nor skipped. */
  open(caseId: string): Promise<string[]>;
  /** The urgent lane: what is still to be done is due sooner. @throws Conflict where it is urgent already */
  hurry(actor: Actor, caseId: string, why: string): Promise<void>;
}

/** Putting a complaint right, step by step. */
export function createSteps(context: CaseContext): Steps {
  const { deps, now, need, write, change, tell } = context;
  const { storage } = deps;
  const taken = createHooks<StepTaken>();

  async function openCase(tx: Tx, caseId: string): Promise<RecoveryCase> {
    const theCase = await need(tx, caseId);
    if (theCase.closedAt !== null) throw new Conflict('cases.error.closed');
    return theCase;
  }

  /** What Today shows next; when all is done, closing. */
  async function advance(tx: Tx, theCase: RecoveryCase, state: RecoveryCase['state'] = 'in_progress'): Promise<void> {
    const next = nextOf(openSteps(await stepsOf(tx, theCase.id), theCase.round));
    if (isLetterDueFirst(theCase, next?.dueAt))
      return await change(tx, theCase.id, { open: true }, { awaiting: 0, state });
    const due = next?.dueAt ?? dueAfter(await deps.accounts.companyIn(tx), now(), CLOSING);
    const shown = { next_step: next?.step ?? 'close', next_due_at: due, look_at: due, awaiting: 0, state };
    await change(tx, theCase.id, { open: true }, shown);
  }

  /** Whoever does something about what is nobody's looks after it. */
  async function takeUp(tx: Tx, actor: Actor, theCase: RecoveryCase): Promise<void> {
    const by = accountOf(actor);
    if (by === null || theCase.ownerId !== null) return;
    // A colleague who signs at the same moment may be first: it is theirs then, and this step is signed all the same.
    if (!(await changeCase(tx, theCase.id, { open: true, ownerId: null }, { owner_id: by }, now()))) return;
    await write(tx, actor, theCase.id, { kind: 'takenUp', detail: { toId: by } });
    await tell(tx, actor, theCase, 'caseHandedOver');
    await runHooks(context.hooks.handedOver, tx, await need(tx, theCase.id));
  }

  /** Signed or skipped. */
  async function settle(tx: Tx, actor: Actor, { caseId, step }: Place, to: Settled): Promise<void> {
    const theCase = await openCase(tx, caseId);
    const place = { case_id: caseId, round: theCase.round, step, from: 'open' as const };
    const at = now();
    const done = await changeStep(tx, place, { ...to, account_id: accountOf(actor), at });
    if (!done) throw new Conflict('cases.error.changed');
    await takeUp(tx, actor, theCase);
    const kind = to.state === 'done' ? 'signed' : 'skipped';
    await write(tx, actor, caseId, { kind, words: to.said, detail: { step, channel: to.channel } });
    await advance(tx, theCase);
    await tell(tx, actor, theCase, to.state === 'done' ? `caseStep.${step}` : 'caseStepSkipped');
    await taken.tell(tx, { theCase, step, state: to.state, at });
  }

  const signIn: Steps['signIn'] = (tx, actor, caseId, step, done) =>
    settle(tx, actor, { caseId, step }, { ...done, state: 'done' });

  async function undo(tx: Tx, actor: Actor, { caseId, step }: Place): Promise<string> {
    const theCase = await openCase(tx, caseId);
    const row = (await stepsOf(tx, caseId)).find((each) => each.round === theCase.round && each.step === step);
    if (!row || !mayUndo(row, accountOf(actor), now())) throw new Conflict('cases.error.undo');
    const blank = { state: 'open' as const, said: '', channel: '', account_id: null, at: null };
    const place = { case_id: caseId, round: row.round, step, from: row.state };
    if (!(await changeStep(tx, place, blank))) throw new Conflict('cases.error.changed');
    await write(tx, actor, caseId, { kind: 'stepUndone', words: row.said, detail: { step } });
    await advance(tx, theCase);
    return row.channel;
  }

  async function hurry(tx: Tx, actor: Actor, caseId: string, why: string): Promise<void> {
    const theCase = await openCase(tx, caseId);
    if (theCase.urgent) throw new Conflict('cases.error.changed');
    await change(tx, caseId, { open: true, revision: theCase.revision }, { urgent: 1 });
    await bringForward(context, tx, theCase);
    await write(tx, actor, caseId, { kind: 'urgent', words: why });
    await advance(tx, theCase, theCase.state);
    await tell(tx, actor, theCase, 'caseUrgent');
    await runHooks(context.hooks.urgent, tx, await need(tx, caseId));
  }

  return {
    onTaken: taken.on,
    signIn,
    sign: (actor, caseId, step, done) => storage.transaction((tx) => signIn(tx, actor, caseId, step, done)),
    skip: (actor, caseId, step, said) =>
      storage.transaction((tx) => settle(tx, actor, { caseId, step }, { said, channel: '', state: 'skipped' })),
    undo: (actor, caseId, step) => storage.transaction((tx) => undo(tx, actor, { caseId, step })),
    async open(caseId) {
      const row = await findCase(storage.read, caseId);
      return row ? openSteps(await stepsOf(storage.read, caseId), row.round).map(({ step }) => step) : [];
    },
    hurry: (actor, caseId, why) => storage.transaction((tx) => hurry(tx, actor, caseId, why)),
  };
}

interface Place {
  caseId: string;
  step: StepKey;
}

interface Settled {
  state: 'done' | 'skipped';
  said: string;
  channel: string;
}

/** Open steps are due when an urgent case's would be, counted from now; never later than before. */
async function bringForward(context: CaseContext, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const { place, durations } = await planFor(context, tx, true);
  for (const { step, dueAt } of openSteps(await stepsOf(tx, theCase.id), theCase.round)) {
    const sooner = dueAfter(place, context.now(), durations[step]);
    if (sooner >= dueAt) continue;
    await changeStep(tx, { case_id: theCase.id, round: theCase.round, step, from: 'open' }, { due_at: sooner });
  }
}

const openSteps = (rows: StepRow[], round: number) =>
  rows
    .filter((row) => row.round === round && row.state === 'open')
    .map((row) => ({ step: row.step, position: row.position, dueAt: row.due_at }));

/** Whether this colleague may take that step's signature back at that moment. */
export function mayUndo(row: Pick<StepRow, 'at' | 'account_id'>, accountId: string | null, at: string): boolean {
  return row.at !== null && row.account_id === accountId && addMinutes(row.at, UNDO_MINUTES) > at;
}

/** A letter of theirs waits for an answer, and no step is due before it: a step that was signed does not answer it. */
const isLetterDueFirst = ({ nextStep, nextDueAt }: RecoveryCase, stepDueAt: string | undefined): boolean =>
  nextStep === ANSWER_MAIL && nextDueAt !== null && (stepDueAt === undefined || nextDueAt <= stepDueAt);
