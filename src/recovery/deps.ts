import type { Logger } from 'pino';
import type { Accounts } from '../accounts/index.ts';
import type { Coding } from '../coding/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Texts } from '../i18n/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Bounces, Mailer } from '../mailer/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Responses } from '../responses/index.ts';
import type { Leases } from '../scheduler/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Telephone } from '../telephone/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Render } from '../web/index.ts';

/** What winning back needs of the earlier features; each part picks what it uses. */
export interface RecoveryDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  texts: Texts;
  render: Render;
  signer: Signer;
  baseUrl: string;
  leases: Leases;
  mailer: Mailer;
  bounces: Bounces;
  accounts: Accounts;
  customers: Customers;
  questionnaires: Questionnaires;
  invitations: Invitations;
  responses: Responses;
  coding: Coding;
  /** What is told of the past opens no cases by itself. */
  tellsThePast?: boolean | undefined;
  telephone: Pick<Telephone, 'againstCalling'>;
}
