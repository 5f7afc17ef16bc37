import { join } from 'node:path';
import express, { type Express, type Response } from 'express';
import { authenticate, publicRoutes, signedOutRoutes } from './accounts/index.ts';
import { answeringRoutes, optOutRoutes } from './answering/index.ts';
import { apiOperations, apiRoutes } from './api/index.ts';
import type { Demo } from './demo/index.ts';
import { mailHookRoutes } from './mailer/index.ts';
import { publicLoyaltyRoutes } from './loyalty/index.ts';
import { codeRoutes } from './post/index.ts';
import { publicRecoveryRoutes } from './recovery/index.ts';
import { playbookMark, publicRetentionRoutes } from './retention/index.ts';
import type { Actor } from './shared/actor.ts';
import { createMetrics } from './metrics.ts';
import type { Services, ServicesOptions } from './services.ts';
import {
  cleanBody,
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
  sentOnce,
  sessions,
  sessionToken,
  staffOf,
  type NavItem,
} from './web/index.ts';
import { accountsWeb } from './accounts-web.ts';
import { staffRoutes } from './staff-routes.ts';

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

/** Where colleagues send forms with files. */
const TAKES_FILES = /^\/(settings\/company|customers\/imports|cases\/[^/]+\/(mail|files))$/;

const FORM = { extended: false, limit: '256kb', parameterLimit: 2000 };

interface Handling {
  ready(): Promise<void>;
  demo: Demo;
}

/** What a request passes, in this order. */
export function createHandler(options: ServicesOptions, services: Services, { ready, demo }: Handling): Express {
  const { config, storage, clock, logger } = options;
  const { texts, render, signer, accounts } = services;
  const assets = createAssets(join(import.meta.dirname, '../public'));
  const pages = createPages(render, assets, NAV);
  const https = config.baseUrl.startsWith('https:');
  const loadSample = async (actor: Actor) => void (await demo.loadSample(actor));
  const web = { ...accountsWeb(options, services, pages, https), loadSample };
  const handler = express();
  handler.disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy).set('query parser', 'simple');
  handler.use(requestId, securityHeaders(config.baseUrl), noStore);

  // Customers, without cookies; answering first, because they are the most.
  const playbookFor = services.retention.playbook.forPlace;
  const caring = { ...services, ...options, pages, playbookFor, baseUrl: config.baseUrl };
  handler.use(answeringRoutes({ answering: services.answering, pages, baseUrl: config.baseUrl }));
  handler.use(publicRecoveryRoutes(caring), publicLoyaltyRoutes(caring), publicRetentionRoutes(caring));
  handler.use(optOutRoutes({ answering: services.answering, pages }));
  const { payment, cases } = services.recovery;
  const otherLetter = async (code: string) => {
    const caseId = await payment.letters.byCode(code);
    return caseId && cases.linkFor(caseId);
  };
  handler.use(codeRoutes({ ...services, pages, clock, baseUrl: config.baseUrl, otherLetter }));
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
  handler.use(sameOrigin(config.baseUrl), express.urlencoded(FORM), cleanBody);
  handler.use(sessions(storage, clock, signer.mac('session', 'cookie'), https), signedOutRoutes(web));
  handler.use(authenticate({ accounts, texts }));
  handler.get('/', (_req, res) => home(accounts, res));
  handler.use(sessionToken(TAKES_FILES), sentOnce(options));
  handler.use(playbookMark(services), ...staffRoutes(options, services, web));

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
