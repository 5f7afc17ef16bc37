import { parse } from 'csv-parse/sync';
import { keyOf } from './leavers.ts';

export interface Figures {
  total: { count: number; lostMinor: number };
  rows: Map<string, { count: number; lostMinor: number }>;
}

const cents = (text: string): number => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);
const whole = (text: string): number => Number(text.replace(/\D/g, ''));

/** The CSV file's figures, by the code's key. */
export function csvFigures(text: string): Figures {
  const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  const figure = (row: Record<string, string>) => ({ count: Number(row.n), lostMinor: cents(row.lost_a_year ?? '') });
  const total = rows.find((row) => row.row === 'total');
  return {
    total: total ? figure(total) : { count: 0, lostMinor: 0 },
    rows: new Map(rows.filter((row) => row.row === 'reason').map((row) => [row.key ?? '', figure(row)])),
  };
}

/** What a person reads on the English page, in its table of reasons. */
export function leavingPageFigures(html: string): Figures {
  const table = /<table[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
  const lines = [...table.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, cells = '']) => ({
    name: plain(/<th[^>]*>([\s\S]*?)<\/th>/.exec(cells)?.[1] ?? ''),
    count: whole(plain(/<td class="num" data-l="n">([\s\S]*?)<\/td>/.exec(cells)?.[1] ?? '')),
    lostMinor: cents(plain(/<td class="num fig">([\s\S]*?)<\/td>/.exec(cells)?.[1] ?? '')),
  }));
  const figure = ({ count, lostMinor }: { count: number; lostMinor: number }) => ({ count, lostMinor });
  const total = lines.find((line) => line.name === 'All who left');
  return {
    total: total ? figure(total) : { count: 0, lostMinor: 0 },
    rows: new Map(lines.map((line) => [keyOf(line.name), figure(line)])),
  };
}

function plain(html: string): string {
  return html.replace(/<[^>]+>/g, '').trim();
}
