import { conditionFrom } from './conditions.ts';
import { REMINDERS, type Definition, type Mail, type Question, type Texts } from './definition.ts';
import { CANT_SAY, keySchema, OTHER, PREFER_NOT_TO_SAY } from './question.ts';
import { cleanLine, cleanText } from './verbatim.ts';

/** A posted form, field by field. */
export type Typed = Readonly<Record<string, unknown>>;

/** One piece of wording as staff edit it: its place within the question ('probe.text') or the draft ('mail.subject'). */
export interface TextPlace {
  path: string;
  /** Key of the label. */
  label: string;
  rows: number;
}

export interface TextGroup {
  /** Name of the group: 'wording', 'ends', 'options', 'also', 'most', 'probe', 'letter', 'first', 'second', 'frame'. */
  name: string;
  places: TextPlace[];
}

const line = (path: string, label: string): TextPlace => ({ path, label: `questionnaires.text.${label}`, rows: 1 });
const long = (path: string, label: string, rows: number): TextPlace => ({ ...line(path, label), rows });

/** All wording that a question of its kind can have, also what is not written yet. */
export function questionPlaces(question: Question): TextGroup[] {
  const wording = { name: 'wording', places: [long('text', 'question', 2), long('hint', 'hint', 2)] };
  const probe = { name: 'probe', places: [long('probe.text', 'probe', 2), long('probe.hint', 'probeHint', 2)] };
  switch (question.kind) {
    case 'open':
      return [wording, probe];
    case 'yesno':
      return [wording];
    case 'scale':
      return [wording, { name: 'ends', places: [line('minLabel', 'minLabel'), line('maxLabel', 'maxLabel')] }, probe];
    case 'reasons':
      return [
        wording,
        { name: 'options', places: question.options.map(({ key }) => line(`options.${key}.text`, 'option')) },
        {
          name: 'also',
          places: [line('other.text', 'other'), line('other.label', 'otherLabel'), line('preferNotToSay', 'preferNot')],
        },
        {
          name: 'most',
          places: [long('most.text', 'most', 2), long('most.hint', 'mostHint', 2), line('most.cantSay', 'cantSay')],
        },
      ];
  }
}

const mailPlaces = (at: string): TextPlace[] => [
  line(`${at}.subject`, 'subject'),
  line(`${at}.preheader`, 'preheader'),
  long(`${at}.body`, 'body', 8),
  line(`${at}.button`, 'button'),
  long(`${at}.after`, 'after', 4),
];

/** The wording around the questions. */
export const LETTER_PLACES: TextGroup[] = [
  { name: 'letter', places: mailPlaces('mail') },
  ...REMINDERS.map((name) => ({ name, places: mailPlaces(`reminders.${name}`) })),
  { name: 'frame', places: [line('title', 'title'), long('intro', 'intro', 4), long('thanks', 'thanks', 4)] },
];

/** What stands at a place of a question or draft; nothing where it is not written. */
export function textsAt(subject: Question | Definition, path: string): Texts {
  const parts = path.split('.');
  const found = parts.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return value.find((each: { key?: string }) => each.key === part) as unknown;
    return (value as Record<string, unknown> | undefined)?.[part];
  }, subject);
  return (found ?? {}) as Texts;
}

/**
 * The question as the form has it: `PATH.LANGUAGE` for wording, and its settings. What the form does not name stays,
 * and so does wording in languages that are not listed. Follow-ups and extras without a word are taken away.
 */
export function changedQuestion(question: Question, typed: Typed, languages: string[]): Question {
  const at = (path: string) => readTexts(textsAt(question, path), path, typed, languages);
  const optional = (path: string) => unlessUnwritten(at(path), languages);
  const base = {
    key: question.key,
    text: at('text'),
    hint: optional('hint'),
    required: isTicked(typed, 'required'),
    condition: conditionFrom(one(typed.condition)),
  };
  switch (question.kind) {
    case 'yesno':
      return { ...base, kind: 'yesno' };
    case 'open':
      return { ...base, ...codedFrom(typed), kind: 'open', probe: openProbe(question.probe, typed, at, optional) };
    case 'scale': {
      const text = optional('probe.text');
      const probe = text && { text, hint: optional('probe.hint') };
      const ends = { minLabel: at('minLabel'), maxLabel: at('maxLabel') };
      return { ...base, ...codedFrom(typed), kind: 'scale', ...rangeFrom(typed, question), ...ends, probe };
    }
    case 'reasons':
      return { ...base, kind: 'reasons', ...reasonsFrom(question, typed, at, optional) };
  }
}

type At = (path: string) => Texts;
type Optional = (path: string) => Texts | undefined;

function openProbe(probe: { under: number; underCjk: number } | undefined, typed: Typed, at: At, optional: Optional) {
  const hint = optional('probe.hint');
  if (!optional('probe.text') && !hint) return undefined;
  const under = Number(one(typed.under)) || probe?.under || 60;
  // The schema's own proportion, 60 to 20.
  const underCjk = probe && probe.under === under ? probe.underCjk : Math.max(1, Math.round(under / 3));
  return { text: at('probe.text'), hint, under, underCjk };
}

