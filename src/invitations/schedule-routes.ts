import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { AudienceFilter } from '../customers/index.ts';
import { colleague } from '../shared/actor.ts';
import { addDays } from '../shared/dates.ts';
import { Invalid, type FieldErrors } from '../shared/errors.ts';
import { localTime } from '../shared/zones.ts';
import { timestamp } from '../shared/clock.ts';
import { idOf, notify, readForm, saveSession, staffOf } from '../web/index.ts';
import { usualReminders } from './rules.ts';
import { readScheduleForm, scheduleValues } from './schedule-form.ts';
import { scheduleForm, schedulesView } from './schedule-views.ts';
import { reminderValues, unasked } from './wave-form.ts';
import { EXPIRES_DAYS } from './wave.ts';
import { SECTION, type WavesWeb } from './web.ts';

const decisionForm = z.object({ decision: z.enum(['run', 'skip']) });
type Typed = Record<string, unknown>;

/** Waves that come back by themselves. */
export function scheduleRoutes(web: WavesWeb): Router {
  const { invitations, pages } = web;
  const router = Router();

  router.get('/waves/schedules', async (req, res) => {
    const { t, timeZone } = staffOf(res);
    const schedules = await invitations.listSchedules();
    const asks = await invitations.askingRuns();
    const page = { title: t('schedules.title'), section: SECTION };
    pages.staff(req, res, 'invitations/schedules', schedulesView({ schedules, asks, timeZone }, t), page);
  });

  router.get('/waves/schedules/new', async (req, res) => {
    await showForm(web, req, res, { id: null, typed: await beginning(web, res) });
  });

  router.post('/waves/schedules', async (req, res) => {
    const { id: me, currency, t } = staffOf(res);
    const input = readScheduleForm(req.body, currency);
    const made = input.ok ? await invitations.createSchedule(colleague(me), input.value) : input;
    if (!made.ok) return showForm(web, req, res, { id: null, typed: req.body as Typed, errors: made.errors });
    await done(req, res, t('schedules.saved'));
  });

  router.get('/waves/schedules/:id/edit', async (req, res) => {
    const schedule = await invitations.getSchedule(idOf(req.params.id));
    const typed = scheduleValues(schedule, staffOf(res).currency);
    await showForm(web, req, res, { id: schedule.id, typed, named: unasked(schedule.audience) });
  });

  router.post('/waves/schedules/:id', async (req, res) => {
    const { id: me, currency, t } = staffOf(res);
    const id = idOf(req.params.id);
    const input = readScheduleForm(req.body, currency);
    const named = unasked((await invitations.getSchedule(id)).audience);
    const change = input.ok && { ...input.value, audience: { ...input.value.audience, ...named } };
    const changed = change ? await invitations.changeSchedule(colleague(me), id, change) : input;
    if (!changed.ok) return showForm(web, req, res, { id, typed: req.body as Typed, errors: changed.errors, named });
    await done(req, res, t('schedules.saved'));
  });

  router.post('/waves/schedules/:id/pause', async (req, res) => {
    const { id: me, t } = staffOf(res);
    await invitations.pauseSchedule(colleague(me), idOf(req.params.id));
    await done(req, res, t('schedules.paused'));
  });

  router.post('/waves/schedules/:id/resume', async (req, res) => {
    const { id: me, t } = staffOf(res);
    await invitations.resumeSchedule(colleague(me), idOf(req.params.id));
    await done(req, res, t('schedules.resumed'));
  });

  router.post('/waves/runs/:id/decision', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const form = readForm(decisionForm, req.body);
    if (!form.ok) throw new Invalid(form.errors);
    await invitations.decideRun(colleague(me), idOf(req.params.id), form.value.decision);
    await done(req, res, t(`schedules.decided.${form.value.decision}`));
  });

  return router;
}

async function done(req: Request, res: Response, text: string): Promise<void> {
  notify(req, text);
  await saveSession(req);
  res.redirect(303, '/waves/schedules');
}

interface Shown {
  id: string | null;
  typed: Typed;
  errors?: FieldErrors;
  named?: AudienceFilter;
}

async function showForm(web: WavesWeb, req: Request, res: Response, shown: Shown): Promise<void> {
  const { id, typed, errors, named = {} } = shown;
  const { t, currency } = staffOf(res);
  const facts = {
    waveId: null,
    scheduleId: id,
    typed,
    errors,
    questionnaires: (await web.questionnaires.list()).filter((each) => each.latest !== null),
    colleagues: (await web.accounts.colleagues()).filter(({ active }) => active),
    facets: await web.customers.facets(),
    reasons: await web.reasonGroups(t.language),
    currency,
    named,
  };
  const view = scheduleForm(facts, t);
  const page = { title: view.heading, section: SECTION, status: errors ? 422 : 200 };
  web.pages.staff(req, res, 'invitations/schedule-form', view, page);
}

/** A quarter of those who are still with us each quarter of a year, from tomorrow on: whoever can be asked, once a year. */
async function beginning({ questionnaires, clock }: WavesWeb, res: Response): Promise<Typed> {
  const { id, timeZone } = staffOf(res);
  const published = (await questionnaires.list()).filter((each) => each.latest !== null);
  const chosen = published.find((each) => each.programme.key === 'satisfaction') ?? published[0];
  return {
    questionnaireId: chosen?.id ?? '',
    senderAccountId: id,
    expiresDays: String(EXPIRES_DAYS),
    status: 'active',
    ...reminderValues(usualReminders(chosen?.programme.key ?? '')),
    moment: 'rolling',
    everyMonths: '3',
    parts: '4',
    days: '14',
    at: '09:00',
    startOn: addDays(localTime(timeZone, timestamp(clock)).day, 1),
  };
}
