import type { RecoveryDeps } from '../deps.ts';
import type { Cases } from '../cases/interface.ts';

export interface WinbackDeps extends RecoveryDeps {
  cases: Cases;
}

/** The programme whose answers say why somebody left, and whose holdout is left alone. */
export const LEAVING = 'leaving';
