export {
  answersPage,
  answerValueSchema,
  fieldOf,
  mostChoices,
  parseAnswer,
  statedReasons,
  type Answers,
  type AnswerValue,
  type Kept,
  type ParsedAnswer,
  type ReasonsAnswer,
  type StatedReasons,
} from './answers.ts';
export { codedKeys, definitionSchema, draftSchema, PLACEHOLDERS, REMINDERS } from './definition.ts';
export type {
  Condition,
  Definition,
  Mail,
  OpenQuestion,
  QuestionKind,
  ReasonsQuestion,
  ScaleQuestion,
  Texts,
} from './definition.ts';
export {
  firstUnanswered,
  nextPage,
  pageAt,
  pageKey,
  pagesFor,
  previousPage,
  questionNumber,
  standingAnswers,
  type PagePart,
  type PageRef,
} from './flow.ts';
export { CANT_SAY, OPEN_LIMIT, OTHER, OTHER_LIMIT, PREFER_NOT_TO_SAY, reasonKeys, type Question } from './question.ts';
export { mostReasons, reasonChoices, shuffled, type Choice } from './shuffle.ts';
export { hasText, textSlots, type TextSlot } from './text-slots.ts';
export { fillIn, languagesComplete, missingTexts, paragraphs, textsHash, type MissingText } from './texts.ts';
export { cleanLine, cleanText, graphemes, isBlank, lengthOf } from './verbatim.ts';
export type {
  Approval,
  LanguageState,
  ListedApproval,
  NewQuestionnaire,
  Programme,
  Questionnaire,
  Questionnaires,
  QuestionnairesDeps,
  Version,
} from './interface.ts';
export { createQuestionnaires } from './service.ts';
export { questionnairesRoutes } from './routes.ts';
export type { QuestionnairesWeb } from './common-routes.ts';
export type { ChoosableCode } from './text-views.ts';
export { nameInWords } from './starters.ts';
