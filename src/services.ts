import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAccounts, type PasswordCost } from './accounts/index.ts';
import { createAnswering } from './answering/index.ts';
import { createWebhooks } from './api/index.ts';
import { createCoding } from './coding/index.ts';
import type { Config } from './config.ts';
import { createCustomers, createDuplicates, createImports, openComplaints } from './customers/index.ts';
import { loadTexts } from './i18n/index.ts';
import { createInvitations } from './invitations/index.ts';
import {
  createBounces,
  createKeepingMailer,
  createMailer,
  createMailHooks,
  type FetchText,
  type MailSettings,
} from './mailer/index.ts';
import { createLoyalty } from './loyalty/index.ts';
import { createMerging } from './merging/index.ts';
import { createLetterEntry, createPost } from './post/index.ts';
import { createPrivacy } from './privacy/index.ts';
import { createQuestionnaires } from './questionnaires/index.ts';
import { createRecovery, openComplaintCases } from './recovery/index.ts';
import { answeredAs, createInsight, createReports } from './reports/index.ts';
import { createResponses } from './responses/index.ts';
import { createRetention, type Figures } from './retention/index.ts';
import { createLeases } from './scheduler/index.ts';
import { createTelephone } from './telephone/index.ts';
import type { Clock } from './shared/clock.ts';
import { createSigner } from './shared/tokens.ts';
import type { Storage } from './storage/index.ts';
import { createRender } from './web/index.ts';
import { wireBounces } from './wire-bounces.ts';

export interface ServicesOptions {
  config: Config;
  storage: Storage;
  clock: Clock;
  logger: Logger;
  /** At least 32 random bytes, kept outside the database. */
  secret: Uint8Array;
  /** Cheaper in tests. */
  passwordCost?: PasswordCost;
  /** For telling of the past: nothing is ever sent, every mail counts as sent and is kept in the app. */
  keepsMail?: boolean;
  /** A file beside the secret that remembers outside the database whom not to write to. */
  journal?: string | undefined;
  /** A file beside the secret that remembers outside the database who was erased. */
  erasures?: string | undefined;
  /** How certificates of mail services are fetched, where not over the network. */
  fetchText?: FetchText;
  /** The folder of the codebooks that come with the product, with what is known of their codes; a smaller one in tests. */
  codebooks?: string;
}

export type Services = ReturnType<typeof createServices>;

const root = join(import.meta.dirname, '..');
/** The same for all services of a process: texts and templates are read once. */
const allTexts = loadTexts(join(root, 'data/locales'));
const render = createRender(join(root, 'views'));

