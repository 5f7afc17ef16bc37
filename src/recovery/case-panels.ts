import type { Staff } from '../web/index.ts';
import type { RecoveryCase } from './cases/interface.ts';
import { namingPanel } from './cases/naming-panel.ts';
import type { Asked, CasePanel, CasePanelsOf } from './cases/panel.ts';
import { commentCasePanels } from './comments/panel.ts';
import { filesPanel } from './mail/files-panel.ts';
import { caseMailPanel } from './mail/pages.ts';
import { offerCasePanels } from './offer-panels.ts';
import { paymentPanel } from './payment/panel-views.ts';
import { playbookPanel } from './playbook-panel.ts';
import type { RecoveryWeb } from './web.ts';

/** The parts of this feature that have something to say on a case's page, in this order. */
const PARTS: CasePanelsOf[] = [
  namingPanel,
  commentCasePanels,
  offerCasePanels,
  caseMailPanel,
  filesPanel,
  paymentPanel,
  playbookPanel,
];

/** What stands on a case's page beside its steps and its thread. */
export async function casePanels(
  web: RecoveryWeb,
  theCase: RecoveryCase,
  staff: Staff,
  asked: Asked = {},
): Promise<CasePanel[]> {
  return (await Promise.all(PARTS.map((of) => of(web, theCase, staff, asked)))).flat();
}
