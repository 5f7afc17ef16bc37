import type { MessageValues } from '../shared/errors.ts';
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';
import { textSlots } from './text-slots.ts';
import { missingTexts } from './texts.ts';

type Place = (string | number)[];

/** What stands between a draft and its publication, and where. */
export interface Problem {
  /** By keys, with the language last where it is a text's: 'questions.why.text.de', 'mail.subject.en'. */
  path: string;
  /** Key of the message. */
  key: string;
  values: MessageValues;
}

/** Everything that is wrong with a draft; none means that it can be published. */
export function problemsOf(draft: Definition): Problem[] {
  const definition = listedOnly(draft);
  const issues = definitionSchema.safeParse(definition).error?.issues ?? [];
  const others = issues.filter(({ message }) => message !== 'definition.missingText');
  return [...others.map((issue) => problemOf(definition, issue)), ...missing(definition)];
}

/** The draft without what is written in languages that it does not list: what would be published. */
export function listedOnly(draft: Definition): Definition {
  const definition = structuredClone(draft);
  for (const { texts } of textSlots(definition)) {
    for (const language of Object.keys(texts)) if (!definition.languages.includes(language)) delete texts[language];
  }
  return definition;
}

/** Not as the schema tells it: that speaks of missing texts only once everything else is right. */
const missing = (definition: Definition): Problem[] =>
  missingTexts(definition).map(({ path, language }) => ({
    path: `${path}.${language}`,
    key: 'definition.missingText',
    values: { path, language },
  }));

function problemOf(definition: Definition, issue: { message: string; path: PropertyKey[] }): Problem {
  const { params, maximum } = issue as { params?: MessageValues; maximum?: number };
  const isOurs = issue.message.startsWith('definition.');
  return {
    path: named(definition, issue.path as Place),
    key: isOurs ? issue.message : 'form.invalid',
    values: params ?? (maximum === undefined ? {} : { limit: maximum }),
  };
}

/** A place by index as a place by keys. */
function named({ questions }: Definition, place: Place): string {
  const [first, index, ...rest] = place;
  const question = first === 'questions' && typeof index === 'number' ? questions[index] : undefined;
  if (!question) return place.join('.');
  const keys = rest.map((part) =>
    typeof part === 'number' && question.kind === 'reasons' ? (question.options[part]?.key ?? part) : part,
  );
  return ['questions', question.key, ...keys].join('.');
}
