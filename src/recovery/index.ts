export type { RecoveryDeps } from './deps.ts';
export { recoveryPanels } from './panels.ts';
export { publicRecoveryRoutes } from './public-routes.ts';
export { recoveryRoutes } from './routes.ts';
export { createRecovery, type Recovery } from './service.ts';
export type { RecoveryWeb } from './web.ts';
