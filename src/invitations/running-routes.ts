import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { colleague } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { CSV_BOM, csvLine } from '../shared/csv.ts';
import { Invalid } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { nameInWords } from '../questionnaires/index.ts';
import { idOf, readForm, say, staffOf } from '../web/index.ts';
import { waveCheck } from './check-views.ts';
import type { ListedInvitation, SentReminder } from './invitation.ts';
import { recipientView } from './recipient-views.ts';
import { filterOf, recipientsView } from './recipients-views.ts';
import type { Wave } from './wave.ts';
import { waveView } from './wave-views.ts';
import { SECTION, type WavesWeb } from './web.ts';

const testForm = z.object({ language: z.string().max(10), customerId: z.string().max(40).optional() });
const decisionForm = z.object({ decision: z.enum(['sent', 'again']) });
const CSV_PAGE = 500;

/** A wave that is ready, running or done. */
export function runningRoutes(web: WavesWeb): Router {
  const { invitations } = web;
  const router = Router();

  router.get('/waves/:id', async (req, res) => {
    const wave = await invitations.getWave(idOf(req.params.id));
    await (wave.state === 'draft' ? showCheck(web, req, res, wave) : showWave(web, req, res, wave));
  });

  router.post('/waves/:id/start', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await invitations.startWave(colleague(me), id);
    await say(req, res, t('waves.started'), `/waves/${id}`);
  });

  router.post('/waves/:id/stop', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await invitations.stopWave(colleague(me), id);
    await say(req, res, t('waves.stopped'), `/waves/${id}`);
  });

  router.post('/waves/:id/pause', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await invitations.pauseWave(colleague(me), id);
    await say(req, res, t('waves.paused'), `/waves/${id}`);
  });

  router.post('/waves/:id/resume', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    await invitations.resumeWave(colleague(me), id);
    await say(req, res, t('waves.resumed'), `/waves/${id}`);
  });

  router.post('/waves/:id/decision', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    const { decision } = posted(decisionForm, req);
    const count = await invitations.decideAllUnknown(colleague(me), id, decision);
    await say(req, res, t(`waves.unknown.all.${decision}`, { count }), `/waves/${id}`);
  });

  router.post('/waves/:id/test', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const id = idOf(req.params.id);
    const { language, customerId } = posted(testForm, req);
    const copy = { language, accountId: me, customerId: isId(customerId) ? customerId : null };
    await invitations.sendTest(colleague(me), id, copy);
    const key = (await web.mailer.captures()) ? 'waves.tested.kept' : 'waves.tested';
    await say(req, res, t(key), `/waves/${id}?language=${encodeURIComponent(language)}#preview`);
  });

  router.get('/waves/:id/recipients', (req, res) => showRecipients(web, req, res));
  router.get('/waves/:id/recipients.csv', (req, res) => sendCsv(web, req, res));

  router.post('/waves/:id/reminders/:reminderId/decision', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const [id, reminderId] = [idOf(req.params.id), idOf(req.params.reminderId)];
    const { decision } = posted(decisionForm, req);
    await invitations.decideReminder(colleague(me), id, reminderId, decision);
    await say(req, res, t(`waves.unknown.done.${decision}`), `/waves/${id}`);
  });

  router.get('/waves/:id/invitations/:invitationId', (req, res) => showRecipient(web, req, res));

  router.post('/waves/:id/invitations/:invitationId/revocation', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const [id, invitationId] = [idOf(req.params.id), idOf(req.params.invitationId)];
    await invitations.revoke(colleague(me), id, invitationId);
    await say(req, res, t('waves.revoked'), `/waves/${id}/recipients?${listOf(req)}`);
  });

  router.post('/waves/:id/invitations/:invitationId/decision', async (req, res) => {
    const { id: me, t } = staffOf(res);
    const [id, invitationId] = [idOf(req.params.id), idOf(req.params.invitationId)];
    const { decision } = posted(decisionForm, req);
    await invitations.decideUnknown(colleague(me), id, invitationId, decision);
    await say(req, res, t(`waves.unknown.done.${decision}`), `/waves/${id}/recipients?delivery=unknown`);
  });

  return router;
}

/** What our own buttons post; anything else is refused as a whole. */
function posted<S extends z.ZodType>(schema: S, req: Request): z.infer<S> {
  const form = readForm(schema, req.body);
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
}

/** The list from which an action was taken, to come back to. */
function listOf(req: Request): string {
  const { list } = (req.body ?? {}) as { list?: unknown };
  return typeof list === 'string' && /^[a-z_]+=[a-z_]+$/.test(list) ? list : '';
}

