import { Router, type Request, type Response } from 'express';
import { languageCodes } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Conflict, type FieldErrors } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { idOf, needsRole, readForm, say, staffOf } from '../../web/index.ts';
import { typedIn } from '../common.ts';
import type { RetentionWeb } from '../web.ts';
import type { Wording } from '../wording.ts';
import { letterForm, sendForm } from './forms.ts';
import type { Policy } from './policy.ts';
import type { ApprovedLetter } from './telling-letter.ts';
import type { SampleMail } from './telling-note.ts';
import { tellingPage } from './telling-views.ts';

const AT = '/policies/:id/message';
const SECTION = '/playbook';
const manager = needsRole('manager');

/** "You said, we did": the letter to those who said it. */
export function tellingRoutes(web: RetentionWeb): Router {
  const router = Router();
  const { telling } = web.retention.policies;

  router.get(AT, manager, (req, res) => showPage(web, req, res));
  router.post(AT, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const form = readForm(letterForm(me.t.language), req.body);
    if (!form.ok) return showPage(web, req, res, form.errors, 422);
    try {
      await telling.approve(colleague(me.id), id, form.value.seen, form.value.texts);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return showPage(web, req, res, { [`subject-${me.t.language}`]: { key: error.key } }, 409);
    }
    await say(req, res, me.t('policies.said.letter'), `/policies/${id}/message`);
  });
  router.post(`${AT}/test`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const language = String(typedIn(req).language ?? '');
    await telling.test(colleague(me.id), id, { language, accountId: me.id });
    await say(req, res, me.t('policies.said.test'), `/policies/${id}/message`);
  });
  router.post(`${AT}/send`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const form = readForm(sendForm, req.body);
    if (!form.ok) throw new Conflict('policies.error.letter');
    const count = await telling.send(colleague(me.id), id, form.value.seen, form.value.after);
    await say(req, res, me.t('policies.said.sent', { count }), `/policies/${id}/message`);
  });
  router.post(`${AT}/stop`, manager, async (req, res) => {
    const me = staffOf(res);
    const id = idOf(req.params.id);
    const count = await telling.stop(colleague(me.id), id);
    await say(req, res, me.t('policies.said.stopped', { count }), `/policies/${id}/message`);
  });
  return router;
}

async function showPage(web: RetentionWeb, req: Request, res: Response, errors?: FieldErrors, status = 200) {
  const { policies } = web.retention;
  const { telling } = policies;
  const me = staffOf(res);
  const policy = await policies.get(idOf(req.params.id));
  const letter = await telling.letter(policy.id);
  const after = isId(req.query.after) ? req.query.after : '';
  const company = await web.accounts.company();
  const approver = letter?.accountId ? ((await web.accounts.colleague(letter.accountId))?.name ?? '–') : 'Comeback';
  const facts = {
    policy,
    letter,
    check: await telling.check(policy.id, after),
    counts: (await telling.counts([policy.id])).get(policy.id) ?? {},
    samples: await samplesOf(web, policy, letter),
    approver,
    draft: draftOf(web, policy),
    fallback: company.defaultLanguage,
    today: await policies.today(),
    after,
    captures: await web.mailer.captures(),
  };
  const view = tellingPage({ ...facts, errors, typed: errors && typedIn(req) }, me);
  const title = me.t('policies.telling.title');
  web.pages.staff(req, res, 'retention/telling', view, { title, section: SECTION, status });
}

async function samplesOf(web: RetentionWeb, policy: Policy, letter: ApprovedLetter | null) {
  const samples = new Map<string, SampleMail>();
  for (const language of Object.keys(letter?.texts ?? {})) {
    const sample = letter && (await web.retention.policies.telling.sample(policy, letter, language));
    if (sample) samples.set(language, sample);
  }
  return samples;
}

/** A letter to begin with, in each language that the policy is written in. */
function draftOf({ texts }: RetentionWeb, policy: Policy): Wording {
  return Object.fromEntries(
    languageCodes
      .filter((language) => policy.texts[language])
      .map((language) => {
        const t = texts.to(language);
        const { said = '', did = '' } = policy.texts[language] ?? {};
        return [language, { subject: t('policies.draft.subject'), body: t('policies.draft.body', { said, did }) }];
      }),
  );
}
