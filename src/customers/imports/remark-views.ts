import type { Translate } from '../../i18n/index.ts';
import { columnLetter } from '../import/index.ts';
import type { Import } from './facts.ts';
import type { RemarkedRow } from './row-store.ts';
import { columnLabel, shortened } from './web.ts';

/** Rows that are taken, with what is to be said about them in their cells. */
export interface RemarkTable {
  heading: string;
  hint: string;
  rows: { row: string; cells: { name: string; text: string; remark: string }[] }[];
  /** How many more there are; '' where there are none. */
  more: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'customers/import-remarks': RemarkTable;
  }
}

/** So many are shown. */
export const MOST_REMARKS = 50;

/** Null where there is nothing to say. */
export function remarkTable({ kind, facts, state }: Import, rows: RemarkedRow[], t: Translate): RemarkTable | null {
  if (rows.length === 0 || state === 'undone') return null;
  const header = facts.table?.header ?? [];
  const beyond = facts.remarked - rows.length;
  const what = kind === 'customers' ? 'imports.zeros' : 'imports.remarks';
  return {
    heading: t(what, { count: facts.remarked }),
    hint: t(`${what}.hint`),
    rows: rows.map(({ row, cells, remarks }) => ({
      row: t('imports.row', { row: String(row) }),
      cells: remarks.map(({ column, key, values }) => {
        const place = facts.mapping[column] ?? -1;
        const name = header[place] || (place < 0 ? columnLabel(kind, column, t) : columnLetter(place));
        return { name, text: shortened(cells[place] ?? ''), remark: t(key, values) };
      }),
    })),
    more: beyond > 0 ? t('imports.remarks.more', { count: beyond }) : '',
  };
}