async function showCheck(web: WavesWeb, req: Request, res: Response, wave: Wave): Promise<void> {
  const { id: me, t, timeZone, currency } = staffOf(res);
  const check = await web.invitations.checkWave(wave.id);
  const version = await web.questionnaires.version(wave.versionId);
  const questionnaire = version && (await web.questionnaires.get(version.questionnaireId));
  const chosen = check.languages.find(({ language }) => language === req.query.language) ?? check.languages[0];
  const language = chosen?.language ?? version?.definition.languages[0] ?? t.language;
  const sampleId = chosen?.sampleId ?? null;
  const facts = {
    wave,
    check,
    language,
    sampleId,
    timeZone,
    currency,
    reasons: await web.reasonGroups(t.language),
    questionnaire: questionnaire ? nameInWords(questionnaire.name, t) : '',
    versions: { own: version?.number ?? 0, newest: questionnaire?.latest?.number ?? 0 },
    baseUrl: web.baseUrl,
    company: (await web.accounts.company()).name,
    letter: await web.invitations.sampleLetter(wave, language, sampleId),
    reminders: await sampleReminders(web, wave, language, sampleId),
    myEmail: (await web.accounts.colleague(me))?.email ?? '',
    captures: await web.mailer.captures(),
  };
  web.pages.staff(req, res, 'invitations/check', waveCheck(facts, t), { title: wave.name, section: SECTION });
}

async function sampleReminders({ invitations }: WavesWeb, wave: Wave, language: string, sampleId: string | null) {
  return await Promise.all(
    wave.reminderDays.map((_, i) => invitations.sampleReminder(wave, language, sampleId, i + 1)),
  );
}

async function showWave(web: WavesWeb, req: Request, res: Response, wave: Wave): Promise<void> {
  const { t, timeZone } = staffOf(res);
  const version = await web.questionnaires.version(wave.versionId);
  const questionnaire = version ? nameInWords((await web.questionnaires.get(version.questionnaireId)).name, t) : '';
  const status = await web.invitations.waveStatus(wave.id);
  const view = waveView({ status, questionnaire, now: timestamp(web.clock), timeZone }, t);
  const scripts = view.live ? ['progress'] : [];
  web.pages.staff(req, res, 'invitations/wave', view, { title: wave.name, section: SECTION, scripts });
}

async function showRecipients(web: WavesWeb, req: Request, res: Response): Promise<void> {
  const { t, timeZone } = staffOf(res);
  const wave = await web.invitations.getWave(idOf(req.params.id));
  const filter = filterOf(req.query);
  const after = isId(req.query.after) ? req.query.after : null;
  const list = await web.invitations.listInvitations(wave.id, filter, after);
  const names = await web.invitations.namesOf(list.rows);
  const view = recipientsView({ wave, filter, list, names, isFirst: after === null, timeZone }, t);
  const title = `${t('waves.recipients.title')}, ${wave.name}`;
  web.pages.staff(req, res, 'invitations/recipients', view, { title, section: SECTION });
}

async function showRecipient(web: WavesWeb, req: Request, res: Response): Promise<void> {
  const { t, timeZone } = staffOf(res);
  const wave = await web.invitations.getWave(idOf(req.params.id));
  const log = await web.invitations.recipientLog(wave.id, idOf(req.params.invitationId));
  const facts = {
    wave,
    log,
    timeZone,
    decisions: await web.accounts.log.about({ kind: 'invitation', id: log.invitation.id }),
    colleagues: await web.accounts.colleagues(),
    name: (await web.invitations.namesOf([log.invitation])).get(log.invitation.customerId)?.name,
  };
  const view = recipientView(facts, t);
  web.pages.staff(req, res, 'invitations/recipient', view, { title: `${view.name}, ${wave.name}`, section: SECTION });
}

/** Page by page, so that a wave of a hundred thousand needs no more memory than a small one. */
async function sendCsv(web: WavesWeb, req: Request, res: Response): Promise<void> {
  const wave = await web.invitations.getWave(idOf(req.params.id));
  const filter = filterOf(req.query);
  res.attachment('recipients.csv').type('text/csv; charset=utf-8');
  res.write(CSV_BOM + csvLine(CSV_HEADER));
  for (let after: string | null = null; ;) {
    const list = await web.invitations.listInvitations(wave.id, filter, after, CSV_PAGE);
    const names = await web.invitations.namesOf(list.rows);
    const reminders = await web.invitations.remindersOf(list.rows.map(({ id }) => id));
    const lines = list.rows.map((row) => {
      const { name = '', reference = '' } = names.get(row.customerId) ?? {};
      return csvLine([reference, name, ...columnsOf(row, reminders.get(row.id) ?? [])]);
    });
    if (!res.write(lines.join(''))) await new Promise((drained) => res.once('drain', drained).once('close', drained));
    after = list.next;
    if (after === null || res.destroyed) break;
  }
  res.end();
}

const CSV_HEADER = [
  'reference',
  'name',
  'language',
  'delivery',
  'skip_reason',
  'skip_until',
  'progress',
  'sent_at',
  'bounced_at',
  'revoked_at',
  'expires_at',
  'reached_at',
  'reminder_1',
  'reminder_1_reason',
  'reminder_1_sent_at',
  'reminder_2',
  'reminder_2_reason',
  'reminder_2_sent_at',
];

function columnsOf(row: ListedInvitation, reminders: SentReminder[]): (string | null)[] {
  const { language, delivery, skipReason, skipUntil, progress, sentAt, bouncedAt, revokedAt, expiresAt } = row;
  const known = [language, delivery, skipReason, skipUntil, progress, sentAt, bouncedAt, revokedAt, expiresAt];
  const ofReminder = (number: number) => {
    const { state = null, reason = null, sentAt: at = null } = reminders.find((each) => each.number === number) ?? {};
    return [state, reason, at];
  };
  return [...known, row.reachedAt, ...ofReminder(1), ...ofReminder(2)];
}
