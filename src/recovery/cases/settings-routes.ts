import { Router, type Request, type Response } from 'express';
import { colleague } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { decimalsOf, plainMoney } from '../../shared/money.ts';
import { formView, needsRole, readForm, sayOrShow, seenRevision, staffOf, type FormView } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { minorOf } from './case-forms.ts';
import { settingsSchema, type StoredSettings } from './settings.ts';

const PATH = '/settings/cases';
const manager = needsRole('manager');
const DURATIONS = ['apologiseHours', 'actDays', 'empathyDays', 'makeGoodDays', 'followUpDays', 'silentDays'] as const;

export interface CaseSettingsPage {
  form: FormView;
  revision: number;
  durations: { name: string; label: string }[];
  reasons: { value: string; text: string; checked: boolean }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/case-settings': CaseSettingsPage;
  }
}

/** What opens cases, how long steps may take, and what may be given without asking. */
export function caseSettingsRoutes(web: RecoveryWeb): Router {
  const { settings } = web.recovery.caseWork;
  const router = Router();

  async function reasons(chosen: string[], language: string): Promise<CaseSettingsPage['reasons']> {
    return [...(await settings.reasons())].map(([value, name]) => ({
      value,
      text: name[language] ?? name.en ?? value,
      checked: chosen.includes(value),
    }));
  }

  async function show(req: Request, res: Response, status = 200, errors?: FieldErrors): Promise<void> {
    const { t, currency } = staffOf(res);
    const { setting: saved, revision } = await settings.standing();
    const typed = status === 200 ? null : ((req.body ?? {}) as Body);
    const page: CaseSettingsPage = {
      form: formView(typed ?? valuesOf(saved, currency), errors, t),
      // What does not fit was made from the same revision as before; after somebody else's it is a decision to save.
      revision: errors ? seenRevision(req.body) : revision,
      durations: DURATIONS.map((name) => ({ name, label: t(`cases.setting.${name}`) })),
      reasons: await reasons(typed ? listOf(typed.reasons) : saved.reasons, t.language),
    };
    web.pages.staff(req, res, 'recovery/case-settings', page, {
      title: t('accounts.cases'),
      section: '/settings',
      status,
    });
  }

  router.get(PATH, manager, (req, res) => show(req, res));

  router.post(PATH, manager, async (req, res) => {
    const { id, t, currency } = staffOf(res);
    const body = (req.body ?? {}) as Body;
    const given = readForm(settingsSchema, asSettings(body, currency));
    if (!given.ok) {
      const { staffLimitMinor: amount, ...others } = given.errors;
      const errors = amount ? { ...others, staffLimit: { key: 'cases.error.amount' } } : others;
      return await show(req, res, 422, errors);
    }
    await sayOrShow(req, res, { then: PATH, show: (status) => show(req, res, status) }, async () => {
      await settings.save(colleague(id), given.value, seenRevision(body));
      return t('accounts.saved');
    });
  });

  return router;
}

type Body = Record<string, unknown>;

const listOf = (value: unknown): string[] => [value ?? []].flat().filter((each) => typeof each === 'string');

function valuesOf(saved: StoredSettings, currency: string): Record<string, string> {
  const numbers = Object.fromEntries(DURATIONS.map((name) => [name, String(saved[name])]));
  return {
    ...numbers,
    lowScorePercent: String(saved.lowScorePercent),
    wish: saved.wish ? '1' : '',
    winBack: saved.winBack ? '1' : '',
    keywords: saved.keywords.join('\n'),
    staffLimit:
      decimalsOf(currency) === 0 ? String(saved.staffLimitMinor) : plainMoney(saved.staffLimitMinor, currency),
  };
}

/** The typed form as the settings' schema wants it; what is no number stays a text, which it refuses. */
function asSettings(body: Body, currency: string) {
  const number = (value: unknown) =>
    typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
  const keywords = typeof body.keywords === 'string' ? body.keywords.split(/\r?\n|,/) : [];
  return {
    ...Object.fromEntries(DURATIONS.map((name) => [name, number(body[name])])),
    lowScorePercent: number(body.lowScorePercent),
    wish: body.wish === '1',
    winBack: body.winBack === '1',
    reasons: listOf(body.reasons),
    keywords: keywords.map((each) => each.trim()).filter(Boolean),
    staffLimitMinor: minorOf(typeof body.staffLimit === 'string' ? body.staffLimit : '', currency) ?? 'none',
  };
}
