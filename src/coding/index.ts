export { labelOf, offered, textIn, ultimate, type Code, type Codebook } from './codebook.ts';
export type { CodeResponse } from './program-giving.ts';
export { CODING_ROWS } from './customer-rows.ts';
export { exportedCodings, forgetQuotes } from './privacy-store.ts';
export { randomNumberOf } from './rules.ts';
export { codebookRoutes } from './codebook-routes.ts';
export { codingRoutes } from './routes.ts';
export { createCoding, type Coding } from './service.ts';
export { shownCodes } from './codings-views.ts';
export {
  estimateShares,
  FEW_AUDITED,
  type Audited,
  type Basis,
  type EstimatedShare,
  type Everyone,
} from './engine/shares.ts';
export { seeded } from './engine/random.ts';
export { moneyShares } from './engine/shares-money.ts';
export { sharesOfSums, type AuditedSums } from './engine/shares-sums.ts';
export { answersNeeded, MARGIN } from './engine/shares-needed.ts';
export type { CompetitorsNamed } from './themes/competitors.ts';
