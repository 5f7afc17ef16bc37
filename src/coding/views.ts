import { formatMoment } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView, type Staff } from '../web/index.ts';
import type { DrawView } from './auditing/draw-views.ts';
import type { DeskItem } from './desk.ts';
import type { CodedPlace } from './desk-store.ts';
import { answerPath, deskPath, type At, type DeskHead } from './head-views.ts';
import { itemView, type DeskItemView, type ItemFacts } from './item-views.ts';
import type { DeskRow, Typed } from './row-views.ts';

export interface DeskRowView {
  row: DeskRow;
  /** Whether the engine has suggested anything for this answer. */
  suggests: boolean;
}

export interface DeskPage extends DeskHead {
  form: FormView;
  notice: string;
  /** Where the queue goes on without a change; empty where that is this page. */
  goOn: string;
  item: DeskItemView | null;
  empty: string;
  /** Where the last coding is taken back while no answer stands here; empty where nothing is coded. */
  undo: string;
  /** Of the random audit alone: how far it is, and drawing more. */
  draw: DrawView | null;
}

export interface MinePage extends DeskHead {
  items: { href: string; text: string; language: string; when: string }[];
  more: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'coding/desk': DeskPage;
    'coding/mine': MinePage;
    'coding/row': DeskRowView;
  }
}

export interface Telling {
  notice?: string;
  goOn?: string;
  errors?: FieldErrors;
  typed?: Typed;
}

/** What stands around the answer. */
interface Around extends ItemFacts {
  head: DeskHead;
  /** Why there is none, where there is none. */
  empty: string;
  draw: DrawView | null;
}

export function deskPage(
  at: At,
  { head, empty, draw, ...facts }: Around,
  item: DeskItem | null,
  staff: Staff,
  { notice = '', goOn = '', errors, typed }: Telling = {},
): DeskPage {
  return {
    ...head,
    form: formView({}, errors && renamed(errors), staff.t),
    notice,
    goOn,
    item: item && itemView(at, item, facts, staff, typed),
    empty,
    undo: item === null && (head.meter?.coded ?? 0) > 0 ? deskPath(at.programme.key, 'open') : '',
    draw,
  };
}

/** The page has an element `main` already. */
function renamed({ main, ...rest }: FieldErrors): FieldErrors {
  return main ? { ...rest, 'no-main': main } : rest;
}

export function minePage(
  head: DeskHead,
  programmeKey: string,
  rows: CodedPlace[],
  next: string | null,
  { language, timeZone }: Staff,
): MinePage {
  return {
    ...head,
    items: rows.map((row) => ({
      // What was coded without suggestions is looked at again without them.
      href: answerPath(programmeKey, row.responseId, row.questionKey, { queue: row.drawn ? 'audit' : null }),
      text: row.verbatim,
      language: row.language,
      when: formatMoment(row.codedAt, language, timeZone),
    })),
    more: next === null ? '' : `${deskPath(programmeKey, 'mine')}&${new URLSearchParams({ after: next })}`,
  };
}
