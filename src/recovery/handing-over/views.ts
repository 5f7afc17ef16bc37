import type { Colleague } from '../../accounts/index.ts';
import type { Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import { LOOKED_AFTER, type LookedAfter } from './looked-after.ts';

export interface HandingOverPage {
  name: string;
  /** The colleague's page. */
  person: string;
  heading: string;
  lead: string;
  /** Null where nothing is left. */
  order: {
    form: FormView;
    action: string;
    colleagues: { value: string; text: string }[];
    hasCases: boolean;
    button: string;
  } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/handing-over': HandingOverPage;
  }
}

export const pathOf = (accountId: string) => `/settings/people/${accountId}/handing-over`;

/** '23 customers and 4 open cases'; '' for nothing at all. */
export function whatInWords(left: LookedAfter, t: Translate): string {
  const parts = LOOKED_AFTER.filter((what) => left[what] > 0).map((what) =>
    t(`handover.${what}`, { count: left[what] }),
  );
  return new Intl.ListFormat(t.language, { type: 'conjunction' }).format(parts);
}

export function handingOverPage(
  { id, name }: Colleague,
  { left, colleagues }: { left: LookedAfter; colleagues: Colleague[] },
  t: Translate,
  typed: unknown = {},
  errors?: FieldErrors,
): HandingOverPage {
  const what = whatInWords(left, t);
  const others = colleagues.filter((each) => each.active && each.id !== id);
  return {
    name,
    person: `/settings/people/${id}`,
    heading: t('handover.title', { name }),
    lead: what === '' ? t('handover.nothing', { name }) : t('handover.lead', { name, what }),
    order:
      what === ''
        ? null
        : {
            form: formView(typed, errors, t),
            action: pathOf(id),
            colleagues: [
              { value: '', text: t('handover.choose') },
              ...others.map((each) => ({ value: each.id, text: each.name })),
            ],
            hasCases: left.cases > 0,
            button: t('handover.button', { what }),
          },
  };
}
