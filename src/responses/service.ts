import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import { standingAnswers } from '../questionnaires/index.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';
import { createEntering, type Entering, type EnteringDeps } from './entering.ts';
import { createReading, type Reading } from './reading.ts';
import type { Asked, ContactWish, Found, Given, Response, Submitted, WholeResponse } from './response.ts';
import { newReference, valuesOf } from './rules.ts';
import * as rows from './store.ts';
import { createTimeTaken } from './time-taken.ts';
import { answerRow, createWriting } from './writing.ts';

type OnWish = (tx: Tx, found: Found) => Promise<void>;
type OnSubmitted = (tx: Tx, submitted: Submitted) => Promise<void>;

interface ResponsesDeps {
  storage: Storage;
  clock: Clock;
  invitations: {
    markStarted(tx: Tx, id: string): Promise<unknown>;
    markCompleted(tx: Tx, id: string): Promise<unknown>;
  };
  /** Its initials begin every reference. */
  companyName(): Promise<string>;
  /** Another maker of references, for tests. */
  referenceFor?(company: string, responseId: string): string;
  audit: EnteringDeps['audit'];
  /** The customers' timeline. */
  recordEvents(tx: Tx, events: { customerId: string; kind: string; subjectId: string; at: string }[]): Promise<unknown>;
}

export interface Responses extends Reading, Entering {
  find(db: Db, invitationId: string): Promise<Found | undefined>;
  /**
   * Keeps one answer for good before it resolves. Doing it twice is harmless; an answer that it replaces is kept as a
   * revision. `begun` says that there is a response already (a hint that saves a statement).
   */
  saveAnswer(asked: Asked, given: Given, begun?: boolean): Promise<Response>;
  /** Completes the response once; later calls find it complete. Throws Conflict where nothing was answered. */
  submit(asked: Asked): Promise<Response>;
  /** Whether we may get in touch about it; false where the response is not complete. */
  saveContactWish(invitationId: string, wish: ContactWish): Promise<boolean>;
  /** Writes a whole response; hooks are told where it is complete. Throws Conflict where the invitation has one. */
  record(tx: Tx, asked: Asked, whole: WholeResponse): Promise<Response>;
  /** How many minutes the respondents of a version take, by the median; undefined while too few have answered. */
  minutesTaken(version: { id: string; programmeId: string; count: number }): Promise<number | undefined>;
  /** Told in the same transaction, once it is complete and whenever an answer changes afterwards. */
  onSubmitted(hook: OnSubmitted): void;
  /** Told in the same transaction when somebody says whether we may get in touch about a complete response. */
  onWish(hook: OnWish): void;
}

export function createResponses(deps: ResponsesDeps): Responses {
  const { storage, clock, invitations, referenceFor = newReference } = deps;
  const { open, write } = createWriting({ clock, referenceFor, markStarted: invitations.markStarted });
  const hooks: OnSubmitted[] = [];
  const wishHooks: OnWish[] = [];

  async function tell(tx: Tx, { definition, invitation }: Pick<Asked, 'definition' | 'invitation'>): Promise<void> {
    const found = await rows.findByInvitation(tx, invitation.id);
    if (!found || found.response.submittedAt === null) return;
    const response = { ...found.response, submittedAt: found.response.submittedAt };
    const answers = standingAnswers(definition, valuesOf(found.answers));
    for (const hook of hooks) await hook(tx, { response, definition, answers });
  }

  async function complete(tx: Tx, asked: Asked, at: string): Promise<Response | undefined> {
    const response = await rows.completeResponse(tx, asked.invitation.id, at);
    if (!response) return undefined;
    await announce(tx, response, at);
    await tell(tx, asked);
    return response;
  }

  async function announce(tx: Tx, { invitationId, customerId, id: subjectId }: Response, at: string): Promise<void> {
    await invitations.markCompleted(tx, invitationId);
    await deps.recordEvents(tx, [{ customerId, kind: 'responses.submitted', at, subjectId }]);
  }

  async function saveAnswer(asked: Asked, given: Given, begun = false): Promise<Response> {
    const company = await deps.companyName();
    return await storage.transaction(async (tx) => {
      const at = timestamp(clock);
      const { response } = await open(tx, asked, company, at, begun);
      const changed = await write(tx, response, asked, given, at);
      if (changed && response.state === 'complete') await tell(tx, asked);
      return response;
    });
  }

  const submit = (asked: Asked): Promise<Response> =>
    storage.transaction(async (tx) => {
      const response = await complete(tx, asked, timestamp(clock));
      if (response) return response;
      const earlier = await rows.findByInvitation(tx, asked.invitation.id);
      if (!earlier) throw new Conflict('answering.nothingToSend');
      return earlier.response;
    });

  async function keepWish(tx: Tx, invitationId: string, wish: ContactWish, at: string): Promise<boolean> {
    if (!(await rows.saveWish(tx, invitationId, wish, at))) return false;
    const found = wishHooks.length === 0 ? undefined : await rows.findByInvitation(tx, invitationId);
    if (found) for (const hook of wishHooks) await hook(tx, found);
    return true;
  }

  async function record(tx: Tx, asked: Asked, whole: WholeResponse): Promise<Response> {
    const { answers, startedAt, submittedAt, contactWish = null, company } = whole;
    const { response, isNew } = await open(tx, asked, company, startedAt, false);
    if (!isNew) throw new Conflict('answering.answeredAlready');
    const given = answers.map(({ key, value, answeredAt }) => answerRow(response.id, asked, key, value, answeredAt));
    await rows.insertAnswers(tx, given);
    const completed = submittedAt === null ? undefined : await complete(tx, asked, submittedAt);
    if (completed && contactWish) await keepWish(tx, asked.invitation.id, contactWish, completed.updatedAt);
    return completed ?? response;
  }

  return {
    ...createReading(storage),
    ...createEntering({ storage, clock, record, announce, tell, audit: deps.audit }),
    find: rows.findByInvitation,
    saveAnswer,
    submit,
    saveContactWish: (invitationId, wish) =>
      storage.transaction((tx) => keepWish(tx, invitationId, wish, timestamp(clock))),
    record,
    minutesTaken: createTimeTaken({ storage, clock }),
    onSubmitted: (hook) => void hooks.push(hook),
    onWish: (hook) => void wishHooks.push(hook),
  };
}
