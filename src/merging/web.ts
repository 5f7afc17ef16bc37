import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Pages } from '../web/index.ts';
import type { Merging } from './service.ts';

/** What the pages about merging need. */
export interface MergingWeb {
  merging: Pick<Merging, 'merge' | 'holdings'>;
  customers: Pick<Customers, 'get' | 'keptFor' | 'list' | 'duplicatesOf'>;
  accounts: Pick<Accounts, 'colleagues'>;
  pages: Pages;
}
