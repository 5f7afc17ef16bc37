import type { Panel } from '../../customers/index.ts';
import type { Html, Staff } from '../../web/index.ts';
import { commentCasePanels } from '../comments/panel.ts';
import { caseMailPanel } from '../mail/pages.ts';
import { offerCasePanels } from '../offer-panels.ts';
import { paymentPanel } from '../payment/panel-views.ts';
import { playbookPanel } from '../playbook-panel.ts';
import type { RecoveryWeb } from '../web.ts';
import type { RecoveryCase } from './interface.ts';

/** A part of a case's page that somebody else lends. */
export interface CasePanel extends Panel {
  /** Markup of a template of its own (`web.render`): it stands in the wide column below the steps, instead of lines. */
  body?: Html;
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

/** The parts of this feature that have something to say on a case's page, in this order. */
const PARTS: CasePanelsOf[] = [commentCasePanels, offerCasePanels, caseMailPanel, paymentPanel, playbookPanel];

/** What stands on a case's page beside its steps and its thread; `lent` is of later features. */
export async function casePanels(
  web: RecoveryWeb,
  theCase: RecoveryCase,
  staff: Staff,
  lent: CasePanelsOf[] = [],
  asked: Asked = {},
): Promise<CasePanel[]> {
  return (await Promise.all([...PARTS, ...lent].map((of) => of(web, theCase, staff, asked)))).flat();
}
