import type { Customers } from '../customers/index.ts';
import type { Pages } from '../web/index.ts';
import type { Privacy } from './service.ts';

/** What the pages about erasing need. */
export interface PrivacyWeb {
  privacy: Pick<Privacy, 'exported' | 'erase'>;
  customers: Pick<Customers, 'get'>;
  pages: Pages;
}
