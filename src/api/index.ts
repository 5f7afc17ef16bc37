import type { Accounts } from '../accounts/index.ts';
import type { Bounces } from '../mailer/index.ts';
import type { Coding } from '../coding/index.ts';
import type { Customers, Duplicates, Imports } from '../customers/index.ts';
import type { Texts } from '../i18n/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import type { Merging } from '../merging/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Recovery } from '../recovery/index.ts';
import type { Insight, Reports } from '../reports/index.ts';
import type { Responses } from '../responses/index.ts';
import type { Retention } from '../retention/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import type { Telephone } from '../telephone/index.ts';
import { absenceOperations } from './absence-operations.ts';
import { alertLinkOperations } from './alert-link-operations.ts';
import { alertOperations } from './alert-operations.ts';
import { anniversarySettingOperations } from './anniversary-setting-operations.ts';
import { approvalOperations } from './approval-operations.ts';
import { askingOperations } from './asking-operations.ts';
import { attachmentOperations } from './attachment-operations.ts';
import { attentionOperations } from './attention-operations.ts';
import { bounceOperations } from './bounce-operations.ts';
import { callOperations } from './call-operations.ts';
import { callSheetOperations } from './call-sheet-operations.ts';
import { cardOperations } from './card-operations.ts';
import { careOperations } from './care-operations.ts';
import { caseHandlingOperations } from './case-handling-operations.ts';
import { caseListOperations } from './case-list-operations.ts';
import { caseMailOperations } from './case-mail-operations.ts';
import { casePartOperations } from './case-part-operations.ts';
import { caseOperations } from './case-operations.ts';
import { catalogueOperations } from './catalogue-operations.ts';
import { codebookOperations } from './codebook-operations.ts';
import { colleagueOperations } from './colleague-operations.ts';
import { commentOperations } from './comment-operations.ts';
import { commentSettingOperations } from './comment-setting-operations.ts';
import { contactOperations } from './contact-operations.ts';
import { customerOperations } from './customer-operations.ts';
import { duplicateOperations } from './duplicate-operations.ts';
import { exceptionOperations } from './exception-operations.ts';
import { goalOperations } from './goal-operations.ts';
import { handingOverOperations } from './handing-over-operations.ts';
import { importOperations } from './import-operations.ts';
import { invitationOperations } from './invitation-operations.ts';
import { leavingOperations } from './leaving-operations.ts';
import { libraryOperations } from './library-operations.ts';
import { mergingOperations } from './merging-operations.ts';
import { offerOperations } from './offer-operations.ts';
import type { Operation } from './operation.ts';
import { paymentOperations } from './payment-operations.ts';
import { playbookOperations } from './playbook-operations.ts';
import { privacyOperations } from './privacy-operations.ts';
import { questionnaireOperations } from './questionnaire-operations.ts';
import { remedyOperations } from './remedy-operations.ts';
import { reportOperations } from './report-operations.ts';
import { responseOperations } from './response-operations.ts';
import { satisfactionOperations } from './satisfaction-operations.ts';
import { settingOperations } from './setting-operations.ts';
import { severalCasesOperations } from './several-cases-operations.ts';
import { sortingOperations } from './sorting-operations.ts';
import { suppressionOperations } from './suppression-operations.ts';
import { retentionOperations } from './retention-operations.ts';
import { riskOperations } from './risk-operations.ts';
import { scheduleOperations } from './schedule-operations.ts';
import { summaryOperations } from './summary-operations.ts';
import { tagOperations } from './tag-operations.ts';
import { trustOperations } from './trust-operations.ts';
import { valueOperations } from './value-operations.ts';
import { waveOperations } from './wave-operations.ts';
import { winbackLetterOperations } from './winback-letter-operations.ts';
import { winbackOperations } from './winback-operations.ts';

export { apiRoutes } from './routes.ts';
export { createWebhooks, webhookRoutes, type Webhooks } from './webhooks/index.ts';

interface Deps {
  accounts: Pick<Accounts, 'colleague' | 'colleagues' | 'company'>;
  bounces: Pick<Bounces, 'receive' | 'suppressions'>;
  customers: Customers;
  duplicates: Duplicates;
  imports: Imports;
  invitations: Invitations;
  responses: Responses;
  coding: Coding;
  questionnaires: Questionnaires;
  reports: Reports;
  insight: Insight;
  merging: Merging;
  privacy: Privacy;
  recovery: Recovery;
  loyalty: Pick<Loyalty, 'alerts' | 'trust' | 'anniversaries'>;
  retention: Retention;
  telephone: Pick<Telephone, 'list'>;
  storage: Storage;
  texts: Texts;
  clock: Clock;
}

/** All calls of the interface. */
export function apiOperations(deps: Deps): Operation[] {
  return [
    ...customerOperations(deps.customers),
    ...tagOperations(deps),
    ...importOperations(deps),
    ...contactOperations(deps),
    ...duplicateOperations(deps),
    ...mergingOperations(deps),
    ...privacyOperations(deps),
    ...waveOperations(deps.invitations),
    ...scheduleOperations(deps.invitations),
    ...questionnaireOperations(deps),
    ...responseOperations(deps),
    ...codebookOperations(deps),
    ...leavingOperations(deps.reports),
    ...reportOperations(deps.reports),
    ...riskOperations(deps.insight),
    ...valueOperations(deps.insight),
    ...satisfactionOperations(deps.insight),
    ...summaryOperations(deps.insight),
    ...retentionOperations(deps.insight),
    ...bounceOperations(deps.bounces),
    ...suppressionOperations(deps),
    ...caseOperations(deps),
    ...caseHandlingOperations(deps),
    ...severalCasesOperations(deps),
    ...caseListOperations(deps),
    ...caseMailOperations(deps),
    ...sortingOperations(deps),
    ...casePartOperations(deps),
    ...exceptionOperations(deps),
    ...attachmentOperations(deps),
    ...remedyOperations(deps),
    ...paymentOperations(deps),
    ...invitationOperations(deps),
    ...careOperations(deps),
    ...offerOperations(deps),
    ...catalogueOperations(deps),
    ...trustOperations(deps),
    ...askingOperations(deps),
    ...attentionOperations(deps),
    ...cardOperations(deps),
    ...callOperations(deps),
    ...callSheetOperations(deps),
    ...winbackOperations(deps),
    ...winbackLetterOperations(deps),
    ...alertOperations(deps),
    ...alertLinkOperations(deps),
    ...commentOperations(deps),
    ...colleagueOperations(deps),
    ...absenceOperations(deps),
    ...handingOverOperations(deps),
    ...approvalOperations(deps),
    ...libraryOperations(deps),
    ...playbookOperations(deps),
    ...goalOperations(deps),
    ...settingOperations(deps),
    ...commentSettingOperations(deps),
    ...anniversarySettingOperations(deps),
  ];
}
