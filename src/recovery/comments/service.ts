import type { Accounts } from '../../accounts/index.ts';
import type { Customers } from '../../customers/index.ts';
import type { Texts } from '../../i18n/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Signer } from '../../shared/tokens.ts';
import type { Storage } from '../../storage/index.ts';
import type { Attachments } from '../attachments/index.ts';
import type { Cases } from '../cases/interface.ts';
import { createDeciding } from './deciding.ts';
import type { Comments } from './interface.ts';
import { createPlacing } from './placing.ts';
import { createReading } from './reading.ts';
import { createReceiving } from './receiving.ts';
import { createCommentSettings } from './settings-service.ts';

export interface CommentsDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  texts: Texts;
  accounts: Pick<Accounts, 'company' | 'colleagues' | 'audit'>;
  customers: Pick<Customers, 'findMany' | 'names' | 'idsWithEmail' | 'recordEvents'>;
  attachments: Attachments;
  cases: Cases;
}

/** What anybody says on the public page: problems become cases, ideas and praise are kept and read. */
export function createComments(deps: CommentsDeps): Comments {
  const settings = createCommentSettings(deps);
  const placing = createPlacing(deps, settings);
  return {
    ...settings,
    ...createReceiving(deps, placing, settings),
    ...createReading(deps, settings),
    ...createDeciding(deps, placing),
  };
}
