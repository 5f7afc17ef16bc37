import type { Accounts } from '../../accounts/index.ts';
import type { Customers } from '../../customers/index.ts';
import type { Texts } from '../../i18n/index.ts';
import type { Mailer } from '../../mailer/index.ts';
import type { Cases } from '../../recovery/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Signer } from '../../shared/tokens.ts';
import type { Storage } from '../../storage/index.ts';
import type { Render } from '../../web/index.ts';

export interface AlertsDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  baseUrl: string;
  accounts: Pick<Accounts, 'company' | 'colleague' | 'colleagues' | 'audit'>;
  customers: Pick<Customers, 'list' | 'names' | 'recordEvents'>;
  cases: Cases;
  mailer: Pick<Mailer, 'register' | 'enqueue' | 'history'>;
  texts: Texts;
  render: Render;
}
