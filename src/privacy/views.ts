import { displayName, type Customer, type Panel } from '../customers/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../web/index.ts';

export interface ErasurePage {
  name: string;
  back: string;
  action: string;
  reference: string;
  exportHref: string;
  goes: string[];
  stays: string[];
  form: FormView;
}

declare module '../web/render.ts' {
  interface Templates {
    'privacy/erasure': ErasurePage;
  }
}

const GOES = ['person', 'words', 'mails', 'files', 'links'] as const;
const STAYS = ['counts', 'shared', 'hash', 'own', 'backups'] as const;

export function erasurePage(customer: Customer, staff: Staff, typed?: unknown, errors?: FieldErrors): ErasurePage {
  const { t } = staff;
  const path = `/customers/${customer.id}`;
  return {
    name: displayName(customer),
    back: path,
    action: `${path}/erasure`,
    reference: customer.reference,
    exportHref: `${path}/export`,
    goes: GOES.map((each) => t(`privacy.erasure.goes.${each}`)),
    stays: STAYS.map((each) => t(`privacy.erasure.stays.${each}`)),
    form: formView(typed, errors, t),
  };
}

/** What an administrator can do about a customer's data, on their profile. */
export function privacyPanels(customerId: string, staff: Staff): Panel[] {
  if (!hasRole(staff.role, 'administrator')) return [];
  const { t } = staff;
  const path = `/customers/${customerId}`;
  return [
    {
      id: 'privacy',
      heading: t('privacy.heading'),
      lines: [],
      empty: t('privacy.lead'),
      links: [
        { text: t('privacy.export'), href: `${path}/export` },
        { text: t('privacy.erase'), href: `${path}/erasure` },
      ],
    },
  ];
}
