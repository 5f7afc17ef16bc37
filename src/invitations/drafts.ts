import type { Actor } from '../shared/actor.ts';
import { accountOf } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound, type FieldErrors, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { audienceSchema } from '../customers/index.ts';
import { oneAddress } from '../mailer/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { usualReminders } from './rules.ts';
import { changeDraft, deleteDraft, insertWave, type DraftChange } from './wave-store.ts';
import { againstAudience, type WaveInput } from './wave.ts';

export interface Drafts {
  /** Makes a wave that has not started. Field errors are about the questionnaire, the sender and where replies go. */
  createWave(actor: Actor, input: WaveInput): Promise<Result<{ id: string }>>;
  /** @throws Conflict where it has started meanwhile */
  changeWave(actor: Actor, id: string, input: WaveInput): Promise<Result<{ id: string }>>;
  /** @throws Conflict where it has started meanwhile */
  discardWave(actor: Actor, id: string): Promise<void>;
}

/** Waves before they start. */
export function createDrafts(deps: InvitationsDeps): Drafts {
  const { storage, clock, accounts } = deps;
  return {
    async createWave(actor, input) {
      const draft = await draftOf(deps, input);
      if (!draft.ok) return draft;
      const [id, now] = [newId(clock), timestamp(clock)];
      await storage.transaction(async (tx) => {
        await insertWave(tx, { ...draft.value, ...UNSTARTED, id, created_at: now, created_by: accountOf(actor) });
        await accounts.audit(tx, actor, 'waves.created', { kind: 'wave', id });
      });
      return { ok: true, value: { id } };
    },
    async changeWave(actor, id, input) {
      const draft = await draftOf(deps, input);
      if (!draft.ok) return draft;
      await storage.transaction(async (tx) => {
        if (!(await changeDraft(tx, id, draft.value))) throw new Conflict('waves.error.started');
        await accounts.audit(tx, actor, 'waves.changed', { kind: 'wave', id });
      });
      return { ok: true, value: { id } };
    },
    async discardWave(actor, id) {
      await storage.transaction(async (tx) => {
        if (!(await deleteDraft(tx, id))) throw new Conflict('waves.error.started');
        await accounts.audit(tx, actor, 'waves.discarded', { kind: 'wave', id });
      });
    },
  };
}

export const UNSTARTED = {
  state: 'draft' as const,
  started_by: null,
  started_at: null,
  hold_until: null,
  enrolled_upto: null,
  stopped_at: null,
  paused_from: null,
  schedule_run_id: null,
};

/** A wave's columns, where what it names is there. */
export async function draftOf(
  { accounts, questionnaires }: InvitationsDeps,
  input: WaveInput,
): Promise<Result<DraftChange>> {
  const errors: FieldErrors = {};
  const questionnaire = await questionnaires.get(input.questionnaireId).catch(orUndefined);
  const version = questionnaire?.latest;
  if (!version) errors.questionnaireId = { key: 'waves.form.questionnaire.unpublished' };
  else if (questionnaire.archivedAt !== null) errors.questionnaireId = { key: 'waves.form.questionnaire.archived' };
  const sender = await accounts.colleague(input.senderAccountId);
  if (!sender?.active) errors.senderAccountId = { key: 'waves.form.sender.gone' };
  const replyTo = oneAddress(input.replyTo || sender?.email || '');
  if (replyTo === undefined) errors.replyTo = { key: 'waves.form.replyTo.bad' };
  // What was kept once has to be readable for ever, whoever made it.
  if (!audienceSchema.safeParse(input.audience).success) errors.audience = { key: 'waves.form.audience.bad' };
  Object.assign(errors, againstAudience(input.audience));
  if (!questionnaire || !version || !sender || replyTo === undefined || Object.keys(errors).length > 0)
    return { ok: false, errors };
  return {
    ok: true,
    value: {
      programme_id: version.programmeId,
      questionnaire_version_id: version.id,
      name: input.name,
      audience: JSON.stringify(input.audience),
      sender_account_id: sender.id,
      sender_name: sender.name,
      reply_to: replyTo,
      expires_days: input.expiresDays,
      reminder_days: JSON.stringify(input.reminderDays ?? usualReminders(questionnaire.programme.key)),
    },
  };
}

function orUndefined(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error;
}
