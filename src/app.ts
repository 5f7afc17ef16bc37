import { join } from 'node:path';
import express, { type Express, type Response, type Router } from 'express';
import { accountsRoutes, authenticate, publicRoutes, signedOutRoutes, type AccountsWeb } from './accounts/index.ts';
import { answeringRoutes, optOutRoutes } from './answering/index.ts';
import { apiOperations, apiRoutes, webhookRoutes } from './api/index.ts';
import { codebookRoutes, codingRoutes, offered, shownCodes } from './coding/index.ts';
import { customersRoutes, importRoutes } from './customers/index.ts';
import type { Config } from './config.ts';
import { createDemo, type Demo } from './demo/index.ts';
import { waveRoutes } from './invitations/index.ts';
import { bounceRoutes, mailHookRoutes, outboxRoutes } from './mailer/index.ts';
import { alertNews, loyaltyPanels, loyaltyRoutes, publicLoyaltyRoutes } from './loyalty/index.ts';
import { codeRoutes, entryRoutes, letterRoutes } from './post/index.ts';
import { nameInWords, questionnairesRoutes, type ChoosableCode } from './questionnaires/index.ts';
import { publicRecoveryRoutes, recoveryPanels, recoveryRoutes, searchCases } from './recovery/index.ts';
import { privacyPanels, privacyRoutes } from './privacy/index.ts';
import { insightPanels, insightRoutes, reportRoutes, summaryChoice } from './reports/index.ts';
import { createVoices, responseRoutes } from './responses/index.ts';
import {
  playbookMark,
  policyNotes,
  publicRetentionRoutes,
  retentionPanels,
  retentionRoutes,
} from './retention/index.ts';
import type { Actor } from './shared/actor.ts';
import type { Clock } from './shared/clock.ts';
import { createMetrics } from './metrics.ts';
import { dkimRecord } from './shared/signing-key.ts';
import { telephoneRoutes } from './telephone/index.ts';
import { createServices, type Services, type ServicesOptions } from './services.ts';
import {
  createAssets,
  createPages,
  errorPages,
  hasRole,
  healthRoutes,
  metricsRoutes,
  noStore,
  notFound,
  requestId,
  sameOrigin,
  securityHeaders,
  sessions,
  sessionToken,
  staffOf,
  type NavItem,
  type Pages,
  type Staff,
} from './web/index.ts';

const NAV: NavItem[] = [
  { href: '/today', text: 'nav.today', role: 'staff' },
  { href: '/customers', text: 'nav.customers', role: 'staff' },
  { href: '/waves', text: 'nav.waves', role: 'staff' },
  { href: '/questionnaires', text: 'nav.questions', role: 'staff', more: true },
  { href: '/answers', text: 'nav.answers', role: 'staff' },
  { href: '/leaving', text: 'nav.leaving', role: 'manager' },
  { href: '/playbook', text: 'nav.playbook', role: 'staff' },
  { href: '/settings', text: 'nav.settings', role: 'manager', more: true },
];

const FORM = { extended: false, limit: '256kb', parameterLimit: 2000 };

export interface App extends Services {
  handler: Express;
  demo: Demo;
  /** Puts starters and codebooks in place; harmless when they are there. */
  prepare(): Promise<void>;
  /** Begins the background work. */
  start(): Promise<void>;
  /** One pass of everything that is due, for the command line. */
  runDue(): Promise<{ sent: number; failed: number; left: number }>;
  /** Ends the background work; what is under way is finished first. */
  stop(): Promise<void>;
}

/** Puts the parts together: services, routes, background work. */
export function createApp(options: ServicesOptions): App {
  const services = createServices(options);
  const { bounces, coding, imports, invitations, mailer, questionnaires, reports } = services;
  const caring = [services.recovery, services.loyalty, services.insight];
  const { storage, clock } = options;
  const past = (then: Clock) => createServices({ ...options, clock: then, keepsMail: true });
  const demo = createDemo({ storage, clock, present: services, past });
  let stopping = false;

  async function ready(): Promise<void> {
    if (stopping) throw new Error('shutting down');
    await options.storage.ping();
  }

  return {
    ...services,
    demo,
    handler: createHandler(options, services, { ready, demo }),
    async prepare() {
      await bounces.prepare();
      await services.privacy.prepare();
      await questionnaires.installStarters();
      await coding.installCodebooks();
      await services.retention.playbook.installStarters();
      await reports.prepare();
    },
    async start() {
      await coding.finishMoves();
      await mailer.start();
      bounces.start();
      invitations.start();
      imports.start();
      coding.opinions.start();
      coding.discoveries.start();
      for (const each of caring) each.start();
      services.webhooks.start();
      services.privacy.start();
    },
    async runDue() {
      await bounces.work();
      await invitations.work();
      for (const each of caring) await each.work();
      const done = await mailer.sendDue();
      await invitations.work();
      await services.webhooks.work();
      await services.privacy.work();
      return done;
    },
    async stop() {
      stopping = true;
      const { opinions, discoveries } = coding;
      const working = [
        services.privacy,
        services.webhooks,
        ...caring,
        imports,
        opinions,
        discoveries,
        invitations,
        mailer,
        bounces,
      ];
      await Promise.all(working.map((each) => each.stop()));
    },
  };
}

