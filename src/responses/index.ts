export { createResponses, type OnSubmitted, type Responses, type ResponsesDeps } from './service.ts';
export type { Entered, Entering } from './entering.ts';
export type { ListFilter, WholeStory } from './reading.ts';
export type {
  Asked,
  AskedBy,
  ContactWish,
  Copy,
  Entry,
  Found,
  Given,
  Mode,
  Response,
  Revision,
  StoredAnswer,
  Submitted,
  WholeResponse,
} from './response.ts';
export { RESPONSE_ROWS } from './customer-rows.ts';
export { exportedResponses, forgetWords, responsesBefore, responsesOf, type ErasedResponse } from './privacy-store.ts';
export { responseRoutes } from './routes.ts';
export { initialsOf, newReference, UNMISTAKABLE, valuesOf } from './rules.ts';
export { createVoices, type Voice, type Voices } from './voices.ts';
export { answerLines, otherWords, questionText, reasonText, textIn, type Told } from './wording.ts';
