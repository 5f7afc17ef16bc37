import type { AlertTables } from './alerts.ts';
import type { AccountsTables } from './accounts.ts';
import type { AttentionsTables } from './attentions.ts';
import type { BouncesTables } from './bounces.ts';
import type { CadenceTables } from './cadence.ts';
import type { CaseMailTables } from './case-mail.ts';
import type { CodingTables } from './coding.ts';
import type { ThemeTables } from './coding-themes.ts';
import type { CustomersTables } from './customers.ts';
import type { EffectTables } from './effect.ts';
import type { GoalsTables } from './goals.ts';
import type { InvitationsTables } from './invitations.ts';
import type { MailerTables } from './mailer.ts';
import type { OffersTables } from './offers.ts';
import type { PlaybookTables } from './playbook.ts';
import type { PaymentTables } from './payment.ts';
import type { PostTables } from './post.ts';
import type { QuestionnairesTables } from './questionnaires.ts';
import type { CasesTables } from './cases.ts';
import type { ReportsTables } from './reports.ts';
import type { ResponsesTables } from './responses.ts';
import type { SatisfactionTables } from './satisfaction.ts';
import type { SchedulerTables } from './scheduler.ts';
import type { RiskTables } from './risk.ts';
import type { SummaryTables } from './summary.ts';
import type { ValueTables } from './value.ts';
import type { WebhookTables } from './webhooks.ts';

/**
 * The tables, as both engines hold them: text ids (UUIDv7), UTC timestamps and plain dates as text, 0/1 for yes and no,
 * money in minor units, JSON as text that is parsed by zod where it is read. The migrations say the same in SQL.
 */
export interface Schema
  extends
    AccountsTables,
    AlertTables,
    AttentionsTables,
    PaymentTables,
    CustomersTables,
    EffectTables,
    QuestionnairesTables,
    MailerTables,
    BouncesTables,
    SchedulerTables,
    InvitationsTables,
    CadenceTables,
    PostTables,
    ResponsesTables,
    CodingTables,
    ThemeTables,
    CasesTables,
    CaseMailTables,
    PlaybookTables,
    GoalsTables,
    ValueTables,
    RiskTables,
    WebhookTables,
    OffersTables,
    SatisfactionTables,
    SummaryTables,
    ReportsTables {}
