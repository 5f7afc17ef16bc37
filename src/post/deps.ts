import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';

export interface PostDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  invitations: Pick<
    Invitations,
    | 'find'
    | 'getWave'
    | 'stillToAnswer'
    | 'listedById'
    | 'againstAsking'
    | 'drawAndCheck'
    | 'languagesFor'
    | 'reachedOtherwise'
    | 'linkByCode'
    | 'letterCameBack'
  >;
  customers: Pick<Customers, 'findMany' | 'recordEvents'>;
  questionnaires: Pick<Questionnaires, 'version'>;
  accounts: Pick<Accounts, 'audit'>;
}
