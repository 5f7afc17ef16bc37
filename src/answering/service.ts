import { firstUnanswered, pageKey, parseAnswer, type AnswerValue } from '../questionnaires/index.ts';
import type { Answering, AnsweringDeps } from './interface.ts';
import { createOpening } from './opening.ts';
import { CHECK, pageAfter, pageNamed } from './rules.ts';
import { isComplete, type Visit } from './visit.ts';

/** Answering by a personal link. */
export function createAnswering(deps: AnsweringDeps): Answering {
  const { storage, responses, invitations, unsubscribe, refuse } = deps;
  return {
    ...createOpening(deps),
    async answer(visit, key, body) {
      const { definition, asked, found } = visit;
      const page = pageNamed(definition, key);
      if (!page) return null;
      const fields = (body ?? {}) as Record<string, unknown>;
      const parsed = parseAnswer(page, fields, visit.answers);
      if (!parsed.ok) return { ok: false, page, errors: parsed.errors, kept: parsed.kept };
      const { value } = parsed;
      const keepsAnswer = fields.was !== '1';
      if (!visit.preview) await responses.saveAnswer(asked, { key, value, keepsAnswer }, found !== undefined);
      const answers = visit.preview ? visit.answers : withAnswer(visit, key, value, keepsAnswer);
      return { ok: true, next: pageAfter(definition, answers, key, isComplete(visit) || fields.changing === '1') };
    },
    async send({ definition, answers, preview, found, asked }) {
      if (preview) return { missing: null };
      const open = firstUnanswered(definition, answers);
      if (open?.part === 'main' && open.question.required) return { missing: pageKey(open) };
      if (!found) return { missing: open ? pageKey(open) : CHECK };
      await responses.submit(asked);
      return { missing: null };
    },
    async saveContactWish({ preview, asked }, wish) {
      if (!preview) await responses.saveContactWish(asked.invitation.id, wish);
    },
    optOut: ({ id, customerId }, wish, how) =>
      storage.transaction(async (tx) => {
        if (wish === 'greetings') return void (await refuse(tx, customerId, wish, how));
        await invitations.optOut(tx, id);
        if (wish === 'surveys') await refuse(tx, customerId, wish, how);
        else await unsubscribe(tx, customerId, how);
      }),
  };
}

function withAnswer({ answers }: Visit, key: string, value: AnswerValue, keepsAnswer: boolean): Visit['answers'] {
  const stands = answers.get(key);
  if (value.kind === 'skipped' && keepsAnswer && stands) return answers;
  return new Map(answers).set(key, value);
}