interface Handling {
  ready(): Promise<void>;
  demo: Demo;
}

/** What a request passes, in this order. */
function createHandler(options: ServicesOptions, services: Services, { ready, demo }: Handling): Express {
  const { config, storage, clock, logger } = options;
  const { texts, render, signer, accounts } = services;
  const assets = createAssets(join(import.meta.dirname, '../public'));
  const pages = createPages(render, assets, NAV);
  const https = config.baseUrl.startsWith('https:');
  const loadSample = async (actor: Actor) => void (await demo.loadSample(actor));
  const web = { ...accountsWeb(options, services, pages, https), loadSample };
  const handler = express();
  handler.disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy).set('query parser', 'simple');
  handler.use(requestId, securityHeaders(config.baseUrl));

  // Customers, without cookies; answering first, because they are the most.
  const playbookFor = services.retention.playbook.forPlace;
  const caring = { ...services, ...options, pages, playbookFor, baseUrl: config.baseUrl };
  handler.use(answeringRoutes({ answering: services.answering, pages, baseUrl: config.baseUrl }));
  handler.use(publicRecoveryRoutes(caring), publicLoyaltyRoutes(caring), publicRetentionRoutes(caring));
  handler.use(optOutRoutes({ answering: services.answering, pages }));
  handler.use(codeRoutes({ ...services, pages, clock, baseUrl: config.baseUrl }));
  handler.use(assets.serve, healthRoutes({ ready }), publicRoutes(web));
  handler.use(metricsRoutes({ gather: createMetrics(services, options), authenticate: accounts.authenticateToken }));

  // Mail services, known by their signatures.
  handler.use('/hooks/mail', mailHookRoutes({ hooks: services.mailHooks, logger }));

  // Programs, with a token instead of a session.
  const operations = apiOperations({ ...services, storage, clock });
  const authenticateToken = accounts.authenticateToken;
  handler.use(
    '/api/v1',
    apiRoutes({ operations, authenticate: authenticateToken, baseUrl: config.baseUrl, logger, t: texts.in('en') }),
  );

  // Staff.
  handler.use(noStore, sameOrigin(config.baseUrl), express.urlencoded(FORM));
  handler.use(sessions(storage, clock, signer.mac('session', 'cookie'), https), signedOutRoutes(web));
  handler.use(authenticate({ accounts, texts }));
  handler.get('/', (_req, res) => home(accounts, res));
  handler.use(sessionToken, playbookMark(services), ...staffRoutes(options, services, web));

  handler.use(notFound, errorPages({ pages, texts, logger }));
  return handler;
}

/** Whoever signs in lands where their work is; the first administrator in the set-up, until it is finished. */
async function home(accounts: Services['accounts'], res: Response): Promise<void> {
  const { role } = staffOf(res);
  const { setUp } = await accounts.company();
  const unfinished = role === 'administrator' && !setUp;
  res.redirect(303, unfinished ? '/setup' : hasRole(role, 'manager') ? '/leaving' : '/today');
}

