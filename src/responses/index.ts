export { createResponses, type OnSubmitted, type Responses, type ResponsesDeps, type WholeResponse } from './service.ts';
export type { ListFilter, WholeStory } from './reading.ts';
export type {
  Asked,
  AskedBy,
  ContactWish,
  Found,
  Given,
  Mode,
  Response,
  Revision,
  StoredAnswer,
  Submitted,
} from './response.ts';
export { initialsOf, valuesOf } from './rules.ts';
