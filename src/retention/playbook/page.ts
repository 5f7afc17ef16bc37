import { z } from 'zod';
import { PLAYBOOK_PLACES, type PlaybookPlace } from '../../web/index.ts';
import type { PageRow, VersionRow } from './playbook-store.ts';

export interface PageText {
  title: string;
  body: string;
}

/** A page with its newest version. */
export interface PlaybookPage {
  id: string;
  places: PlaybookPlace[];
  number: number;
  /** By language: the version from which on a confirmation counts. */
  asked: Record<string, number>;
  texts: Record<string, PageText>;
  retiredAt: string | null;
}

export interface Version {
  number: number;
  texts: Record<string, PageText>;
  asks: boolean;
  accountId: string | null;
  createdAt: string;
}

const placesSchema = z.array(z.enum(PLAYBOOK_PLACES).or(z.string())).catch([]);
const askedSchema = z.record(z.string(), z.int());
const textsSchema = z.record(z.string(), z.object({ title: z.string(), body: z.string() }));

export function asPage({ texts, ...row }: PageRow & { texts: string }): PlaybookPage {
  const places = placesSchema.parse(JSON.parse(row.places));
  return {
    id: row.id,
    places: PLAYBOOK_PLACES.filter((each) => places.includes(each)),
    number: row.number,
    asked: askedSchema.parse(JSON.parse(row.asked)),
    texts: textsSchema.parse(JSON.parse(texts)),
    retiredAt: row.retired_at,
  };
}

export function asVersion(row: VersionRow): Version {
  return {
    number: row.number,
    texts: textsSchema.parse(JSON.parse(row.texts)),
    asks: row.asks === 1,
    accountId: row.account_id,
    createdAt: row.created_at,
  };
}

/** The language that a page is shown in: the reader's, else the business's, else whichever there is. */
export function shownIn({ texts }: Pick<PlaybookPage, 'texts'>, ...wanted: string[]): string {
  return [...wanted, 'en'].find((language) => texts[language]) ?? Object.keys(texts)[0] ?? 'en';
}

/** Whether somebody who confirmed this version (0: none) has nothing new to read. */
export function hasRead({ asked }: Pick<PlaybookPage, 'asked'>, language: string, read: number): boolean {
  return read > 0 && read >= (asked[language] ?? 1);
}
