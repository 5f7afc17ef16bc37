import type { Texts } from '../i18n/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Pages } from '../web/index.ts';
import type { AccountMailer, QuestionnaireTexts } from './interface.ts';
import type { Accounts } from './service.ts';

/** What the feature's pages need. */
/** What the environment says about mail. */
export interface EnvironmentMail {
  server: boolean;
  host: string;
  from: string;
  /** Present where messages are signed by us. */
  dkim: { domain: string; selector: string; record: string } | undefined;
}

export interface AccountsWeb {
  accounts: Accounts;
  pages: Pages;
  texts: Texts;
  signer: Signer;
  https: boolean;
  mailer: AccountMailer;
  /** What the environment says about mail, which wins over the app. */
  environmentMail: EnvironmentMail;
  /** Whether there is any customer: then the currency stays, and no sample company is offered. */
  hasCustomers(): Promise<boolean>;
  questionnaireTexts: QuestionnaireTexts;
  loadSample?: (actor: Actor) => Promise<void>;
}
