import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Pages, Staff } from '../web/index.ts';
import type { Responses } from './service.ts';
import type { StandingCode } from './views.ts';

/** What the pages about responses are made of. */
export interface ResponseRoutes {
  storage: Pick<Storage, 'read'>;
  pages: Pages;
  accounts: Pick<Accounts, 'colleagues'>;
  responses: Pick<Responses, 'get' | 'copy' | 'waitingCopies' | 'choose'>;
  questionnaires: Pick<Questionnaires, 'version'>;
  customers: Pick<Customers, 'names'>;
  /** The codes that stand on its answers, as this person may see them: lent by whoever gives codes. */
  codesOf(responseId: string, staff: Staff): Promise<StandingCode[]>;
}
