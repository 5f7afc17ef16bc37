import { join } from 'node:path';
import type { Logger } from 'pino';
import type { PasswordCost } from '../accounts/index.ts';
import type { Config } from '../config.ts';
import { loadTexts } from '../i18n/index.ts';
import type { FetchText } from '../mailer/index.ts';
import { createLeases } from '../scheduler/index.ts';
import type { Clock } from '../shared/clock.ts';
import { createSigner } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';
import { createRender } from '../web/index.ts';

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

export type Platform = ReturnType<typeof createPlatform>;

const root = join(import.meta.dirname, '../..');
export const dataFolder = join(root, 'data');
/** The same for all services of a process: texts and templates are read once. */
const allTexts = loadTexts(join(dataFolder, 'locales'));
const render = createRender(join(root, 'views'));

/** What every feature stands on. */
export function createPlatform({ config, storage, clock, logger, secret }: ServicesOptions) {
  const { baseUrl } = config;
  const signer = createSigner(secret);
  const texts = allTexts.forBusiness();
  const leases = createLeases({ storage, clock });
  return { storage, clock, logger, secret, baseUrl, signer, texts, render, leases };
}