/** Every feature's use cases, each with what it needs of the earlier ones, and the hooks between them. */
export function createServices(options: ServicesOptions) {
  const { config, storage, clock, logger, secret, passwordCost } = options;
  const { baseUrl } = config;
  const signer = createSigner(secret);
  const texts = allTexts.forBusiness();
  const platform = { storage, clock, logger, texts, render, signer, secret, baseUrl };

  const leases = createLeases(platform);
  const { imapUrl, bounceAddress } = config;
  const bounces = createBounces({
    ...platform,
    leases,
    imapUrl,
    bounceAddress,
    journal: options.journal,
    audit: (tx, actor, action, subject, detail) => accounts.audit(tx, actor, action, subject, detail),
  });
  const mailHooks = createMailHooks({
    ...platform,
    take: bounces.take,
    secrets: () => accounts.hookSecrets(),
    fetchText: options.fetchText,
  });
  const mailer = (options.keepsMail ? createKeepingMailer : createMailer)({
    ...platform,
    bounces,
    dkim: config.dkim,
    mailSettings: async () => fromEnvironment(config) ?? (await accounts.mailSettings()),
    isPaused: () => accounts.settings.isSendingOff(),
    fallbackFrom: async () => (await company()).email || `comeback@${new URL(baseUrl).hostname}`,
  });
  const accounts = createAccounts({ ...platform, mailer, passwordCost });
  const { audit, company, colleagues } = accounts;
  const customers = createCustomers({
    ...platform,
    audit,
    company,
    colleagues,
    answeredAs,
    offerCodes: (db, purchases) => recovery.offers.codesNamed(db, purchases),
  });
  const { recordEvents, worths } = customers;
  const duplicates = createDuplicates({ ...platform, leases, audit });
  const imports = createImports({ ...platform, leases, customers, audit, company, colleagues });
  const questionnaires = createQuestionnaires({
    ...platform,
    audit,
    starters: join(root, 'data/questionnaires'),
    familiar: async () => (await accounts.company()).familiar,
  });
  const definitionOf = async (versionId: string) => (await questionnaires.version(versionId))?.definition;
  const invitations = createInvitations({
    ...platform,
    mailer,
    accounts,
    customers,
    questionnaires,
    leases,
    isSuppressed: bounces.suppressions.among,
    hasOpenComplaint: async (db, ids) =>
      (await openComplaints(db, ids))
        .union(await openComplaintCases(db, ids))
        .union(await recovery.payment.inConversation(db, ids)),
    isTalking: (db, ids) => recovery.payment.inConversation(db, ids),
    minutesTaken: (version) => responses.minutesTaken(version),
  });
  const companyName = async () => (await company()).name;
  const responses = createResponses({ ...platform, invitations, companyName, recordEvents, audit });
  const { unsubscribe, refuse } = customers;
  const answering = createAnswering({
    ...platform,
    responses,
    invitations,
    questionnaires,
    accounts,
    unsubscribe,
    refuse,
  });
  const post = createPost({ ...platform, invitations, customers, questionnaires, accounts });
  const letterEntry = createLetterEntry({
    ...platform,
    invitations,
    customers,
    questionnaires,
    accounts,
    responses,
  });
  const telephone = createTelephone({ ...platform, invitations, customers, questionnaires, responses, accounts });
  const starters = options.codebooks ?? join(root, 'data/codebook');
  const coding = createCoding({
    ...platform,
    leases,
    starters,
    audit,
    recordEvents,
    definitionOf,
    worths,
    responses,
    companyName,
    colleagues,
  });
  const earlier = {
    ...platform,
    leases,
    mailer,
    bounces,
    accounts,
    customers,
    questionnaires,
    invitations,
    responses,
    telephone,
  };
  const recovery = createRecovery({ ...earlier, tellsThePast: options.keepsMail, coding });
  const loyalty = createLoyalty({ ...earlier, coding, recovery });
  // A written goal is held against figures that are worked out from everything, retention's own records included.
  const figures: Figures = {
    measure: (name, upTo) => insight.measure(name, upTo),
    codeShare: (codeId, period) => reports.codeShare(codeId, period),
  };
  const caring = { ...earlier, coding, recovery, loyalty, figures };
  const retention = createRetention(caring);
  const { audits, competitors } = coding;
  const reports = createReports({ ...platform, company, facets: customers.facets, audits, competitors, colleagues });
  // Words are on the desk before an audit can draw them.
  responses.onSubmitted(coding.onSubmitted);
  const insight = createInsight({ ...caring, retention, reports });

  const privacy = createPrivacy({ ...caring, insight, erasures: options.erasures });

  const merging = createMerging({ ...platform, mailer, bounces, customers, invitations, recovery });

  const webhooks = createWebhooks({ ...platform, mailer, accounts, allowsPrivate: config.webhooksPrivate });

  // News travels from an earlier feature to a later one, in the same transaction.
  customers.onChanged(reports.refreshLeavers);
  customers.onChanged(coding.refreshWorth);
  customers.onUnsubscribed(invitations.withdrawFor);
  customers.onRemoving(invitations.invited);
  invitations.onChanged(reports.refreshLeavers);
  wireBounces({ bounces, mailer, invitations, customers });
  responses.onSubmitted(telephone.onSubmitted);
  customers.onUnsubscribed(telephone.onUnsubscribed);
  coding.onMainReason(reports.refreshLeavers);
  coding.onRead(reports.noteRead);
  recovery.winback.onReason(reports.refreshLeavers);
  webhooks.listenTo({ responses, customers, invitations, recovery, loyalty, retention, privacy, merging });

  return {
    leases,
    texts,
    render,
    signer,
    mailer,
    bounces,
    mailHooks,
    accounts,
    customers,
    duplicates,
    imports,
    questionnaires,
    invitations,
    responses,
    answering,
    post,
    letterEntry,
    telephone,
    coding,
    recovery,
    loyalty,
    retention,
    figures,
    reports,
    insight,
    privacy,
    merging,
    webhooks,
  };
}

/** The mail server that the environment names; it wins over the one set in the app. */
function fromEnvironment({ smtpUrl, mailFrom, baseUrl }: Config): MailSettings | null {
  return smtpUrl ? { url: smtpUrl, from: mailFrom ?? `comeback@${new URL(baseUrl).hostname}` } : null;
}
