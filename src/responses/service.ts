import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { standingAnswers } from '../questionnaires/index.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';
import type { AnswerValue } from '../questionnaires/index.ts';
import { createReading, type Reading } from './reading.ts';
import type { Asked, ContactWish, Found, Given, Response, Submitted } from './response.ts';
import { fromColumns, newReference, sameValue, toColumns, valuesOf } from './rules.ts';
import * as rows from './store.ts';

export type OnSubmitted = (tx: Tx, submitted: Submitted) => Promise<void>;

export interface ResponsesDeps {
  storage: Storage;
  clock: Clock;
  invitations: {
    markStarted(tx: Tx, id: string): Promise<unknown>;
    markCompleted(tx: Tx, id: string): Promise<unknown>;
  };
  /** Its initials begin every reference. */
  companyName(): Promise<string>;
  /** Another maker of references, for tests. */
  referenceFor?(company: string): string;
  /** The customers' timeline. */
  recordEvents(tx: Tx, events: { customerId: string; kind: string; subjectId: string; at: string }[]): Promise<unknown>;
}

/** A response that is there as a whole: from paper, the telephone, another program or the sample company. */
export interface WholeResponse {
  answers: { key: string; value: AnswerValue; answeredAt: string }[];
  startedAt: string;
  /** Null where it stays partial. */
  submittedAt: string | null;
  contactWish?: ContactWish | null;
  company: string;
}

export interface Responses extends Reading {
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
  /** Told in the same transaction, once it is complete and whenever an answer changes afterwards. */
  onSubmitted(hook: OnSubmitted): void;
}

const TRIES = 5;

interface Opened {
  response: Response;
  isNew: boolean;
}

export function createResponses(deps: ResponsesDeps): Responses {
  const { storage, clock, invitations, referenceFor = newReference } = deps;
  const hooks: OnSubmitted[] = [];

  /** Insert first or update first: whichever is expected to succeed; the other where somebody else was faster. */
  async function open(tx: Tx, asked: Asked, company: string, at: string, begun: boolean): Promise<Opened> {
    const touch = { invitationId: asked.invitation.id, language: asked.language, at };
    const known = begun ? await rows.touchResponse(tx, touch) : undefined;
    if (known) return { response: known, isNew: false };
    for (let tries = 0; tries < TRIES; tries++) {
      const response = await rows.insertResponse(tx, newRow(asked, company, at));
      if (response) {
        await invitations.markStarted(tx, asked.invitation.id);
        return { response, isNew: true };
      }
      const other = await rows.touchResponse(tx, touch);
      if (other) return { response: other, isNew: false };
    }
    throw new Error('No free reference was found');
  }

  function newRow({ invitation, mode, language }: Asked, company: string, at: string): rows.ResponseRow {
    return {
      id: newId(clock),
      invitation_id: invitation.id,
      customer_id: invitation.customerId,
      wave_id: invitation.waveId,
      programme_id: invitation.programmeId,
      questionnaire_version_id: invitation.versionId,
      mode,
      language,
      state: 'partial',
      reference: referenceFor(company),
      contact_wish: null,
      started_at: at,
      updated_at: at,
      submitted_at: null,
    };
  }

  /** @returns whether anything changed */
  async function write(tx: Tx, response: Response, asked: Asked, given: Given, at: string): Promise<boolean> {
    const row = answerRow(response.id, asked, given.key, given.value, at);
    if (await rows.insertAnswer(tx, row)) return true;
    const was = await rows.answerAt(tx, response.id, given.key);
    if (!was) throw new Error('An answer is neither new nor there');
    const before = fromColumns(was);
    if (sameValue(before, given.value)) return false;
    if (given.value.kind === 'skipped' && given.keepsAnswer) return false;
    if (before.kind !== 'skipped' || response.state === 'complete')
      await rows.insertRevision(tx, newId(clock), was, at);
    await rows.replaceAnswer(tx, row);
    return true;
  }

  async function tell(tx: Tx, { definition, invitation }: Asked): Promise<void> {
    const found = await rows.findByInvitation(tx, invitation.id);
    if (!found || found.response.submittedAt === null) return;
    const response = { ...found.response, submittedAt: found.response.submittedAt };
    const answers = standingAnswers(definition, valuesOf(found.answers));
    for (const hook of hooks) await hook(tx, { response, definition, answers });
  }

  async function complete(tx: Tx, asked: Asked, at: string): Promise<Response | undefined> {
    const response = await rows.completeResponse(tx, asked.invitation.id, at);
    if (!response) return undefined;
    await invitations.markCompleted(tx, asked.invitation.id);
    const { customerId, id: subjectId } = response;
    await deps.recordEvents(tx, [{ customerId, kind: 'responses.submitted', at, subjectId }]);
    await tell(tx, asked);
    return response;
  }

  return {
    ...createReading(storage),
    find: rows.findByInvitation,
    onSubmitted: (hook) => void hooks.push(hook),
    async saveAnswer(asked, given, begun = false) {
      const company = await deps.companyName();
      return await storage.transaction(async (tx) => {
        const at = timestamp(clock);
        const { response } = await open(tx, asked, company, at, begun);
        const changed = await write(tx, response, asked, given, at);
        if (changed && response.state === 'complete') await tell(tx, asked);
        return response;
      });
    },
    submit: (asked) =>
      storage.transaction(async (tx) => {
        const response = await complete(tx, asked, timestamp(clock));
        if (response) return response;
        const earlier = await rows.findByInvitation(tx, asked.invitation.id);
        if (!earlier) throw new Conflict('answering.nothingToSend');
        return earlier.response;
      }),
    saveContactWish: (invitationId, wish) =>
      storage.transaction((tx) => rows.saveWish(tx, invitationId, wish, timestamp(clock))),
    async record(tx, asked, { answers, startedAt, submittedAt, contactWish = null, company }) {
      const { response, isNew } = await open(tx, asked, company, startedAt, false);
      if (!isNew) throw new Conflict('answering.answeredAlready');
      await rows.insertAnswers(
        tx,
        answers.map(({ key, value, answeredAt }) => answerRow(response.id, asked, key, value, answeredAt)),
      );
      const completed = submittedAt === null ? undefined : await complete(tx, asked, submittedAt);
      if (completed && contactWish) await rows.saveWish(tx, asked.invitation.id, contactWish, submittedAt ?? startedAt);
      return completed ?? response;
    },
  };
}

function answerRow(responseId: string, asked: Asked, key: string, value: AnswerValue, at: string): rows.AnswerRow {
  return {
    response_id: responseId,
    question_key: key,
    ...toColumns(value),
    language: asked.language,
    mode: asked.mode,
    questionnaire_version_id: asked.invitation.versionId,
    answered_at: at,
  };
}
