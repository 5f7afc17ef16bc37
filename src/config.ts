import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { KeyProblem, readSigningKey } from './shared/signing-key.ts';

const url = (protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be an address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`,
  });

const A_PORT = 'must be a number from 0 to 65535';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Everything that is set from outside. Each field stands in the README's table; a check compares the two. */
export const environmentSchema = z.object({
  PORT: z.coerce.number(A_PORT).int(A_PORT).min(0, A_PORT).max(65535, A_PORT).default(3000),
  BASE_URL: url(['http:', 'https:']).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE')
    .default('sqlite:data/var/comeback.db'),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  IMAP_URL: url(['imap:', 'imaps:']).optional(),
  MAIL_FROM: z.email('must be one e-mail address').optional(),
  BOUNCE_ADDRESS: z.email('must be one e-mail address').optional(),
  DKIM_DOMAIN: z.hostname('must be the name of a domain').optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be letters, digits and hyphens')
    .optional(),
  DKIM_KEY_FILE: z.string().optional(),
  SECRET_FILE: z.string().default('data/var/secret'),
  TRUST_PROXY: z
    .union([z.stringbool(), z.coerce.number().int().min(0)], 'must be true, false or the number of proxies in front')
    .default(false),
  WEBHOOKS_PRIVATE: z.stringbool('must be true or false').default(false),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
});

export interface Config {
  port: number;
  baseUrl: string;
  databaseUrl: string;
  smtpUrl: string | undefined;
  imapUrl: string | undefined;
  mailFrom: string | undefined;
  bounceAddress: string | undefined;
  /** Mail is signed with this key; undefined: it leaves unsigned, and the mail server may sign it. */
  dkim: { domain: string; selector: string; key: KeyObject } | undefined;
  secretFile: string;
  trustProxy: boolean | number;
  /** Webhooks may go to addresses in one's own network, also without TLS. */
  webhooksPrivate: boolean;
  logLevel: string;
}

export class ConfigError extends Error {}

/** A return path adds a sign and 48 letters before the @, and a local part may have 64 characters. */
const MOST_BOUNCE_LOCAL = 15;

const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'] as const;

/**
 * Reads the environment once. Empty variables count as not set.
 * @throws ConfigError that names every problem at once
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`);
  const missing = DKIM.filter((name) => !given[name]);
  if (missing.length > 0 && missing.length < DKIM.length) {
    problems.push(`${missing.join(', ')}: the three DKIM settings belong together`);
  }
  if ((given.BOUNCE_ADDRESS?.lastIndexOf('@') ?? 0) > MOST_BOUNCE_LOCAL) {
    problems.push(`BOUNCE_ADDRESS: before the @ at most ${MOST_BOUNCE_LOCAL} characters`);
  }
  const key = signingKey(given.DKIM_KEY_FILE, problems);
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(`The environment needs mending:\n${problems.map((each) => `  ${each}`).join('\n')}`);
  }
  return asConfig(parsed.data, key);
}

function signingKey(path: string | undefined, problems: string[]): KeyObject | undefined {
  if (path === undefined) return undefined;
  try {
    return readSigningKey(path);
  } catch (error) {
    if (!(error instanceof KeyProblem)) throw error;
    problems.push(`DKIM_KEY_FILE: ${error.message}`);
    return undefined;
  }
}

function asConfig(env: z.infer<typeof environmentSchema>, key: KeyObject | undefined): Config {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector } = env;
  return {
    port: env.PORT,
    baseUrl: (env.BASE_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    databaseUrl: env.DATABASE_URL,
    smtpUrl: env.SMTP_URL,
    imapUrl: env.IMAP_URL,
    mailFrom: env.MAIL_FROM,
    bounceAddress: env.BOUNCE_ADDRESS,
    dkim: domain && selector && key ? { domain, selector, key } : undefined,
    secretFile: env.SECRET_FILE,
    trustProxy: env.TRUST_PROXY,
    webhooksPrivate: env.WEBHOOKS_PRIVATE,
    logLevel: env.LOG_LEVEL,
  };
}
