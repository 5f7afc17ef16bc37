export { lookedAfter } from './handing-over/routes.ts';
export type { Duty } from './handing-over/looked-after.ts';
export { namedIn, noteMessage, type NoteGiven } from './notes/note-mail.ts';
export type { CasePanel, CasePanelsOf } from './cases/panel.ts';
export type { Attachment, Attachments, CheckedFile } from './attachments/index.ts';
export { RECOVERY_ROWS } from './customer-rows.ts';
export { openForBoth } from './merge-store.ts';
export { joinConversations } from './winback/joining.ts';
export { LETTER as WINBACK_LETTER } from './winback/letter-writing.ts';
export { exportedCases, subjectsOfMail as mailSubjectsOfCases } from './export-store.ts';
export { caseIdsOf } from './forget-store.ts';
export { openComplaintCases } from './cases/case-store.ts';
export type {
  CaseContact,
  CaseKind,
  CaseLine,
  CaseNote,
  CaseOrigin,
  Cases,
  CaseState,
  Closing,
  NewCase,
  Opened,
  RecoveryCase,
} from './cases/interface.ts';
export { workingDaysLater, workingMinutesLater, type WorkingPlace } from './cases/working-time.ts';
export type { RecoveryDeps } from './deps.ts';
export { posterPage, type PosterPage } from './comments/poster-views.ts';
export { giveGift } from './comments/gifts.ts';
export { COMMENT_KINDS, type CommentRow } from './comments/comment.ts';
export { COMMENT_VIEWS, type ClaimDecided } from './comments/interface.ts';
export { giftsFor, type GiftChoice } from './offers/gift-choices.ts';
export { type Promised } from './offers/telling.ts';
export { OUTCOMES, ROOT_CAUSES } from './cases/closing-views.ts';
export { toneFaults, type ToneFault } from './cases/tone.ts';
export { REMEDIES, type RemedyGiven } from './cases/remedies.ts';
export { mayBeNamed, STEPS as CASE_STEPS, TAG as CASE_TAG } from './cases/rules.ts';
export { CHANNELS as CASE_CHANNELS, type StepTaken } from './cases/steps.ts';
export { PLACEHOLDERS as ANSWER_PLACEHOLDERS, ranked as rankedAnswers } from './library/rules.ts';
export type { FoundAnswer } from './library/found.ts';
export { searchLibrary } from './library/search.ts';
export { searchCases } from './mail/search.ts';
export type { CaseMailRow } from './mail/service.ts';
export { recoveryPanels } from './panels.ts';
export { publicRecoveryRoutes } from './public-routes.ts';
export { recoveryRoutes } from './routes.ts';
export { createRecovery, type Recovery } from './service.ts';
export type { RecoveryWeb } from './web.ts';
export type { OfferEnded, OfferGiven } from './offers/giving-interface.ts';
export type { Decision, Waiting } from './decisions/waiting.ts';
export type { AnswerNews } from './library/writing.ts';
export { saysSame as offerSaysSame } from './offers/catalogue.ts';
export { CODE_KINDS, FOR_WHOM, OFFER_KINDS, OFFER_LIMITS, type GivenOffer, type OfferInput } from './offers/offer.ts';
export { topReasons } from './offers/reasons.ts';
export { WHY_NOT } from './offers/rules.ts';
export type { OfferRedeemed } from './offers/using.ts';
export { PLAN_STATES } from './payment/plan-list.ts';
export type { PlanNews, WholePlan } from './payment/plan-interface.ts';
export { LEAST_INSTALMENTS, MOST_INSTALMENTS, RHYTHMS } from './payment/plan-rules.ts';
export type { CallRow as WinbackCall } from './winback/case-store.ts';
export { CALL_OUTCOMES } from './winback/rules.ts';
export type { Returned } from './winback/returns.ts';
