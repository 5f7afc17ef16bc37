import { languageName } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView, type PolicyNote, type Staff } from '../web/index.ts';
import {
  childrenOf,
  labelOf,
  mergeTargets,
  offered,
  parentsFor,
  textIn,
  type Code,
  type Codebook,
  type Texts,
} from './codebook.ts';
import { codePath, languagesOf, type Programme } from './codebook-views.ts';
import type { LineFound } from './themes/clashes.ts';
import type { Keywords } from './themes/keyword-rules.ts';
import type { ReadAnswer } from './themes/reading.ts';
import type { Theme } from './themes/theme-store.ts';
import { nameOf, voiceOf, type VoiceView } from './themes/theme-views.ts';

interface TextFields {
  code: string;
  language: string;
}

export interface CodePage {
  isNew: boolean;
  heading: string;
  key: string;
  given: string;
  back: string;
  form: FormView;
  languages: TextFields[];
  /** What the product knows of it already; empty where that is nothing. */
  known: string;
  /** The theme that it is made of, if it is made of one. */
  theme: { id: string; lead: string; href: string; label: string; voices: VoiceView[] } | null;
  clashes: ClashesView | null;
  /** What the business does because of it. */
  policies: PolicyNote[];
  action: string;
  parents: { value: string; text: string }[];
  place: { action: string; form: FormView; befores: { value: string; text: string }[] } | null;
  merge: { action: string; form: FormView; targets: { value: string; text: string }[] } | null;
  split: { action: string; form: FormView } | null;
  retire: string;
  /** Why it cannot be merged, split or retired now; empty where it can. */
  hindered: string;
}

/** Lines that stand in answers coded otherwise. */
interface ClashesView {
  /** They are still being counted. */
  pending: boolean;
  rows: { line: string; language: string; elsewhere: string; mostly: string }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'coding/code': CodePage;
  }
}

/** What the page tells of a code besides its texts. */
export interface CodeFacts {
  given: number;
  /** The parent that a new one is to stand under. */
  under: string;
  keywords: Keywords;
  /** Entries that come with the product. */
  known: number;
  /** Undefined while they are being counted. */
  clashes: LineFound[] | undefined;
  theme: MadeOf | null;
  policies: PolicyNote[];
}

type MadeOf = Pick<Theme, 'id' | 'phrases'> & { answers: ReadAnswer[] };

/** What was posted, and which of the forms of the page it came from. */
export interface Rejected {
  form: 'texts' | 'place' | 'merge' | 'split';
  body: Record<string, unknown>;
  errors: FieldErrors;
}

export function codePage(
  programme: Programme,
  book: Codebook,
  code: Code | null,
  facts: CodeFacts,
  staff: Staff,
  rejected?: Rejected,
): CodePage {
  const { t, language } = staff;
  const formOf = (name: Rejected['form'], values: Record<string, unknown>) =>
    rejected?.form === name ? formView(rejected.body, rejected.errors, t) : formView(values, undefined, t);
  const option = (each: Code) => ({ value: each.key, text: labelOf(book, each, language) });
  const parents = [{ value: '', text: t('codebook.firstLevel') }, ...parentsFor(book, code).map(option)];
  const base = code ? codePath(programme, code) : `/codebook/${programme.key}/codes`;
  const parent = code?.parentId ? book.byId.get(code.parentId) : undefined;
  const whole = code !== null && childrenOf(book, code).length === 0;
  const targets = code ? mergeTargets(book, code).map(option) : [];
  return {
    isNew: code === null,
    heading: code ? labelOf(book, code, language) : t('codebook.add'),
    key: code?.key ?? '',
    given: code ? t('codebook.givenTimes', { count: facts.given }) : '',
    back: facts.theme ? themesPath(programme) : `/codebook/${programme.key}`,
    form: formOf('texts', { ...textValues(code), ...wordValues(facts.keywords), parent: facts.under }),
    languages: [...new Set([...languagesOf(book), ...Object.keys(facts.keywords)])].map((each) => ({
      code: each,
      language: languageName(each),
    })),
    known: facts.known > 0 ? t('keywords.known', { count: facts.known }) : '',
    theme: facts.theme && madeOf(programme, facts.theme, t),
    clashes: code && Object.keys(facts.keywords).length > 0 ? clashesOf(book, facts.clashes, staff) : null,
    policies: facts.policies,
    action: base,
    parents,
    place: code && {
      action: `${base}/place`,
      form: formOf('place', { parent: parent?.key ?? '', before: nextSibling(book, code)?.key ?? '' }),
      befores: [
        ...siblings(book, code).map((each) => ({
          value: each.key,
          text: t('codebook.before', { name: textIn(each.name, language) }),
        })),
        { value: '', text: t('codebook.atEnd') },
      ],
    },
    merge:
      targets.length > 0
        ? {
            action: `${base}/merger`,
            form: formOf('merge', {}),
            targets: [{ value: '', text: t('codebook.choose') }, ...targets],
          }
        : null,
    split: whole && code.kind === 'reason' ? { action: `${base}/split`, form: formOf('split', {}) } : null,
    retire: whole ? `${base}/retirement` : '',
    hindered: code && !whole ? t('codebook.error.hasChildren') : '',
  };
}

const themesPath = ({ key }: Programme): string => `/codebook/${key}/themes`;

function madeOf(programme: Programme, theme: MadeOf, t: Staff['t']): CodePage['theme'] {
  const name = nameOf(theme, t);
  return {
    id: theme.id,
    lead: t('themes.makes', { name }),
    href: `${themesPath(programme)}/${theme.id}`,
    label: t('themes.allOf', { name }),
    voices: theme.answers.map(voiceOf),
  };
}

function clashesOf(book: Codebook, found: LineFound[] | undefined, { t, language }: Staff): ClashesView {
  const nameOf = (id: string | null) => {
    const code = id === null ? undefined : book.byId.get(id);
    return code ? labelOf(book, code, language) : '–';
  };
  const rows = (found ?? []).map(({ entry, language: of, elsewhere, all, mostly }) => ({
    line: entry,
    language: languageName(of),
    elsewhere: t('keywords.elsewhere', { elsewhere, all }),
    mostly: nameOf(mostly),
  }));
  return { pending: found === undefined, rows };
}

const wordValues = (keywords: Keywords): Record<string, string> =>
  Object.fromEntries(Object.entries(keywords).map(([language, entries]) => [`words.${language}`, entries.join('\n')]));

function textValues(code: Code | null): Record<string, string> {
  const flat = (field: string, texts: Texts) =>
    Object.entries(texts).map(([language, text]): [string, string] => [`${field}.${language}`, text]);
  return code ? Object.fromEntries([...flat('name', code.name), ...flat('description', code.description)]) : {};
}

const siblings = (book: Codebook, code: Code) =>
  offered(book).filter((each) => each.parentId === code.parentId && each.id !== code.id);

const nextSibling = (book: Codebook, code: Code) => siblings(book, code).find((each) => each.position > code.position);
