import type { Loyalty, LoyaltyDeps } from '../loyalty/index.ts';
import type { Figures } from './figures.ts';

/** What retention needs of the earlier features; each part picks what it uses. */
export interface RetentionDeps extends LoyaltyDeps {
  loyalty: Loyalty;
  figures: Figures;
}
