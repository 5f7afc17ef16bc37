import type { Texts } from '../i18n/index.ts';
import type { MailHooks } from '../mailer/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Pages, Staff } from '../web/index.ts';
import type { AccountMailer, Choosable, Looked, News, QuestionnaireTexts } from './interface.ts';
import type { Accounts } from './service.ts';

/** What the environment says about mail. */
export interface EnvironmentMail {
  server: boolean;
  host: string;
  from: string;
  returnPath: string | undefined;
  /** Present where messages are signed by us. */
  dkim: { domain: string; selector: string; record: string } | undefined;
}

/** What the feature's pages need. */
export interface AccountsWeb {
  accounts: Accounts;
  pages: Pages;
  texts: Texts;
  signer: Signer;
  https: boolean;
  mailer: AccountMailer;
  /** What the environment says about mail, which wins over the app. */
  environmentMail: EnvironmentMail;
  /** When mail services were last heard. */
  hooks: Pick<MailHooks, 'states'>;
  baseUrl: string;
  /** Whether returned mail arrives in a mailbox that is read. */
  readsMailbox: boolean;
  /** Whether there is any customer: then the currency stays, and no sample company is offered. */
  hasCustomers(): Promise<boolean>;
  questionnaireTexts: QuestionnaireTexts;
  loadSample?: (actor: Actor) => Promise<void>;
  /** What later features have to tell somebody of their own doings. */
  newsFor?: (staff: Staff) => Promise<News | null>;
  /** What somebody looks after in later features; null where it is nothing. */
  lookedAfter?: (accountId: string, staff: Staff) => Promise<Looked | null>;
  /** What later features let somebody choose for themselves. */
  choosableFor?: (staff: Staff) => Promise<Choosable | null>;
}
