export { createResponses, type Responses } from './service.ts';
export type { Entered } from './entering.ts';
export type { Asked, ContactWish, Found, Response, StoredAnswer, Submitted, WholeResponse } from './response.ts';
export { RESPONSE_ROWS } from './customer-rows.ts';
export { exportedResponses, forgetWords, responsesBefore, responsesOf } from './privacy-store.ts';
export { responseRoutes } from './routes.ts';
export { newReference, UNMISTAKABLE, valuesOf } from './rules.ts';
export { createVoices, type Voice } from './voices.ts';
export { answerLines, otherWords, questionText, reasonText, textIn } from './wording.ts';
