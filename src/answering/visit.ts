import type { Translate } from '../i18n/index.ts';
import type { AnswerValue, Definition } from '../questionnaires/index.ts';
import type { Asked, Found } from '../responses/index.ts';

/** What these pages say about the business. */
export interface Business {
  name: string;
  /** Missing or null: the name stands at the head instead. */
  logo?: { picture: { src: string; width: number; height: number }; light: boolean } | null;
  address: string;
  telephone: string;
  email: string;
  timeZone: string;
  defaultLanguage: string;
  /** By weekday, 'mon' to 'sun'; null where nobody works. */
  workingHours: Record<string, object | null>;
  retentionMonths: number;
}

/** The colleague in whose name the invitation went out. */
export interface Sender {
  name: string;
  title: string;
  email: string;
}

export interface Reach {
  phone: boolean;
  mail: boolean;
}

/** Somebody who has followed a personal link that still leads somewhere. */
export interface Visit {
  token: string;
  /** A colleague looks at the pages; nothing is kept. */
  preview: boolean;
  /** The order of the reasons hangs on it. */
  seed: string;
  asked: Asked;
  found: Found | undefined;
  definition: Definition;
  answers: ReadonlyMap<string, AnswerValue>;
  language: string;
  t: Translate;
  offered: string[];
  /** The language in the address, carried on until an answer keeps it. */
  chosen: string | undefined;
  business: Business;
  sender: Sender | null;
  /** How many colleagues can read the answers. */
  readers: number;
  /** How they can be reached, as far as we know; asked once everything is answered. */
  reach: Reach;
  /** Answers may still be given or changed. */
  open: boolean;
}

export type ClosedBecause = 'expired' | 'revoked' | 'optedOut' | 'unknown';

/** A link that leads to no questions (any more). */
export interface Closed {
  because: ClosedBecause;
  business: Business;
  t: Translate;
}

export const isComplete = ({ found }: Visit): boolean => found?.response.state === 'complete';

/** An address among the pages of this visit. Nothing in it needs escaping: keys, language codes and '1'. */
export function addressOf({ token, chosen }: Pick<Visit, 'token' | 'chosen'>, page = '', query?: Query): string {
  let search = chosen === undefined ? '' : `?lang=${chosen}`;
  for (const name in query) search += `${search ? '&' : '?'}${name}=${query[name as keyof Query]}`;
  return `/q/${token}${page && `/${page}`}${search}`;
}

interface Query {
  changing?: '1';
  saved?: '1';
}