function reasonsFrom(question: Extract<Question, { kind: 'reasons' }>, typed: Typed, at: At, optional: Optional) {
  const [text, label] = [optional('other.text'), optional('other.label')];
  const options = question.options
    .filter(({ key }) => !isTicked(typed, `drop.${key}`))
    .map(({ key }, i) => ({ key, text: at(`options.${key}.text`), place: Number(one(typed[`place.${key}`])) || i + 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ key, text: words }) => ({ key, text: words }));
  return {
    options,
    shuffle: isTicked(typed, 'shuffle'),
    other: text || label ? { text: text ?? {}, label: label ?? {} } : undefined,
    preferNotToSay: optional('preferNotToSay'),
    most: { text: at('most.text'), hint: optional('most.hint'), cantSay: at('most.cantSay') },
  };
}

const codedFrom = (typed: Typed) => ({ coded: isTicked(typed, 'coded'), group: one(typed.group) || undefined });

function rangeFrom(typed: Typed, { min, max }: { min: 0 | 1; max: 5 | 10 }) {
  const range = one(typed.range);
  if (range === '0-10') return { min: 0 as const, max: 10 as const };
  return range === '1-5' ? { min: 1 as const, max: 5 as const } : { min, max };
}

/** The draft with the letter and the frame as the form has them. */
export function changedLetter(draft: Definition, typed: Typed): Definition {
  const at = (path: string) => readTexts(textsAt(draft, path), path, typed, draft.languages);
  const optional = (path: string) => unlessUnwritten(at(path), draft.languages);
  const mail = (path: string): Mail => ({
    subject: at(`${path}.subject`),
    preheader: at(`${path}.preheader`),
    body: at(`${path}.body`),
    button: at(`${path}.button`),
    after: at(`${path}.after`),
  });
  return {
    ...draft,
    title: at('title'),
    mail: mail('mail'),
    reminders: { first: mail('reminders.first'), second: mail('reminders.second') },
    minutes: Number(one(typed.minutes)) || draft.minutes,
    intro: optional('intro'),
    thanks: optional('thanks'),
  };
}

const isLong = (path: string): boolean => /^(intro|thanks)$|^(mail|reminders\.\w+)\.(body|after)$/.test(path);

function readTexts(known: Texts, path: string, typed: Typed, languages: string[]): Texts {
  const texts = { ...known };
  for (const language of languages) {
    const words = typed[`${path}.${language}`];
    if (words === undefined) continue;
    const clean = isLong(path) ? cleanText(one(words)) : cleanLine(one(words));
    if (clean === '') delete texts[language];
    else texts[language] = clean;
  }
  return texts;
}

const unlessUnwritten = (texts: Texts, languages: string[]): Texts | undefined =>
  languages.some((language) => texts[language]) ? texts : undefined;

const isTicked = (typed: Typed, name: string): boolean => one(typed[name]) !== '';

function one(value: unknown): string {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : '';
}

/** The draft with a question in another's place, by its key. */
export const withQuestion = (draft: Definition, question: Question): Definition => ({
  ...draft,
  questions: draft.questions.map((each) => (each.key === question.key ? question : each)),
});

export const withoutQuestion = (draft: Definition, key: string): Definition => ({
  ...draft,
  questions: draft.questions.filter((each) => each.key !== key),
});

/** A question that was taken out, and where it stood. */
export interface Removed {
  question: Question;
  place: number;
}

/** The draft with that question at its place again; as it is where it has one already. */
export function withReturned(draft: Definition, { question, place }: Removed): Definition {
  if (draft.questions.some(({ key }) => key === question.key)) return draft;
  return { ...draft, questions: draft.questions.toSpliced(place, 0, question) };
}

/** The draft with the question one place further up or down; at the ends nothing moves. */
export function moved(draft: Definition, key: string, direction: 'up' | 'down'): Definition {
  const from = draft.questions.findIndex((each) => each.key === key);
  const to = from + (direction === 'up' ? -1 : 1);
  if (from < 0 || to < 0 || to >= draft.questions.length) return draft;
  const questions = [...draft.questions];
  questions.splice(to, 0, ...questions.splice(from, 1));
  return { ...draft, questions };
}

const RESERVED = [OTHER, PREFER_NOT_TO_SAY, CANT_SAY];
const LONGEST_OPTION = 100;

/** A list of reasons with one more, worded like the code that it stands for until somebody words it better. */
export function withOption(
  question: Question,
  key: string,
  codes: { key: string; name: Texts }[] | undefined,
  languages: string[],
): Question {
  if (question.kind !== 'reasons' || RESERVED.includes(key) || !keySchema.safeParse(key).success) return question;
  const code = codes?.find((each) => each.key === key);
  if (question.options.some((option) => option.key === key) || (codes && !code)) return question;
  const named = languages.flatMap((language) => {
    const words = code?.name[language]?.slice(0, LONGEST_OPTION);
    return words ? [[language, words]] : [];
  });
  return { ...question, options: [...question.options, { key, text: Object.fromEntries(named) as Texts }] };
}
