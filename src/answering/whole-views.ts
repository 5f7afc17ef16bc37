import type { Translate } from '../i18n/index.ts';
import { OTHER, PREFER_NOT_TO_SAY, reasonChoices } from '../questionnaires/index.ts';
import type { Definition, PageRef, ReasonsQuestion, ScaleQuestion } from '../questionnaires/index.ts';
import { questionText, textIn } from '../responses/index.ts';
import { wholeName, wholePages, type FollowUps, type WholeBody } from './whole-form.ts';

/** Every question on one page, for a colleague who types what somebody wrote or says. */
export interface WholeView {
  language: string;
  fields: WholeField[];
}

interface WholeField {
  /** '1', '2' ...; empty behind a question. */
  number: string;
  label: string;
  name: string;
  error: string;
  open: { text: string } | null;
  choices: { type: 'checkbox' | 'radio'; items: WholeChoice[]; ends: string; across: boolean } | null;
  other: { name: string; label: string; text: string; error: string } | null;
  most: { name: string; label: string; checked: string } | null;
}

interface WholeChoice {
  value: string;
  text: string;
  checked: boolean;
  /** Can be the one that mattered most. */
  canMatter: boolean;
}

/** Whether they may be contacted about it, in their own language. */
export interface WishView {
  language: string;
  label: string;
  items: { value: string; text: string; checked: boolean }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'answering/whole': WholeView;
    'answering/wish': WishView;
  }
}

interface WholeFacts {
  definition: Definition;
  language: string;
  /** The order of the reasons hangs on it. */
  seed: string;
  follow: FollowUps;
  /** What has been typed so far, by field. */
  typed: WholeBody;
  /** Said in the colleague's language. */
  errors: Record<string, string>;
  t: Translate;
}

const WISHES = ['phone', 'mail', 'no'];

/** The field 'contact' of such a form, in the language of `own`. */
export function wishView(typed: WholeBody, own: Translate): WishView {
  return {
    language: own.language,
    label: own('answering.contact.heading'),
    items: WISHES.map((value) => ({
      value,
      text: own(`answering.contact.${value}`),
      checked: typed.contact === value,
    })),
  };
}

export function wholeView(facts: WholeFacts): WholeView {
  const pages = wholePages(facts.definition, facts.follow).filter(({ part }) => part !== 'most');
  return { language: facts.language, fields: pages.map((page) => fieldOf(page, facts)) };
}

function fieldOf(page: PageRef, facts: WholeFacts): WholeField {
  const { definition, language, errors } = facts;
  const { question, part } = page;
  const name = wholeName(page);
  const typed = typedIn(facts);
  const field: WholeField = {
    number: part === 'main' ? String(definition.questions.findIndex(({ key }) => key === question.key) + 1) : '',
    label: questionText(page, language, definition),
    name,
    error: errors[name] ?? '',
    open: null,
    choices: null,
    other: null,
    most: null,
  };
  if (part === 'probe' || question.kind === 'open') return { ...field, open: { text: typed.one(name) } };
  if (question.kind === 'scale') return { ...field, choices: scaleOf(question, name, facts) };
  if (question.kind === 'yesno') {
    const items = ['yes', 'no'].map((value) => ({
      value,
      text: facts.t(`responses.${value}`),
      checked: typed.one(name) === value,
      canMatter: false,
    }));
    return { ...field, choices: { type: 'radio', items, ends: '', across: true } };
  }
  return { ...field, ...reasonsOf(question, name, facts) };
}

function typedIn({ typed }: Pick<WholeFacts, 'typed'>) {
  const many = (name: string) => [typed[name] ?? []].flat().map(String);
  return { many, one: (name: string) => many(name).at(-1) ?? '' };
}

function scaleOf({ min, max, minLabel, maxLabel }: ScaleQuestion, name: string, facts: WholeFacts) {
  const { definition, language, t } = facts;
  const say = (texts: Record<string, string>) => textIn(texts, language, definition);
  const values = Array.from({ length: max - min + 1 }, (_, i) => String(min + i));
  const checked = typedIn(facts).one(name);
  return {
    type: 'radio' as const,
    items: values.map((value) => ({ value, text: value, checked: value === checked, canMatter: false })),
    ends: t('answering.scale.ends', { min, minLabel: say(minLabel), max, maxLabel: say(maxLabel) }),
    across: true,
  };
}

function reasonsOf(question: ReasonsQuestion, name: string, facts: WholeFacts): Partial<WholeField> {
  const { definition, language, seed, errors } = facts;
  const say = (texts: Record<string, string> | undefined) => (texts ? textIn(texts, language, definition) : '');
  const typed = typedIn(facts);
  const ticked = typed.many(name);
  const [otherName, most] = [wholeName({ question, part: 'main' }, 'other'), wholeName({ question, part: 'most' })];
  const items = reasonChoices(question, seed).map(({ key, text }) => ({
    value: key,
    text: say(text),
    checked: ticked.includes(key),
    canMatter: key !== PREFER_NOT_TO_SAY,
  }));
  const hasOther = items.some(({ value }) => value === OTHER);
  return {
    choices: { type: 'checkbox', items, ends: '', across: false },
    other: hasOther
      ? {
          name: otherName,
          label: say(question.other?.label),
          text: typed.one(otherName),
          error: errors[otherName] ?? '',
        }
      : null,
    most: { name: most, label: say(question.most.text), checked: typed.one(most) },
  };
}
