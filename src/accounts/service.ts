import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Texts } from '../i18n/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Render } from '../web/index.ts';
import { createAccountMail } from './account-mail.ts';
import { createAuditLog, type AuditLog } from './audit-service.ts';
import type { AccountMailer } from './interface.ts';
import { createLinks } from './links.ts';
import { createMailSettings, type EnvironmentMail, type MailSettingsService } from './mail-settings-service.ts';
import { createPasswords, type PasswordCost } from './passwords.ts';
import { createPeople, type People } from './people-service.ts';
import { createSettings, type Settings } from './settings-service.ts';
import { createFirstRun, type FirstRun } from './setup-service.ts';
import { createEntry, type Entry } from './sign-in-service.ts';
import { createAccessTokens, type AccessTokens } from './token-service.ts';

export interface AccountsDeps {
  storage: Storage;
  clock: Clock;
  texts: Texts;
  render: Render;
  signer: Signer;
  secret: Uint8Array;
  baseUrl: string;
  mailer: AccountMailer;
  environmentMail?: EnvironmentMail;
  /** Cheaper in tests. */
  passwordCost?: PasswordCost;
}

export interface Accounts
  extends
    Pick<Settings, 'company'>,
    Pick<People, 'colleagues' | 'colleague' | 'createAccount'>,
    Pick<AuditLog, 'audit'>,
    Pick<FirstRun, 'setupLink'>,
    Pick<MailSettingsService, 'mailSettings'>,
    Pick<AccessTokens, 'createToken' | 'authenticateToken'> {
  /** For the feature's own pages, and for the sample company, which sets itself up. */
  settings: Settings & MailSettingsService;
  people: People;
  entry: Entry;
  firstRun: FirstRun;
  tokens: AccessTokens;
  log: AuditLog;
  letters: Pick<ReturnType<typeof createAccountMail>, 'testMessage'>;
}

/** Who may do what, and what the business is called. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const { storage, clock, texts, render, signer, secret, baseUrl, mailer } = deps;
  const log = createAuditLog(storage, clock);
  const links = createLinks({ signer, clock, baseUrl });
  const passwords = createPasswords(deps.passwordCost);
  const settings = createSettings({ storage, clock, texts, log });
  const { company } = settings;
  const mail = createMailSettings({
    storage,
    clock,
    secret,
    log,
    onSaved: settings.forget,
    environment: deps.environmentMail ?? {},
    fallbackFrom: async () => (await company()).email || `comeback@${new URL(baseUrl).hostname}`,
  });
  const people = createPeople({ storage, clock, links, log, mailer, passwords, company });
  const companyName = async () => (await company()).name;
  const onChanged = people.forget;
  const entry = createEntry({ storage, clock, links, log, mailer, passwords, companyName, onChanged });
  const firstRun = createFirstRun({ storage, clock, log, passwords, baseUrl, onChanged });
  const tokens = createAccessTokens(storage, clock, log);
  const letters = createAccountMail({ storage, clock, texts, render, links, company });
  mailer.register('account', letters.compose);
  return {
    company,
    colleagues: people.colleagues,
    colleague: people.colleague,
    createAccount: people.createAccount,
    audit: log.audit,
    setupLink: firstRun.setupLink,
    mailSettings: mail.mailSettings,
    createToken: tokens.createToken,
    authenticateToken: tokens.authenticateToken,
    settings: { ...settings, ...mail },
    people,
    entry,
    firstRun,
    tokens,
    log,
    letters,
  };
}
