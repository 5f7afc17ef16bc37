import type { Figure } from '../../retention/index.ts';
import type { Period } from '../rules.ts';
import type { Survival } from '../survival/service.ts';

const NOTHING: Figure = { value: null, low: null, high: null, base: 0, unit: 'share' };

/** Yearly retention in a period: 1 less yearly churn. */
export async function retentionIn(_survival: Survival, _period: Period): Promise<Figure> {
  return await Promise.resolve(NOTHING);
}
