import type { Question, Texts } from './question.ts';
import type { Definition } from './shape.ts';

type Place = (string | number)[];

/** One piece of wording of a questionnaire. */
export interface TextSlot {
  /** Named by keys, so that moving a question or an option does not rename it: 'questions.why.options.price.text'. */
  path: string;
  /** The same place by index, as zod names it: ['questions', 0, 'options', 3, 'text']. */
  at: Place;
  texts: Texts;
}

/** Whether there is something to read in that language. */
export const hasText = (texts: Texts, language: string): boolean =>
  Object.hasOwn(texts, language) && texts[language]?.trim() !== '';

/** Every piece of wording, in the order in which people meet it. Optional ones that are blank throughout are left out. */
export function textSlots(definition: Definition): TextSlot[] {
  const { title, mail, reminders, intro, thanks, questions } = definition;
  return [
    ...slots([], { title, intro: unlessBlank(intro) }),
    ...slots(['mail'], mail),
    ...slots(['reminders', 'first'], { ...reminders?.first }),
    ...slots(['reminders', 'second'], { ...reminders?.second }),
    ...questions.flatMap(questionSlots),
    ...slots([], { thanks: unlessBlank(thanks) }),
  ];
}

function questionSlots(question: Question, index: number): TextSlot[] {
  const at: Place = ['questions', index];
  const found = [...slots(at, { text: question.text, hint: unlessBlank(question.hint) }), ...kindSlots(question, at)];
  return found.map((slot) => ({ ...slot, path: `questions.${question.key}.${namesOf(question, slot.at)}` }));
}

function kindSlots(question: Question, at: Place): TextSlot[] {
  switch (question.kind) {
    case 'open':
      return probeSlots(question.probe, at);
    case 'scale':
      return [
        ...slots(at, { minLabel: question.minLabel, maxLabel: question.maxLabel }),
        ...probeSlots(question.probe, at),
      ];
    case 'reasons':
      return [
        ...question.options.flatMap((option, i) => slots([...at, 'options', i], { text: option.text })),
        ...slots([...at, 'other'], { text: question.other?.text, label: question.other?.label }),
        ...slots(at, { preferNotToSay: question.preferNotToSay }),
        ...slots([...at, 'most'], { ...question.most, hint: unlessBlank(question.most.hint) }),
      ];
    case 'yesno':
      return [];
  }
}

const probeSlots = (probe: { text: Texts; hint?: Texts } | undefined, at: Place): TextSlot[] =>
  probe ? slots([...at, 'probe'], { text: probe.text, hint: unlessBlank(probe.hint) }) : [];

function namesOf(question: Question, at: Place): string {
  const name = (part: string | number) =>
    typeof part === 'number' && question.kind === 'reasons' ? question.options[part]?.key : part;
  return at.slice(2).map(name).join('.');
}

function slots(at: Place, parts: Record<string, Texts | undefined>): TextSlot[] {
  return Object.entries(parts).flatMap(([name, texts]) =>
    texts ? [{ path: [...at, name].join('.'), at: [...at, name], texts }] : [],
  );
}

const unlessBlank = (texts: Texts | undefined): Texts | undefined =>
  texts && Object.values(texts).some((text) => text.trim() !== '') ? texts : undefined;