function staffRoutes(
  { config, storage, clock, logger }: ServicesOptions,
  services: Services,
  web: AccountsWeb,
): Router[] {
  const { accounts, coding, mailer, reports } = services;
  const { pages } = web;
  const { ofCustomer: answersOf, search: searchAnswers } = createVoices({ ...services, storage });
  const { contactsOf } = services.invitations;
  const playbookFor = services.retention.playbook.forPlace;
  const caring = { ...services, storage, clock, logger, pages, playbookFor, baseUrl: config.baseUrl };
  const policiesFor = (codeId: string, staff: Staff) => policyNotes(services, codeId, staff);
  const panelsOf = async (id: string, staff: Staff) =>
    (
      await Promise.all(
        [recoveryPanels, loyaltyPanels, retentionPanels, insightPanels].map((of) => of(caring, id, staff)),
      )
    )
      .flat()
      .concat(privacyPanels(id, staff));
  const findCases = (words: string, staff: Staff) => searchCases(caring, words, staff);
  const lent = {
    answersOf,
    searchAnswers,
    searchCases: findCases,
    eventLink,
    contactsOf,
    panelsOf,
    importHref: '/customers/imports',
    casesHref: '/cases/list',
  };
  const codesOf = async (id: string, staff: Staff) => shownCodes((await coding.codingsOf([id])).get(id) ?? [], staff);
  return [
    accountsRoutes(web),
    importRoutes({ ...services, ...accounts, pages, clock }),
    customersRoutes({ ...services, ...accounts, ...lent, pages, clock }),
    questionnairesRoutes({ ...services, ...accounts, pages, codesOf: (programmeId) => reasonsOf(coding, programmeId) }),
    waveRoutes({ ...services, pages, clock }),
    letterRoutes({ ...services, pages, clock, baseUrl: config.baseUrl }),
    telephoneRoutes({ ...services, pages, clock }),
    entryRoutes({ ...services, storage, pages, clock, baseUrl: config.baseUrl }),
    outboxRoutes({ mailer, pages }),
    bounceRoutes({
      ...services,
      storage,
      ...accounts,
      pages,
      hasWayIn: async () =>
        config.imapUrl !== undefined || config.bounceAddress !== undefined || (await accounts.settings.hearsServices()),
    }),
    responseRoutes({ ...services, storage, pages, codesOf }),
    codingRoutes({ coding, pages }),
    codebookRoutes({ coding, pages, policiesFor }),
    recoveryRoutes(caring),
    loyaltyRoutes(caring),
    retentionRoutes(caring),
    webhookRoutes({ webhooks: services.webhooks, pages }),
    reportRoutes({ reports, pages, storage, audit: accounts.audit, policiesFor }),
    insightRoutes(caring),
    privacyRoutes(caring),
  ];
}

/** Where what a line of a customer's timeline is about can be seen. */
function eventLink(kind: string, subjectId: string): string | null {
  if (kind.startsWith('comments.')) return `/comments/${subjectId}`;
  if (kind.startsWith('alerts.') || kind.startsWith('casemail.') || kind.startsWith('payment.'))
    return `/cases/${subjectId}`;
  if (kind.startsWith('customers.import')) return `/customers/imports/${subjectId}`;
  if (kind.startsWith('recovery.case')) return `/cases/${subjectId}`;
  if (kind.startsWith('policies.')) return `/policies/${subjectId}`;
  return kind.startsWith('responses.') || kind.startsWith('coding.') ? `/responses/${subjectId}` : null;
}

/** The reasons of a programme's codebook that a list in its questionnaires can offer. */
async function reasonsOf({ codebook }: Services['coding'], programmeId: string): Promise<ChoosableCode[]> {
  const book = await codebook(programmeId);
  const reasons = book ? offered(book).filter(({ kind }) => kind === 'reason') : [];
  return reasons.map(({ key, name, parentId }) => ({ key, name, top: parentId === null }));
}

function accountsWeb({ config }: ServicesOptions, services: Services, pages: Pages, https: boolean): AccountsWeb {
  const { accounts, customers, mailer, mailHooks, questionnaires, signer, texts } = services;
  return {
    accounts,
    pages,
    texts,
    signer,
    https,
    mailer,
    environmentMail: environmentMail(config),
    hooks: mailHooks,
    baseUrl: config.baseUrl,
    readsMailbox: config.imapUrl !== undefined,
    hasCustomers: async () => (await customers.count({}, 1)) > 0,
    questionnaireTexts: {
      list: async (t) =>
        (await questionnaires.approvals()).map((each) => ({ ...each, name: nameInWords(each.name, t) })),
      approveAll: questionnaires.approveAll,
      readdress: questionnaires.readdress,
    },
    newsFor: (staff) => alertNews(services.loyalty.alerts, staff),
    choosableFor: (staff) => summaryChoice(services.insight.summary, staff),
  };
}

function environmentMail({ smtpUrl, mailFrom, dkim }: Config): AccountsWeb['environmentMail'] {
  return {
    server: smtpUrl !== undefined,
    host: smtpUrl === undefined ? '' : new URL(smtpUrl).hostname,
    from: mailFrom ?? '',
    dkim: dkim && { domain: dkim.domain, selector: dkim.selector, record: dkimRecord(dkim.key) },
  };
}
