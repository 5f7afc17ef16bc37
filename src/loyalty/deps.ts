import type { Recovery, RecoveryDeps } from '../recovery/index.ts';

/** What loyalty needs of the earlier features; each part picks what it uses. */
export interface LoyaltyDeps extends RecoveryDeps {
  recovery: Recovery;
}
