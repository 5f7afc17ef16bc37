import { changedWords } from '../accounts/index.ts';
import { formatNumber, type Translate } from '../i18n/index.ts';
import { nameInWords } from '../questionnaires/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, hasRole, type FormView, type Role } from '../web/index.ts';
import { adviceFor, LEAVERS_NEEDED, SUGGESTED_SHARE } from './holdout-rules.ts';
import type { SendingRules } from './sending-rules.ts';

export interface RulesView {
  form: FormView;
  mayChange: boolean;
  /** Who set the budget, and when. */
  budgetChanged: string;
  advice: string;
  programmes: { name: string; action: string; field: string; share: string; state: string; changed: string }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/rules': RulesView;
  }
}

interface RulesFacts extends SendingRules {
  rejected: { typed: object; errors: FieldErrors } | undefined;
  role: Role;
  timeZone: string;
  colleagues: { id: string; name: string }[];
}

export function rulesView(facts: RulesFacts, t: Translate): RulesView {
  const { budget, programmes, leavers, rejected, role } = facts;
  const number = (value: number) => formatNumber(value, t.language);
  const values = {
    days: String(budget.days),
    ...Object.fromEntries(programmes.map(({ id, holdout }) => [`share-${id}`, String(holdout.share)])),
  };
  return {
    form: formView({ ...values, ...rejected?.typed }, rejected?.errors, t),
    mayChange: hasRole(role, 'manager'),
    budgetChanged: changedIn(budget.changed, facts, t),
    advice: t(`waves.holdout.${adviceFor(leavers)}`, {
      count: leavers,
      needed: LEAVERS_NEEDED,
      share: SUGGESTED_SHARE,
    }),
    programmes: programmes.map(({ id, name, holdout }) => ({
      name: nameInWords(name, t),
      action: `/waves/rules/holdout/${id}`,
      field: `share-${id}`,
      share: holdout.share === 0 ? t('waves.holdout.off') : t('waves.holdout.on', { share: holdout.share }),
      state:
        holdout.drawn === 0
          ? ''
          : t('waves.holdout.drawn', { drawn: number(holdout.drawn), held: number(holdout.heldOut) }),
      changed: changedIn(holdout.changed, facts, t),
    })),
  };
}

const changedIn = (
  changed: { changed_by: string | null; changed_at: string } | null | undefined,
  { colleagues, timeZone }: RulesFacts,
  t: Translate,
): string =>
  changedWords(changed ? { by: changed.changed_by, at: changed.changed_at } : null, colleagues, { t, timeZone });
