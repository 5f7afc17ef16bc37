import { formatMoment, formatNumber, type Translate } from '../i18n/index.ts';
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
    budgetChanged: budget.changed ? changeWords(budget.changed, facts, t) : t('waves.rules.never'),
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
      changed: holdout.changed ? changeWords(holdout.changed, facts, t) : t('waves.rules.never'),
    })),
  };
}

function changeWords(
  { changed_by, changed_at }: { changed_by: string | null; changed_at: string },
  { colleagues, timeZone }: RulesFacts,
  t: Translate,
): string {
  const who = colleagues.find(({ id }) => id === changed_by)?.name ?? t('accounts.actor.system');
  return t('waves.rules.changed', { who, when: formatMoment(changed_at, t.language, timeZone) });
}
