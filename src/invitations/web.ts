import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Mailer } from '../mailer/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Pages } from '../web/index.ts';
import type { ReasonGroup } from './reason-group.ts';
import type { Invitations } from './service.ts';

/** What the pages about waves are made of. */
export interface WavesWeb {
  invitations: Invitations;
  accounts: Pick<Accounts, 'company' | 'colleague' | 'colleagues' | 'log'>;
  customers: Pick<Customers, 'facets'>;
  questionnaires: Pick<Questionnaires, 'list' | 'archived' | 'get' | 'version'>;
  mailer: Pick<Mailer, 'captures'>;
  /** The reasons that customers give, in a reader's language; the codebook of each programme. */
  reasonGroups(language: string): Promise<ReasonGroup[]>;
  pages: Pages;
  baseUrl: string;
  clock: Clock;
}

export const SECTION = '/waves';
