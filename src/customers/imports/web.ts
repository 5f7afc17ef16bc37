import type { Clock } from '../../shared/clock.ts';
import type { Pages } from '../../web/index.ts';
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
