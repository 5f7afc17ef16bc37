export { alertNews } from './alerts/news-views.ts';
export { standingsOf, type Standing } from './care.ts';
export type { LoyaltyDeps } from './deps.ts';
export { createOptOut, type Addressed } from './opt-out-routes.ts';
export { loyaltyPanels } from './panels.ts';
export { publicLoyaltyRoutes } from './public-routes.ts';
export { loyaltyRoutes } from './routes.ts';
export { createLoyalty, type Loyalty } from './service.ts';
export type { LoyaltyWeb } from './web.ts';
