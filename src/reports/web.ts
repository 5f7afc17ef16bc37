import type { Pages } from '../web/index.ts';
import type { InsightDeps } from './deps.ts';
import type { Insight } from './insight.ts';

/** What the pages with figures need. */
export interface InsightWeb extends InsightDeps {
  insight: Insight;
  pages: Pages;
}
