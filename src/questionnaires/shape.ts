import { z } from 'zod';
import { keySchema, languageSchema, questionSchema, texts } from './question.ts';

const mailSchema = z.object({
  subject: texts(50),
  preheader: texts(120),
  /** Before the button; an empty line parts two paragraphs. The greeting is put before it. */
  body: texts(1500),
  button: texts(40),
  /** After the button; the signature is put after it. */
  after: texts(800),
});

/** In the order in which they go. */
export const REMINDERS = ['first', 'second'] as const;

/** What a questionnaire consists of, before anybody asks whether its parts agree with each other. */
export const definitionShape = z.object({
  key: keySchema,
  programme: keySchema,
  languages: z.array(languageSchema).min(1, 'definition.noLanguage').max(20, 'definition.tooManyLanguages'),
  /** The languages in which it says du or je; the words around its own go by this, also after the business has changed its way. */
  familiar: z.array(languageSchema).optional(),
  title: texts(80),
  /** The invitation. It may use {company}, {sender}, {count} (of questions) and {minutes}. */
  mail: mailSchema,
  /** As the invitation. Only what was published before reminders had words of their own is without. */
  reminders: z.object({ first: mailSchema, second: mailSchema }).optional(),
  /** What the invitation promises until the median time of the respondents is known. */
  minutes: z.number().int().min(2).max(30),
  intro: texts(600).optional(),
  thanks: texts(600).optional(),
  questions: z.array(questionSchema).min(1, 'definition.noQuestion').max(12, 'definition.tooManyQuestions'),
});

export type Mail = z.infer<typeof mailSchema>;
export type Definition = z.infer<typeof definitionShape>;
