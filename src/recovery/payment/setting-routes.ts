import { Router, type Request, type Response } from 'express';
import { formatMoment } from '../../i18n/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, needsRole, notify, readForm, saveSession, staffOf, type FormView } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { settingForm, typedSetting } from './forms.ts';

const manager = needsRole('manager');
const PATH = '/settings/payment';

export interface PaymentSettingPage {
  form: FormView;
  changed: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/payment-setting': PaymentSettingPage;
  }
}

/** From when on arrears open a case, who looks at the invitation, and what colleagues may agree to. */
export function paymentSettingRoutes(web: RecoveryWeb): Router {
  const router = Router();
  const { settings } = web.recovery.payment;

  async function contextOf(res: Response) {
    const { currency, language } = staffOf(res);
    const { timeZone } = await web.accounts.company();
    return { currency, language, today: dayIn(timeZone, web.clock.now()) };
  }

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { t } = staffOf(res);
    const setting = typedSetting(await settings.read(web.storage.read), await contextOf(res));
    const view = {
      form: formView(errors ? (req.body as object) : setting, errors, t),
      changed: await changedWords(web, res),
    };
    const page = { title: t('payment.setting.title'), section: '/settings', status: errors ? 422 : 200 };
    web.pages.staff(req, res, 'recovery/payment-setting', view, page);
  }

  router.get(PATH, manager, (req, res) => show(req, res));
  router.post(PATH, manager, async (req, res) => {
    const { id, t } = staffOf(res);
    const form = readForm(settingForm(await contextOf(res)), req.body);
    if (!form.ok) return await show(req, res, form.errors);
    const { least: leastMinor, staff: staffMinor, ...rest } = form.value;
    await settings.save(colleague(id), { ...rest, leastMinor, staffMinor });
    notify(req, t('payment.setting.saved'));
    await saveSession(req);
    res.redirect(303, PATH);
  });
  return router;
}

async function changedWords({ recovery, accounts }: RecoveryWeb, res: Response): Promise<string> {
  const { t, timeZone } = staffOf(res);
  const changed = await recovery.payment.settings.changed();
  if (!changed) return t('waves.rules.never');
  const who = (await accounts.colleagues()).find(({ id }) => id === changed.by)?.name ?? t('accounts.actor.system');
  return t('waves.rules.changed', { who, when: formatMoment(changed.at, t.language, timeZone) });
}
