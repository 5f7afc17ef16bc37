export { ALL_ROWS } from './rows.ts';
export { mergingRoutes } from './routes.ts';
export { createMerging, type MergedRecords, type Merging } from './service.ts';
export { mergingPanels } from './views.ts';
