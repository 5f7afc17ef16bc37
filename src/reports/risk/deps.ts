import type { InsightDeps } from '../deps.ts';
import type { Value } from '../value/service.ts';

export interface RiskDeps extends InsightDeps {
  value: Value;
}
