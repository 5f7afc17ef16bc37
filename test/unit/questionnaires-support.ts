import { readFileSync } from 'node:fs';
import type { Answers, AnswerValue } from '../../src/questionnaires/answers.ts';
import { definitionSchema } from '../../src/questionnaires/definition.ts';
import type { Definition, PageRef, Question } from '../../src/questionnaires/definition.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../data/questionnaires/${name}.json`, import.meta.url), 'utf8'));

type Starter = 'leaving' | 'satisfaction' | 'before' | 'during' | 'after' | 'complaint';

export const starter = (name: Starter): Definition => definitionSchema.parse(read(name));

const en = (text: string) => ({ en: text });

/** Every kind of question and of condition in one questionnaire. */
export const everything: Definition = definitionSchema.parse({
  key: 'everything',
  programme: 'leaving',
  languages: ['en'],
  title: en('Everything'),
  mail: { subject: en('Hello'), preheader: en('Hello'), body: en('Hello'), button: en('Go'), after: en('Bye') },
  minutes: 3,
  questions: [
    { key: 'happened', kind: 'open', text: en('What happened?'), probe: { text: en('What exactly?') } },
    {
      key: 'reasons',
      kind: 'reasons',
      text: en('Why?'),
      options: ['price', 'quality', 'moved'].map((key) => ({ key, text: en(key) })),
      other: { text: en('Something else'), label: en('What?') },
      preferNotToSay: en('Prefer not to say'),
      most: { text: en('Which mattered most?'), cantSay: en('Cannot say') },
    },
    {
      key: 'recommend',
      kind: 'scale',
      min: 0,
      max: 10,
      minLabel: en('Never'),
      maxLabel: en('Surely'),
      text: en('Recommend?'),
      probe: { text: en('Why this number?') },
    },
    {
      key: 'again',
      kind: 'yesno',
      text: en('Would you come back?'),
      condition: { question: 'recommend', op: 'atLeast', value: 7 },
    },
    {
      key: 'return',
      kind: 'open',
      text: en('What would bring you back?'),
      condition: { question: 'again', op: 'isNot', value: 'no' },
    },
    {
      key: 'dear',
      kind: 'open',
      text: en('What is too dear?'),
      condition: { question: 'reasons', op: 'ticked', value: 'price' },
    },
    {
      key: 'low',
      kind: 'open',
      text: en('What went wrong?'),
      condition: { question: 'recommend', op: 'atMost', value: 3 },
    },
    { key: 'ten', kind: 'yesno', text: en('Name you?'), condition: { question: 'recommend', op: 'is', value: 10 } },
    { key: 'more', kind: 'open', text: en('What else?'), condition: { question: 'happened', op: 'answered' } },
  ],
});

export const questionOf = (definition: Definition, key: string): Question =>
  definition.questions.find((question) => question.key === key) as Question;

export const page = (key: string, part: PageRef['part'] = 'main', definition = everything): PageRef => ({
  question: questionOf(definition, key),
  part,
});

export const given = (answers: Record<string, AnswerValue>): Answers => new Map(Object.entries(answers));
