import type { Translate } from '../../i18n/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Pages } from '../../web/index.ts';
import type { ImportKind } from '../import/index.ts';
import type { CustomersDeps } from '../interface.ts';
import type { Imports } from './service.ts';

/** What the pages of imports need. */
export interface ImportsWeb {
  imports: Imports;
  pages: Pages;
  clock: Clock;
  colleagues: CustomersDeps['colleagues'];
  company: CustomersDeps['company'];
}

export const IMPORTS = '/customers/imports';

export const pathOf = (id: string) => `${IMPORTS}/${id}`;

/** What a field is called: a customer's reference is their number, a purchase's is that of its receipt. */
export function columnLabel(kind: ImportKind, field: string, t: Translate): string {
  return t(kind !== 'customers' && field === 'reference' ? 'import.column.recordReference' : `import.column.${field}`);
}

const SHOWN = 120;

export function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;
}
