export { telephoneRoutes, type TelephoneWeb } from './routes.ts';
export { createTelephone, type Telephone } from './service.ts';
export type { TelephoneDeps } from './deps.ts';
