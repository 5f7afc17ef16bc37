import type { Panel } from '../../customers/index.ts';
import type { PlaybookNote, Staff } from '../../web/index.ts';
import type { MailPanel } from '../mail/views.ts';
import type { RecoveryWeb } from '../web.ts';
import type { RecoveryCase } from './interface.ts';

/** A part of a case's page that somebody else lends. */
export interface CasePanel extends Panel {
  /** What the case is worked by: it stands in the wide column, above everything else. */
  main?: boolean;
  /** Instead of lines, in the wide column below the steps: the letters between us and them. */
  mail?: MailPanel;
  /** Instead of lines, in the wide column: advice for where the case stands. */
  playbook?: PlaybookNote[];
}

/** What the page's address asks a panel for: words to find an approved answer by, one to insert. */
export interface Asked {
  answer?: unknown;
  insert?: unknown;
}

export type CasePanelsOf = (
  web: RecoveryWeb,
  theCase: RecoveryCase,
  staff: Staff,
  asked: Asked,
) => Promise<CasePanel[]>;
