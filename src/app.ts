import { join } from 'node:path';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { loadTexts } from './i18n/index.ts';
import type { Clock } from './shared/clock.ts';
import { createSigner } from './shared/tokens.ts';
import type { Storage } from './storage/index.ts';
import {
  createAssets,
  createPages,
  createRender,
  errorPages,
  healthRoutes,
  noStore,
  notFound,
  requestId,
  sameOrigin,
  securityHeaders,
  sessions,
  sessionToken,
  type NavItem,
} from './web/index.ts';

const NAV: NavItem[] = [
  { href: '/customers', text: 'nav.customers', role: 'staff' },
  { href: '/waves', text: 'nav.waves', role: 'staff' },
  { href: '/questionnaires', text: 'nav.questions', role: 'staff' },
  { href: '/answers', text: 'nav.answers', role: 'staff' },
  { href: '/leaving', text: 'nav.leaving', role: 'manager' },
  { href: '/settings', text: 'nav.settings', role: 'administrator' },
];

const root = join(import.meta.dirname, '..');

export interface AppOptions {
  config: Config;
  storage: Storage;
  clock: Clock;
  logger: Logger;
  /** At least 32 random bytes, kept outside the database. */
  secret: Uint8Array;
}

export interface App {
  handler: Express;
  /** Puts starters and codebooks in place; harmless when they are there. */
  prepare(): Promise<void>;
  /** Begins the background work. */
  start(): Promise<void>;
  /** Ends the background work; what is under way is finished first. */
  stop(): Promise<void>;
}

/** Puts the parts together: services, hooks between them, routes, background work. */
export function createApp({ config, storage, clock, logger, secret }: AppOptions): App {
  const texts = loadTexts(join(root, 'data/locales'));
  const render = createRender(join(root, 'views'));
  const assets = createAssets(join(root, 'public'));
  const pages = createPages(render, assets, NAV);
  const signer = createSigner(secret);
  const https = config.baseUrl.startsWith('https:');
  let stopping = false;

  // Services, each with what it needs of the earlier ones.

  // Hooks: news travels from an earlier feature to a later one, in the same transaction.

  const handler = express();
  handler.disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy).set('query parser', 'simple');
  handler.use(requestId, securityHeaders(config.baseUrl), assets.serve);
  handler.use(
    healthRoutes({
      async ready() {
        if (stopping) throw new Error('shutting down');
        await storage.ping();
      },
    }),
  );

  // Programs, with a token instead of a session.

  // Customers, without cookies.
  handler.use(sameOrigin(config.baseUrl), express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 2000 }));

  // Staff.
  handler.use(noStore, sessions(storage, clock, signer.mac('session', 'cookie'), https));
  // (signed-out pages here: sign in, set-up link, invitation, password reset)
  handler.use(sessionToken);

  handler.use(notFound, errorPages({ pages, texts, logger }));

  return {
    handler,
    async prepare() {},
    async start() {},
    async stop() {
      stopping = true;
    },
  };
}
