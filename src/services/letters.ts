import { createAccounts } from '../accounts/index.ts';
import type { Config } from '../config.ts';
import {
  createBounces,
  createKeepingMailer,
  createMailer,
  createMailHooks,
  type MailSettings,
} from '../mailer/index.ts';
import type { Platform, ServicesOptions } from './platform.ts';

export type Letters = ReturnType<typeof createLetters>;

/** Who works here, and the mail that leaves and comes back: each needs the other, invitations of colleagues among it. */
export function createLetters(platform: Platform, options: ServicesOptions) {
  const { config, passwordCost } = options;
  const { imapUrl, bounceAddress } = config;
  const bounces = createBounces({
    ...platform,
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
    keepsInvented: () => accounts.settings.hasSample(),
    fallbackFrom: async () => (await accounts.company()).email || ownAddress(config),
  });
  const accounts = createAccounts({ ...platform, mailer, passwordCost });
  return { bounces, mailHooks, mailer, accounts };
}

/** The mail server that the environment names; it wins over the one set in the app. */
function fromEnvironment(config: Config): MailSettings | null {
  const { smtpUrl, mailFrom } = config;
  return smtpUrl ? { url: smtpUrl, from: mailFrom ?? ownAddress(config) } : null;
}

function ownAddress({ baseUrl }: Config): string {
  return `comeback@${new URL(baseUrl).hostname}`;
}
