import type { Clock } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { AnswerValue } from '../questionnaires/index.ts';
import type { Tx } from '../storage/index.ts';
import type { Asked, Given, Response } from './response.ts';
import { fromColumns, sameValue, toColumns } from './rules.ts';
import * as rows from './store.ts';

interface WritingDeps {
  clock: Clock;
  referenceFor(company: string, responseId: string): string;
  markStarted(tx: Tx, invitationId: string): Promise<unknown>;
}

interface Opened {
  response: Response;
  isNew: boolean;
}

interface Writing {
  /**
   * The response to an invitation, made where there is none. Insert first or update first: whichever is expected to
   * succeed; the other where somebody else was faster. @throws Conflict where its words have been erased
   */
  open(tx: Tx, asked: Asked, company: string, at: string, begun: boolean): Promise<Opened>;
  /** Keeps an answer and what it replaces. Whether anything changed. */
  write(tx: Tx, response: Response, asked: Asked, given: Given, at: string): Promise<boolean>;
}

const TRIES = 5;

export function createWriting({ clock, referenceFor, markStarted }: WritingDeps): Writing {
  function newRow(asked: Asked, company: string, at: string): rows.ResponseRow {
    const id = newId(clock);
    return { ...partial(asked, at), id, reference: referenceFor(company, id) };
  }

  return {
    async open(tx, asked, company, at, begun) {
      const touch = { invitationId: asked.invitation.id, language: asked.language, at };
      const known = begun ? await rows.touchResponse(tx, touch) : undefined;
      if (known) return { response: known, isNew: false };
      for (let tries = 0; tries < TRIES; tries++) {
        const response = await rows.insertResponse(tx, newRow(asked, company, at));
        if (response) {
          await markStarted(tx, asked.invitation.id);
          return { response, isNew: true };
        }
        const other = await rows.touchResponse(tx, touch);
        if (other) return { response: other, isNew: false };
        if (await rows.isErased(tx, asked.invitation.id)) throw new Conflict('answering.closed.revoked.text');
      }
      throw new Error('No free reference was found');
    },
    async write(tx, response, asked, given, at) {
      const row = answerRow(response.id, asked, given.key, given.value, at);
      if (await rows.insertAnswer(tx, row)) return true;
      const was = await rows.answerAt(tx, response.id, given.key);
      if (!was) throw new Error('An answer is neither new nor there');
      const before = fromColumns(was);
      if (sameValue(before, given.value)) return false;
      if (given.value.kind === 'skipped' && given.keepsAnswer) return false;
      const matters = before.kind !== 'skipped' || response.state === 'complete';
      if (matters) await rows.insertRevision(tx, newId(clock), was, at);
      await rows.replaceAnswer(tx, row);
      return true;
    },
  };
}

function partial({ invitation, mode, language }: Asked, at: string): Omit<rows.ResponseRow, 'id' | 'reference'> {
  return {
    invitation_id: invitation.id,
    customer_id: invitation.customerId,
    wave_id: invitation.waveId,
    programme_id: invitation.programmeId,
    questionnaire_version_id: invitation.versionId,
    mode,
    language,
    state: 'partial',
    contact_wish: null,
    started_at: at,
    updated_at: at,
    submitted_at: null,
    erased_at: null,
  };
}

export function answerRow(
  responseId: string,
  asked: Asked,
  key: string,
  value: AnswerValue,
  at: string,
): rows.AnswerRow {
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
