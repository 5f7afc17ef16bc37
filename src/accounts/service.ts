import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Texts } from '../i18n/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Render } from '../web/index.ts';
import { createAccountMail, type AccountLetters } from './account-mail.ts';
import { createAccountPost } from './account-post.ts';
import { createAttempts } from './attempts.ts';
import { createAuditLog, type AuditLog } from './audit-service.ts';
import type { AccountMailer } from './interface.ts';
import { createJoining, type Joining } from './joining-service.ts';
import { createLinks } from './links.ts';
import { createMailHookSettings, type MailHookSettings } from './mail-hooks-service.ts';
import { createMailSettings, type MailSettingsService } from './mail-settings-service.ts';
import { createPasswordChanges, type PasswordChanges } from './password-service.ts';
import { createPasswords, type PasswordCost } from './passwords.ts';
import { createChange, createPeopleChanges, type PeopleChanges } from './people-change.ts';
import { createPeople, type People } from './people-service.ts';
import { createSettings, type Settings } from './settings-service.ts';
import { createFirstRun, type FirstRun } from './setup-service.ts';
import { createSignIn, type SignIn } from './sign-in-service.ts';
import { createAccessTokens, type AccessTokens } from './token-service.ts';

interface AccountsDeps {
  storage: Storage;
  clock: Clock;
  texts: Texts;
  render: Render;
  signer: Signer;
  secret: Uint8Array;
  baseUrl: string;
  mailer: AccountMailer;
  /** Cheaper in tests. */
  passwordCost?: PasswordCost | undefined;
}

export interface Accounts
  extends
    Pick<Settings, 'company' | 'companyIn'>,
    Pick<People, 'colleagues' | 'colleague'>,
    Pick<Joining, 'createAccount'>,
    Pick<AuditLog, 'audit'>,
    Pick<FirstRun, 'setupLink'>,
    Pick<MailSettingsService, 'mailSettings'>,
    Pick<MailHookSettings, 'hookSecrets'>,
    Pick<AccessTokens, 'createToken' | 'authenticateToken'> {
  /** For the feature's own pages, and for the sample company, which sets itself up. */
  settings: Settings & MailSettingsService & MailHookSettings;
  people: People & PeopleChanges & Joining;
  entry: SignIn & PasswordChanges;
  firstRun: FirstRun;
  tokens: AccessTokens;
  log: AuditLog;
  letters: AccountLetters;
}

/** Slows down whoever tries many passwords on one account, from however many addresses. */
const TRIES = 15;
const TRIES_MINUTES = 15;

/** Who may do what, and what the business is called. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const { storage, clock, texts, secret, mailer } = deps;
  const log = createAuditLog(storage, clock);
  const settings = createSettings({ storage, clock, texts, log });
  const mail = createMailSettings({ storage, clock, secret, log, onSaved: settings.forget });
  const hooks = createMailHookSettings({ storage, clock, secret, log });
  const tokens = createAccessTokens(storage, clock, log);
  const links = createLinks(deps);
  const letters = createAccountMail({ ...deps, links, company: settings.company });
  mailer.register('account', letters.compose);
  // Another process may just have changed how customers are addressed.
  mailer.beforeWriting(settings.refresh);
  const parts = peopleParts(deps, { log, settings, links });
  return {
    company: settings.company,
    companyIn: settings.companyIn,
    colleagues: parts.people.colleagues,
    colleague: parts.people.colleague,
    createAccount: parts.people.createAccount,
    audit: log.audit,
    setupLink: parts.firstRun.setupLink,
    mailSettings: mail.mailSettings,
    hookSecrets: hooks.hookSecrets,
    createToken: tokens.createToken,
    authenticateToken: tokens.authenticateToken,
    settings: { ...settings, ...mail, ...hooks },
    tokens,
    log,
    letters,
    ...parts,
  };
}

/** Everything about accounts of people: how they come, sign in, change and go. */
function peopleParts(
  { storage, clock, mailer, baseUrl, passwordCost }: AccountsDeps,
  { log, settings, links }: { log: AuditLog; settings: Settings; links: ReturnType<typeof createLinks> },
): Pick<Accounts, 'people' | 'entry' | 'firstRun'> {
  const { company } = settings;
  const passwords = createPasswords(passwordCost);
  const attempts = createAttempts(clock, TRIES, TRIES_MINUTES);
  const known = createPeople(storage, clock);
  const post = createAccountPost({ links, mailer });
  const shared = { storage, clock, links, log, post, passwords, attempts, company, onChanged: known.forget };
  const change = createChange(shared);
  const companyName = async () => (await company()).name;
  return {
    people: { ...known, ...createPeopleChanges(change, clock), ...createJoining({ ...shared, change }) },
    entry: { ...createSignIn(shared), ...createPasswordChanges({ ...shared, companyName }) },
    firstRun: createFirstRun({ ...shared, baseUrl }),
  };
}
