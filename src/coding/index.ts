export { labelOf, offered, textIn, ultimate, type Code, type Codebook, type CodeKind } from './codebook.ts';
export { codebookDefinitionSchema, type CodebookDefinition } from './codebook-definition.ts';
export type { CodeInput } from './editing/program-codes.ts';
export type { SaveCoding, TimelineEvent } from './giving.ts';
export type { OnMainReason } from './mains.ts';
export type { CodeResponse } from './program-giving.ts';
export { CODING_ROWS } from './customer-rows.ts';
export { exportedCodings, forgetQuotes } from './privacy-store.ts';
export { mainReasonOf, randomNumberOf, type CoderKind } from './rules.ts';
export { codebookRoutes } from './codebook-routes.ts';
export { codingRoutes } from './routes.ts';
export { createCoding, type Coding, type CodingDeps, type GivenCode } from './service.ts';
export { shownCodes, type ShownCode } from './codings-views.ts';
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
export type { CompetitorsNamed, NamedCompetitor } from './themes/competitors.ts';
