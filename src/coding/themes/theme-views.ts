import { formatMoment, languageName } from '../../i18n/index.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import { labelOf, offered, type Codebook } from '../codebook.ts';
import { answerPath, themePath } from '../head-views.ts';
import type { ReadAnswer } from './reading.ts';
import { isWanted, mayTakeBack, NEEDED } from './theme-rules.ts';
import type { Look, Theme } from './theme-store.ts';

/** A customer's words, with the language that they are in. */
export interface VoiceView {
  text: string;
  language: string;
  languageName: string;
}

interface ThemeView {
  id: string;
  name: string;
  size: string;
  href: string;
  voices: VoiceView[];
  /** Where it is made a reason; empty for those who may not. */
  makeHref: string;
  action: string;
  form: FormView;
}

export interface ThemesPage {
  name: string;
  back: string;
  lead: string;
  /** When it was looked for them; empty where it never was. */
  looked: string;
  /** They are being looked for now. */
  looking: boolean;
  action: string;
  /** Why there is none; empty where there is one. */
  empty: string;
  themes: ThemeView[];
  canEdit: boolean;
  options: { value: string; text: string }[];
  judged: { name: string; href: string; what: string; who: string; takeBack: string; label: string }[];
}

export interface ThemePage {
  heading: string;
  back: string;
  lead: string;
  answers: (VoiceView & { href: string; coded: string })[];
  more: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'coding/themes': ThemesPage;
    'coding/theme': ThemePage;
  }
}

interface At {
  programme: { key: string; name: string };
  book: Codebook;
}

interface Found {
  look: Look;
  fresh: Theme[];
  judged: Theme[];
  examples: ReadonlyMap<string, ReadAnswer[]>;
  now: string;
}

/** Its words; they are gone where an answer behind it is. */
export const nameOf = ({ phrases }: Pick<Theme, 'phrases'>, t: Staff['t']): string =>
  phrases.map(({ text }) => text).join(' · ') || t('themes.wordless');

export const voiceOf = ({ text, lang }: { text: string; lang: string }): VoiceView => ({
  text,
  language: lang,
  languageName: languageName(lang),
});

export function themesPage(
  { programme, book }: At,
  { look, fresh, judged, examples, now }: Found,
  names: ReadonlyMap<string, string>,
  staff: Staff,
  rejected?: { id: string; errors: FieldErrors },
): ThemesPage {
  const { t, language, timeZone, role } = staff;
  const canEdit = hasRole(role, 'manager');
  const base = `/codebook/${programme.key}/themes`;
  const looking = isWanted(look);
  return {
    name: nameInWords(programme.name, t),
    back: `/codebook/${programme.key}`,
    lead:
      fresh.length > 0 ? t('themes.lead', { count: fresh.length, answers: look.unexplained }) : t('themes.lead.none'),
    looked: look.lookedAt === null ? '' : t('themes.looked', { when: formatMoment(look.lookedAt, language, timeZone) }),
    looking,
    action: `${base}/look`,
    empty: fresh.length > 0 || looking ? '' : whyNone(look, t),
    themes: fresh.map((theme) => ({
      id: theme.id,
      name: nameOf(theme, t),
      size: t('themes.size', { count: theme.size }),
      href: `${base}/${theme.id}`,
      voices: (examples.get(theme.id) ?? []).map(voiceOf),
      makeHref: canEdit ? `/codebook/${programme.key}/add?${new URLSearchParams({ theme: theme.id })}` : '',
      action: `${base}/${theme.id}`,
      form: formView({}, rejected?.id === theme.id ? rejected.errors : undefined, t),
    })),
    canEdit,
    options: [
      { value: '', text: t('codebook.choose') },
      ...offered(book).map((code) => ({ value: code.key, text: labelOf(book, code, language) })),
    ],
    judged: judged.map((theme) => judgedView(base, book, theme, now, names, staff)),
  };
}

function whyNone({ lookedAt, unexplained }: Look, t: Staff['t']): string {
  if (lookedAt === null) return t('themes.none.yet');
  return unexplained < NEEDED ? t('themes.none.few', { needed: NEEDED, count: unexplained }) : t('themes.none');
}

function judgedView(
  base: string,
  book: Codebook,
  theme: Theme,
  now: string,
  names: ReadonlyMap<string, string>,
  { t, language, timeZone, role }: Staff,
) {
  const code = theme.codeId === null ? undefined : book.byId.get(theme.codeId);
  const name = nameOf(theme, t);
  const mayUndo = theme.state === 'no' || hasRole(role, 'manager');
  const who = (theme.accountId && names.get(theme.accountId)) || t('coding.someProgram');
  return {
    name,
    href: `${base}/${theme.id}`,
    what: t(`themes.state.${theme.state}`, { reason: code ? labelOf(book, code, language) : '' }),
    who: t('codebook.changedBy', { who, when: formatMoment(theme.decidedAt ?? now, language, timeZone) }),
    takeBack: mayUndo && mayTakeBack(theme.decidedAt, now) ? `${base}/${theme.id}` : '',
    label: t('themes.takeBackOf', { name }),
  };
}

/** The answers of a theme, and whether they are coded. */
export function themePage(
  { programme, book }: At,
  theme: Theme,
  { answers, next }: { answers: ReadAnswer[]; next: number | null },
  { t, language }: Staff,
): ThemePage {
  const here = themePath(programme.key, theme.id);
  const code = theme.codeId === null ? undefined : book.byId.get(theme.codeId);
  const said = (ids: string[]) =>
    ids.flatMap((id) => {
      const given = book.byId.get(id);
      return given ? [labelOf(book, given, language)] : [];
    });
  return {
    heading: nameOf(theme, t),
    back: `/codebook/${programme.key}/themes`,
    lead: code
      ? t('themes.answers.toCode', { count: theme.size, reason: labelOf(book, code, language) })
      : t('themes.answers.lead', { count: theme.size }),
    answers: answers.map(({ responseId, questionKey, codeIds, ...words }) => ({
      ...voiceOf(words),
      href: answerPath(programme.key, responseId, questionKey, { theme }),
      coded: codeIds.length > 0 ? t('themes.answers.coded', { reasons: said(codeIds).join(', ') }) : '',
    })),
    more: next === null ? '' : `${here}?${new URLSearchParams({ from: String(next) })}`,
  };
}
