import { Router, type Request, type Response } from 'express';
import type { AudienceFilter } from '../customers/index.ts';
import { colleague } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { idOf, notify, saveSession, staffOf } from '../web/index.ts';
import { waveForm } from './form-views.ts';
import { wavesList } from './list-views.ts';
import { rulesRoutes } from './rules-routes.ts';
import { runningRoutes } from './running-routes.ts';
import { usualReminders } from './rules.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { asksView } from './schedule-views.ts';
import { formValues, readWaveForm, reminderValues, unasked } from './wave-form.ts';
import { EXPIRES_DAYS } from './wave.ts';
import { SECTION, type WavesWeb } from './web.ts';

/** Waves: the list, and each before it starts; what comes after that is in running-routes. */
export function waveRoutes(web: WavesWeb): Router {
  const { invitations, pages, clock } = web;
  const router = Router();

  router.get('/waves', async (req, res) => {
    const { t, timeZone } = staffOf(res);
    const before = isId(req.query.before) ? req.query.before : null;
    const asks = asksView(await invitations.askingRuns(), t);
    const view = wavesList(await invitations.listWaves(before), { before, now: timestamp(clock), timeZone, asks }, t);
    const scripts = view.live ? ['progress'] : [];
    pages.staff(req, res, 'invitations/list', view, { title: t('waves.list.title'), section: SECTION, scripts });
  });

  router.use(rulesRoutes(web), scheduleRoutes(web));

  router.get('/waves/new', async (req, res) => {
    await showForm(web, req, res, { waveId: null, typed: await beginning(web, req, res) });
  });

  router.post('/waves', async (req, res) => {
    const { id, currency } = staffOf(res);
    const input = readWaveForm(req.body, currency);
    const made = input.ok ? await invitations.createWave(colleague(id), input.value) : input;
    if (!made.ok) return showForm(web, req, res, { waveId: null, typed: req.body as Typed, errors: made.errors });
    res.redirect(303, `/waves/${made.value.id}`);
  });

  router.get('/waves/:id/edit', async (req, res) => {
    const wave = await invitations.getWave(idOf(req.params.id));
    const version = await web.questionnaires.version(wave.versionId);
    if (wave.state !== 'draft' || !version) throw new NotFound();
    const typed = formValues(wave, version.questionnaireId, staffOf(res).currency);
    await showForm(web, req, res, { waveId: wave.id, typed, named: unasked(wave.audience) });
  });

  router.post('/waves/:id', async (req, res) => {
    const { id: me, currency } = staffOf(res);
    const waveId = idOf(req.params.id);
    const input = readWaveForm(req.body, currency);
    const named = unasked((await invitations.getWave(waveId)).audience);
    const change = input.ok && { ...input.value, audience: { ...input.value.audience, ...named } };
    const changed = change ? await invitations.changeWave(colleague(me), waveId, change) : input;
    if (!changed.ok)
      return showForm(web, req, res, { waveId, typed: req.body as Typed, errors: changed.errors, named });
    res.redirect(303, `/waves/${waveId}`);
  });

  router.post('/waves/:id/discard', async (req, res) => {
    const { id, t } = staffOf(res);
    await invitations.discardWave(colleague(id), idOf(req.params.id));
    notify(req, t('waves.discarded'));
    await saveSession(req);
    res.redirect(303, '/waves');
  });

  router.use(runningRoutes(web));
  return router;
}

type Typed = Record<string, unknown>;

interface Shown {
  waveId: string | null;
  typed: Typed;
  errors?: FieldErrors;
  named?: AudienceFilter;
}

async function showForm(web: WavesWeb, req: Request, res: Response, shown: Shown): Promise<void> {
  const { waveId, typed, errors, named = {} } = shown;
  const { t, currency } = staffOf(res);
  const questionnaires = await choosable(web, waveId === null ? null : typed.questionnaireId);
  const colleagues = (await web.accounts.colleagues()).filter(({ active }) => active);
  const facets = await web.customers.facets();
  const reasons = await web.reasonGroups(t.language);
  const facts = { waveId, typed, errors, questionnaires, colleagues, facets, reasons, currency, named };
  const view = waveForm(facts, t);
  const page = { title: view.heading, section: SECTION, status: errors ? 422 : 200 };
  web.pages.staff(req, res, 'invitations/form', view, page);
}

/** What is published and not archived; in a draft also what it asks now, so that nothing else is chosen unseen. */
async function choosable({ questionnaires }: WavesWeb, chosen: unknown) {
  const published = (await questionnaires.list()).filter((each) => each.latest !== null);
  if (chosen === null || published.some(({ id }) => id === chosen)) return published;
  return [...published, ...(await questionnaires.archived()).filter(({ id }) => id === chosen)];
}

/** A new wave begins with what most of them are for: those who left in the last three months, signed by oneself. */
async function beginning({ questionnaires }: WavesWeb, req: Request, res: Response): Promise<Typed> {
  const { id } = staffOf(res);
  const published = (await questionnaires.list()).filter((each) => each.latest !== null);
  const asked = published.find((each) => each.id === req.query.questionnaire);
  const chosen = asked ?? published.find((each) => each.programme.key === 'leaving') ?? published[0];
  const isLeaving = chosen?.programme.key === 'leaving';
  return {
    questionnaireId: chosen?.id ?? '',
    senderAccountId: id,
    expiresDays: String(EXPIRES_DAYS),
    ...reminderValues(usualReminders(chosen?.programme.key ?? '')),
    status: isLeaving ? 'left' : 'active',
    leftWithin: isLeaving ? '3' : '',
  };
}
