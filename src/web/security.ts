import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { Forbidden } from '../shared/errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** No inline script or style anywhere; nothing from elsewhere; nobody frames us. */
function directives(https: boolean): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    ...(https ? { 'upgrade-insecure-requests': [] } : {}),
  };
}

/**
 * `same-origin`, because `no-referrer` makes browsers send `Origin: null` with our own forms.
 * Helmet says which headers, once: its chain of a dozen handlers costs a tenth of a page.
 */
export function securityHeaders(baseUrl: string): RequestHandler {
  const https = baseUrl.startsWith('https:');
  const headers = headersOf(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: directives(https) },
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      xFrameOptions: { action: 'deny' },
      originAgentCluster: true,
      // For browsers that are gone, and Flash.
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

function headersOf(handler: ReturnType<typeof helmet>): [string, string][] {
  const headers = new Map<string, string>();
  const res = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader: () => {} };
  handler({} as IncomingMessage, res as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return [...headers];
}

/**
 * Refuses what another site makes a browser post. Browsers name the sender: Sec-Fetch-Site on HTTPS and localhost,
 * Origin everywhere else.
 */
export function sameOrigin(baseUrl: string): RequestHandler {
  const { origin: own } = new URL(baseUrl);
  return (req, _res, next) => {
    const { origin, 'sec-fetch-site': site } = req.headers;
    const trusted = SAFE.has(req.method) || (site ? site === 'same-origin' || site === 'none' : origin === own);
    next(trusted ? undefined : new Forbidden('error.crossSite'));
  };
}

/** Pages about people are never kept by a cache on the way, nor shown by Back after signing out. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

/** The access token that a program calls with, where the header holds something like one. */
export function bearerOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /^Bearer ([\w.~+/=-]{10,200})$/i.exec(headers.authorization ?? '')?.[1];
}
