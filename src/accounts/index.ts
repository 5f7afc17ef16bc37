export { countries, currencies, isCountry, timeZones, type Choice } from './choices.ts';
export { WEEKDAYS, type Company, type Hours, type WorkingHours } from './company.ts';
export type {
  AccountMailer,
  Choosable,
  Colleague,
  Looked,
  News,
  QuestionnaireText,
  QuestionnaireTexts,
} from './interface.ts';
export { createKeptSetting, type KeptSetting } from './kept-setting.ts';
export { colleagueMessage, type ColleagueNews } from './colleague-mail.ts';
export type { Logo } from './logo.ts';
export { STANDARD_COST, type PasswordCost } from './passwords.ts';
export { publicRoutes } from './public-routes.ts';
export { accountsRoutes } from './routes.ts';
export { createSealer, type Sealer } from './sealing.ts';
export type { AccountsWeb } from './accounts-web.ts';
export { createAccounts, type Accounts, type AccountsDeps } from './service.ts';
export { authenticate } from './session-routes.ts';
export { signedOutRoutes } from './signed-out-routes.ts';
