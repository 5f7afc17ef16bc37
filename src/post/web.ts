import type { Accounts } from '../accounts/index.ts';
import type { Texts } from '../i18n/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Pages } from '../web/index.ts';
import type { Post } from './service.ts';

/** What the pages about letters are made of. */
export interface PostWeb {
  post: Post;
  invitations: Pick<Invitations, 'getWave'>;
  accounts: Pick<Accounts, 'company' | 'colleagues'>;
  texts: Texts;
  pages: Pages;
  clock: Clock;
  baseUrl: string;
}

export const SECTION = '/waves';
