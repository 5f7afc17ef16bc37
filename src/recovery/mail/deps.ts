import type { Db, Tx } from '../../storage/index.ts';
import type { Attachments } from '../attachments/index.ts';
import type { Cases } from '../cases/interface.ts';
import type { Settling } from '../cases/settling.ts';
import type { RecoveryDeps } from '../deps.ts';
import type { Library } from '../library/interface.ts';
import type { Offers } from '../offers/service.ts';

export type CaseOfMail = (db: Db, subjectId: string) => Promise<string | undefined>;

export interface CaseMailDeps extends RecoveryDeps {
  cases: Cases;
  settling: Pick<Settling, 'hearIn'>;
  attachments: Attachments;
  library: Pick<Library, 'noteUse'>;
  offers: Pick<Offers, 'promisedIn' | 'told'>;
}

export type { Db, Tx };
