import type { Actor } from '../shared/actor.ts';
import type { Translate } from '../i18n/index.ts';
import type { Message, MailSettings, NewMail, Composer, TestResult } from '../mailer/message.ts';
import type { Tx } from '../storage/index.ts';
import type { Role } from '../web/index.ts';

/** A person on the staff, as others name them. */
export interface Colleague {
  id: string;
  name: string;
  /** As it stands below their letters, e.g. 'Kundenbetreuung'. */
  title: string;
  email: string;
  role: Role;
  language: string;
  active: boolean;
}

/** The part of the mailer that accounts need. */
export interface AccountMailer {
  register(kind: string, composer: Composer): void;
  /** Runs before mails are worded. */
  beforeWriting(hook: () => Promise<void>): void;
  enqueue(tx: Tx, mails: NewMail[]): Promise<void>;
  /** True when no server is set: messages are kept and shown in the Outbox. */
  captures(): Promise<boolean>;
  /** Null: with the server that the environment names. */
  sendTest(settings: MailSettings | null, message: Message): Promise<TestResult>;
}

/** The questionnaires' texts that a person has to approve before a language is offered. */
export interface QuestionnaireTexts {
  /** Named in the reader's language where the product brought them along. */
  list(t: Translate): Promise<QuestionnaireText[]>;
  approveAll(actor: Actor): Promise<void>;
  /** Lets the words that came with the product follow how customers are addressed. @returns how many questionnaires */
  readdress(actor: Actor, familiar: string[]): Promise<{ published: number; drafted: number }>;
}

export interface QuestionnaireText {
  questionnaireId: string;
  name: string;
  language: string;
  approved: boolean;
  /** Where the texts can be read. */
  href: string;
}

/** What a session keeps of who is signed in: it ends when password, role or account change. */
export interface SignedIn {
  accountId: string;
  stamp: string;
}

/** Something that somebody can have or not have, on their own page; a form posts `wants` = '1' to the address, or nothing. */
export interface Choosable {
  action: string;
  heading: string;
  label: string;
  wanted: boolean;
}

/** What a colleague looks after, and where it can be handed over. */
export interface Looked {
  text: string;
  href: string;
  link: string;
}

/** A few lines for somebody's own page. */
export interface News {
  heading: string;
  lines: { text: string; soft: string }[];
  link: { value: string; text: string };
}
