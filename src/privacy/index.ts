export { subjectsOf } from './erasing.ts';
export { privacyRoutes } from './routes.ts';
export { privacyPanels } from './views.ts';
export { createPrivacy, type Erased, type Privacy } from './service.ts';
