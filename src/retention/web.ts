import type { Clock } from '../shared/clock.ts';
import type { Texts } from '../i18n/index.ts';
import type { Pages } from '../web/index.ts';
import type { RetentionDeps } from './deps.ts';
import type { Retention } from './service.ts';

/** What the pages of this feature need. */
export interface RetentionWeb extends RetentionDeps {
  retention: Retention;
  pages: Pages;
  texts: Texts;
  clock: Clock;
}
