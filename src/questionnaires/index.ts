export {
  answersPage,
  answerValueSchema,
  fieldOf,
  parseAnswer,
  statedReasons,
  type Answers,
  type AnswerValue,
  type Kept,
} from './answers.ts';
export { codedKeys, definitionSchema, REMINDERS } from './definition.ts';
export type { Definition, Mail, ReasonsQuestion, ScaleQuestion, Texts } from './definition.ts';
export {
  firstUnanswered,
  nextPage,
  pageAt,
  pageKey,
  pagesFor,
  previousPage,
  questionNumber,
  standingAnswers,
  type PageRef,
} from './flow.ts';
export { CANT_SAY, OPEN_LIMIT, OTHER, PREFER_NOT_TO_SAY, reasonKeys, type Question } from './question.ts';
export { mostReasons, reasonChoices } from './shuffle.ts';
export { fillIn, paragraphs } from './texts.ts';
export { cleanLine, cleanText, isBlank, lengthOf } from './verbatim.ts';
export type { Questionnaire, Questionnaires, Version } from './interface.ts';
export { createQuestionnaires } from './service.ts';
export { questionnairesRoutes } from './routes.ts';
export type { ChoosableCode } from './text-views.ts';
export { hasTouchpoints, nameInWords } from './starters.ts';
