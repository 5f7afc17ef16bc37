import type { Request, Response } from 'express';
import type { Texts } from '../i18n/index.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { oneText } from '../shared/one-text.ts';
import { staffOf, type Pages } from '../web/index.ts';
import type { Definition, Question } from './definition.ts';
import type { Typed } from './editing.ts';
import type { ChoosableCode } from './text-views.ts';
import type { Questionnaires } from './interface.ts';
import type { Reader } from './views.ts';

/** What the pages of questionnaires need. */
export interface QuestionnairesWeb {
  questionnaires: Questionnaires;
  pages: Pages;
  texts: Texts;
  company(): Promise<{ name: string }>;
  colleagues(): Promise<{ id: string; name: string }[]>;
  /** The codes that reasons on a list can stand for, by programme; without it they are typed. */
  codesOf?(programmeId: string): Promise<ChoosableCode[]>;
}

export const SECTION = '/questionnaires';

export async function readerOf({ colleagues }: QuestionnairesWeb, res: Response): Promise<Reader> {
  const { t, timeZone } = staffOf(res);
  const names = new Map((await colleagues()).map(({ id, name }) => [id, name]));
  return { t, timeZone, nameOf: (id) => names.get(id ?? '') ?? t('questionnaires.nobody') };
}

export const typedIn = (req: Request): Typed => (req.body ?? {}) as Typed;

export const textIn = (typed: Typed, name: string): string => oneText(typed[name]);

export const revisionIn = (typed: Typed): number => Number(textIn(typed, 'revision')) || 0;

export function questionIn(draft: Definition, key: unknown): Question {
  const question = draft.questions.find((each) => each.key === key);
  if (!question) throw new NotFound();
  return question;
}

/** For changes that hold nothing typed: whoever comes second sees the page again and decides anew. */
export async function change(
  { questionnaires }: QuestionnairesWeb,
  id: string,
  revision: number,
  body: (draft: Definition) => Definition,
): Promise<void> {
  const edited = await questionnaires.edit(id, revision, body);
  if (!edited.saved) throw new Conflict('questionnaires.conflict');
}

/** The language asked for if there is one such, else the reader's, else the first. */
export function languageIn(req: Request, { languages }: Definition, own: string): string {
  const asked = req.query.lang;
  if (typeof asked === 'string' && languages.includes(asked)) return asked;
  return languages.includes(own) ? own : (languages[0] ?? own);
}
