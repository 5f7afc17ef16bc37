import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Responses } from '../responses/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';

export interface TelephoneDeps {
  storage: Storage;
  clock: Clock;
  signer: Pick<Signer, 'mac'>;
  invitations: Pick<
    Invitations,
    | 'find'
    | 'getWave'
    | 'stillToAnswer'
    | 'againstAsking'
    | 'drawAndCheck'
    | 'languagesFor'
    | 'reachedOtherwise'
    | 'optOut'
  >;
  customers: Pick<Customers, 'findMany' | 'recordEvents' | 'unsubscribe'>;
  questionnaires: Pick<Questionnaires, 'version'>;
  responses: Pick<Responses, 'enter'>;
  accounts: Pick<Accounts, 'audit' | 'company'>;
}
