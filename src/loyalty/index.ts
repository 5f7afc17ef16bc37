export { alertNews } from './alerts/news-views.ts';
export type { LoyaltyDeps } from './deps.ts';
export { loyaltyPanels } from './panels.ts';
export { publicLoyaltyRoutes } from './public-routes.ts';
export { loyaltyRoutes } from './routes.ts';
export { createLoyalty, type Loyalty } from './service.ts';
export type { LoyaltyWeb } from './web.ts';
