import type { Figures } from '../../retention/index.ts';
import type { MeasuresDeps } from '../measures.ts';
import type { Risk } from '../risk/service.ts';
import type { MonthFigures } from './figures.ts';

export interface SummaryDeps extends MeasuresDeps {
  risk: Risk;
  measure: Figures['measure'];
}

/** `running`: not yet over. `over`: its figures can still change. `kept`: as it was. */
type MonthState = 'running' | 'over' | 'kept';

export interface MonthSummary {
  month: string;
  state: MonthState;
  /** When the figures were worked out. */
  computedAt: string;
  figures: MonthFigures;
}
