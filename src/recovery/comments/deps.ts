import type { Accounts } from '../../accounts/index.ts';
import type { Customers } from '../../customers/index.ts';
import type { Texts } from '../../i18n/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Signer } from '../../shared/tokens.ts';
import type { Storage } from '../../storage/index.ts';
import type { Attachments } from '../attachments/index.ts';
import type { Cases } from '../cases/interface.ts';
import type { Remedies } from '../cases/remedies.ts';

export interface CommentsDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  texts: Texts;
  accounts: Pick<Accounts, 'company' | 'colleagues' | 'audit'>;
  customers: Pick<Customers, 'findMany' | 'names' | 'idsWithEmail' | 'recordEvents'>;
  attachments: Attachments;
  cases: Cases;
  remedies: Pick<Remedies, 'offerIn'>;
}
