import { Router, type Request, type Response } from 'express';
import { changedWords } from '../../accounts/index.ts';
import { colleague } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, needsRole, readForm, sayOrShow, seenRevision, staffOf, type FormView } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { settingForm, typedSetting } from './forms.ts';

const manager = needsRole('manager');
const PATH = '/settings/payment';

export interface PaymentSettingPage {
  form: FormView;
  revision: number;
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

  async function show(req: Request, res: Response, status = 200, errors?: FieldErrors): Promise<void> {
    const { t } = staffOf(res);
    const { setting, revision, changed } = await settings.standing();
    const typed = status === 200 ? typedSetting(setting, await contextOf(res)) : (req.body as object);
    const view = {
      form: formView(typed, errors, t),
      // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
      revision: errors ? seenRevision(req.body) : revision,
      changed: changedWords(changed, await web.accounts.colleagues(), staffOf(res)),
    };
    const page = { title: t('payment.setting.title'), section: '/settings', status };
    web.pages.staff(req, res, 'recovery/payment-setting', view, page);
  }

  router.get(PATH, manager, (req, res) => show(req, res));
  router.post(PATH, manager, async (req, res) => {
    const { id, t } = staffOf(res);
    const form = readForm(settingForm(await contextOf(res)), req.body);
    if (!form.ok) return await show(req, res, 422, form.errors);
    const { least: leastMinor, staff: staffMinor, ...rest } = form.value;
    await sayOrShow(req, res, { then: PATH, show: (status) => show(req, res, status) }, async () => {
      await settings.save(colleague(id), { ...rest, leastMinor, staffMinor }, seenRevision(req.body));
      return t('payment.setting.saved');
    });
  });
  return router;
}
