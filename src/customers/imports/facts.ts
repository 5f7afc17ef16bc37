import { z } from 'zod';
import { addMinutes } from '../../shared/dates.ts';
import { type ColumnChoice, type Field, type ImportKind, IMPORT_KINDS, LEGAL_BASES } from '../import/index.ts';
import type { Schema } from '../../storage/index.ts';

const message = z.object({ key: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) });
const mark = z.enum([',', '.']).nullable();

/** What whoever imports says about the whole file. `locale` is theirs: en-US alone reads the month first. */
const givenSchema = z.object({
  locale: z.string(),
  /** For new customers of whom the file does not say; '' for the company's own, and for none. */
  language: z.string(),
  country: z.string(),
  legalBasis: z.object({ basis: z.enum(LEGAL_BASES), source: z.string(), on: z.string() }).nullable(),
});

const factsSchema = z.object({
  given: givenSchema,
  /** Who started the present stage. */
  actor: z.object({ kind: z.enum(['account', 'token', 'system', 'command']), id: z.string().nullable() }),
  /** A person's word for the columns, by position, and for the decimal mark. */
  choice: z.array(z.string().nullable()),
  chosenDecimal: mark,
  table: z
    .object({
      format: z.enum(['csv', 'xlsx']),
      encoding: z.enum(['UTF-8', 'Windows-1252', 'UTF-16LE', 'UTF-16BE']),
      separator: z.enum([',', ';', '\t']).nullable(),
      header: z.array(z.string()),
    })
    .nullable(),
  /** Field to column. */
  mapping: z.record(z.string(), z.number()),
  unused: z.array(z.string()),
  missing: z.array(z.string()),
  twice: z.array(z.string()),
  decimal: mark,
  samples: z.array(z.array(z.string())),
  /** Contact persons who are no colleagues: the first few names, and in how many rows. */
  strangers: z.object({ names: z.array(z.string()), rows: z.number() }),
  /** New rows that look like customers who are here already, as the file was read. */
  alike: z.number().default(0),
  /** Rows that are taken, with something to be said about them. */
  remarked: z.number().default(0),
  /** Why it failed, and in which stage. */
  fault: message.nullable(),
  failedIn: z.enum(['reading', 'importing', 'undoing']).nullable(),
});

export type Given = z.infer<typeof givenSchema>;
export type Facts = z.infer<typeof factsSchema>;
export type Stage = 'reading' | 'importing' | 'undoing';
export type ImportState = Schema['import']['state'];

export function newFacts(given: Given, actor: Facts['actor']): Facts {
  return { ...UNREAD, given, actor, choice: [], chosenDecimal: null };
}

/** What reading the file finds out, before it has. */
export const UNREAD = {
  table: null,
  mapping: {},
  unused: [],
  missing: [],
  twice: [],
  decimal: null,
  samples: [],
  strangers: { names: [], rows: 0 },
  alike: 0,
  remarked: 0,
  fault: null,
  failedIn: null,
} satisfies Partial<Facts>;

/** A file on its way into the data, or in it. Rows are counted. */
export interface Import {
  id: string;
  kind: ImportKind;
  filename: string;
  fingerprint: string;
  state: ImportState;
  facts: Facts;
  rows: {
    total: number;
    bad: number;
    /** Before the import as foreseen, afterwards as it came. */
    new: number;
    update: number;
    same: number;
    /** How far the present stage is. */
    done: number;
    /** Those that an undo left in. */
    kept: number;
  };
  createdBy: string | null;
  createdAt: string;
  finishedAt: string | null;
  forgottenAt: string | null;
}

export function importOf(row: Schema['import']): Import {
  return {
    id: row.id,
    kind: row.kind,
    filename: row.filename,
    fingerprint: row.fingerprint,
    state: row.state,
    facts: factsSchema.parse(JSON.parse(row.facts)),
    rows: {
      total: row.rows_total,
      bad: row.rows_bad,
      new: row.rows_new,
      update: row.rows_update,
      same: row.rows_same,
      done: row.rows_done,
      kept: row.rows_kept,
    },
    createdBy: row.created_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    forgottenAt: row.forgotten_at,
  };
}

export function choiceOf({ choice }: Facts): ColumnChoice {
  return choice as (Field | null)[];
}

export function isImportKind(text: unknown): text is ImportKind {
  return (IMPORT_KINDS as readonly unknown[]).includes(text);
}

const UNDO_MINUTES = 24 * 60;

/** Until when an import can be taken back. */
export function undoableUntil({ finishedAt }: Import): string | null {
  return finishedAt === null ? null : addMinutes(finishedAt, UNDO_MINUTES);
}

/** For a day after it was finished; one that broke off at any time. */
export function isUndoable(given: Import, now: string): boolean {
  if (given.forgottenAt !== null) return false;
  if (given.state === 'failed') return given.facts.failedIn !== 'reading';
  const until = undoableUntil(given);
  return given.state === 'done' && until !== null && now < until;
}

/** Whether there are rows to import, and nothing to settle about the columns first. */
export function isReady({ rows, facts }: Import): boolean {
  return rows.new + rows.update > 0 && facts.missing.length === 0 && facts.twice.length === 0;
}
