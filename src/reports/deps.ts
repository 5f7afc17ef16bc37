import type { Retention, RetentionDeps } from '../retention/index.ts';
import type { Telephone } from '../telephone/index.ts';
import type { Reports } from './service.ts';

/** What the figures need of the earlier features; each part picks what it uses. */
export interface InsightDeps extends RetentionDeps {
  retention: Retention;
  reports: Reports;
  telephone: Pick<Telephone, 'againstCalling' | 'note'>;
}
