import type { Clock } from '../shared/clock.ts';
import type { Texts } from '../i18n/index.ts';
import type { Pages, PlaybookFor } from '../web/index.ts';
import type { RecoveryDeps } from './deps.ts';
import type { Recovery } from './service.ts';

/** What the pages of this feature need. */
export interface RecoveryWeb extends RecoveryDeps {
  recovery: Recovery;
  pages: Pages;
  texts: Texts;
  clock: Clock;
  /** Advice for where somebody is, to be shown with `shared/playbook`. */
  playbookFor: PlaybookFor;
}
