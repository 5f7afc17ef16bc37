export type { RetentionDeps } from './deps.ts';
export { MEASURES, type Figure, type Figures, type Measure } from './figures.ts';
export { retentionPanels } from './panels.ts';
export { playbookMark } from './playbook/routes.ts';
export { retentionRoutes } from './routes.ts';
export { createRetention, type Retention } from './service.ts';
export type { RetentionWeb } from './web.ts';
